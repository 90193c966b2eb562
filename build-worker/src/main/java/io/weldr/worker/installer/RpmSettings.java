package io.weldr.worker.installer;

import io.weldr.worker.spec.Target;
import java.io.IOException;
import java.nio.file.Path;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * What differs between RPM distributions when packages are installed: the tables {@code [release]}
 * and {@code [rpm]} of {@code share/distros/NAME.toml}.
 *
 * @param releasever what {@code $releasever} stands for in addresses of sources
 * @param database where rpm of the tree looks for its database, an absolute path
 */
record RpmSettings(String releasever, String database) {
  /** Of the installed data. */
  static RpmSettings load(Path shareDir, Target target) throws IOException {
    Path file = target.file(shareDir);
    TomlParseResult toml = Toml.parse(file);
    if (toml.hasErrors()) {
      throw new IOException(file + ": " + toml.errors().getFirst());
    }
    String database = toml.getString("rpm.database", () -> "");
    if (!database.matches("(/[A-Za-z0-9_-]+)+")) {
      throw new IOException(file + ": rpm.database must be an absolute path");
    }
    String version = target.version();
    String releasever =
        toml.getString("release.releasever", () -> "{version}")
            .replace("{version}", version)
            .replace("{major}", version.split("\\.", 2)[0]);
    return new RpmSettings(releasever, database);
  }
}
