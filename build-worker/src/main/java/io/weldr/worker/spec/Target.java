package io.weldr.worker.spec;

import java.nio.file.Path;

/**
 * What images are made for.
 *
 * @param distribution name of the file in {@code share/distros}, without {@code .toml}
 * @param version VERSION_ID of its release, {@code 42} or {@code 9.4}; may be empty
 */
public record Target(String distribution, String version) {

  /** The distribution's file. */
  public Path file(Path shareDir) {
    return shareDir.resolve("distros").resolve(distribution + ".toml");
  }
}
