package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Images composed from Debian's archive through both programs, for machines that tests start. */
final class ImageFactory implements AutoCloseable {
  private static final Duration LONGEST_COMPOSE = Duration.ofMinutes(25);

  private final Path work = Installation.privateDirectory("weldr-composer-boot-");
  private final RunningComposer composer;

  ImageFactory(String... workerSettings) {
    composer = RunningComposer.start(workerSettings);
    Command.must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key());
  }

  /**
   * An image of a compose that finished.
   *
   * @param frozen name, version and architecture of every package, with blanks between
   */
  record Image(Path file, Set<String> frozen) {}

  /** Composes the blueprint of {@link BootedSystem}. */
  Image compose(String type) {
    String blueprint = BootedSystem.blueprint("bootable", publicKey());
    Curl.Answer pushed = composer.curl().postToml("/api/v1/blueprints/new", blueprint);
    assertEquals(200, pushed.status(), pushed.body());
    String id = composer.curl().compose("bootable", type, "");
    JsonNode entry = composer.awaitEnd(id, LONGEST_COMPOSE);
    assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + composer.log(id));
    Path file = composer.results(id).resolve(imageName(type));
    return new Image(file, frozen(id));
  }

  /** The private key of the blueprint's user. */
  Path key() {
    return work.resolve("key");
  }

  String publicKey() {
    try {
      return Files.readString(work.resolve("key.pub"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For files of machines. */
  Path work() {
    return work;
  }

  private String imageName(String type) {
    String prefix = "image_name = ";
    try (var lines =
        Files.lines(composer.installation().share().resolve("composer").resolve(type + ".toml"))) {
      return lines
          .filter(line -> line.startsWith(prefix))
          .map(line -> line.substring(prefix.length()).replace("\"", ""))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> frozen(String id) {
    JsonNode packages =
        composer.curl().get("/api/v1/compose/info/" + id).json().at("/deps/packages");
    return StreamSupport.stream(packages.spliterator(), false)
        .map(ImageFactory::debianVersion)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String debianVersion(JsonNode dependency) {
    long epoch = dependency.get("epoch").asLong();
    String release = dependency.get("release").asText();
    return "%s %s%s%s %s"
        .formatted(
            dependency.get("name").asText(),
            epoch == 0 ? "" : epoch + ":",
            dependency.get("version").asText(),
            release.isEmpty() ? "" : "-" + release,
            dependency.get("arch").asText());
  }

  @Override
  public void close() {
    composer.close();
    Command.run("rm", "-rf", "--", work);
  }
}
