package io.weldr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.weldr.worker.image.OutputType;
import io.weldr.worker.job.TestJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

class BuilderArgumentsTest {
  @TempDir Path directory;

  @Test
  void theArgumentsOfTheTarTypeAreTomlWithTheHostsRelease() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("os-release"),
            """
            # comment
            PRETTY_NAME="Example \\"9\\" Linux"
            NAME='Example'
            ID=example
            ID_LIKE="debian other"
            VERSION_ID=9
            broken line
            """);
    HostRelease release = HostRelease.read(file);
    assertEquals(List.of("example", "debian", "other"), release.families());
    OutputType tar = OutputType.load(Path.of("../share"), "tar");
    TomlParseResult toml =
        Toml.parse(
            BuilderArguments.toml(TestJobs.job("finish"), tar, release, Path.of("/results/x")));
    assertFalse(toml.hasErrors(), toml.errors().toString());
    assertEquals(true, toml.getBoolean("make_tar"));
    assertEquals(false, toml.getBoolean("make_iso"));
    assertEquals("root.tar.xz", toml.getString("image_name"));
    assertEquals("Example", toml.getString("project"));
    assertEquals("9", toml.getString("releasever"));
    assertEquals("/results/x/logs/", toml.getString("logfile"));
    assertNull(toml.get("fs_label"));
  }

  @Test
  void aHostWithoutReleaseFileHasEmptyValues() throws IOException {
    HostRelease release = HostRelease.read(directory.resolve("nothing"));
    assertEquals("", release.value("NAME"));
    assertEquals(List.of(), release.families());
  }
}
