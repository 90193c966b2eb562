package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Images of a distribution composed through both programs, for machines that tests start. */
final class ImageFactory implements AutoCloseable {
  private static final Duration LONGEST_COMPOSE = Duration.ofMinutes(25);

  private final Path work = Installation.privateDirectory("weldr-composer-boot-");
  private final BootedDistribution distribution;
  private final Optional<RpmDistribution> repository;
  private final Path share;
  private final RunningComposer composer;

  ImageFactory(BootedDistribution distribution, String... workerSettings) {
    this.distribution = distribution;
    this.repository =
        distribution == BootedDistribution.FEDORA
            ? Optional.of(RpmDistribution.start())
            : Optional.empty();
    this.share = DiskVariants.share();
    this.composer = started(workerSettings);
    Command.must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key());
  }

  private RunningComposer started(String... workerSettings) {
    try {
      return repository
          .map(rpm -> RunningComposer.ofDistribution("fedora-42", rpm.source(), workerSettings))
          .orElseGet(() -> RunningComposer.ofHost(workerSettings))
          .withShare(share)
          .started();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * An image of a compose that finished.
   *
   * @param frozen name, version and architecture of every package, with blanks between
   */
  record Image(Path file, Set<String> frozen) {}

  /** Composes the blueprint of {@link BootedSystem} with its firewall. */
  Image compose(String type) {
    return compose(type, blueprint() + BootedSystem.FIREWALL);
  }

  /** That of {@link BootedSystem}, without a firewall. */
  String blueprint() {
    return BootedSystem.blueprint(distribution, "bootable", publicKey());
  }

  /** Composes a blueprint whose name is {@code bootable}. */
  Image compose(String type, String blueprint) {
    Curl.Answer pushed = composer.curl().postToml("/api/v1/blueprints/new", blueprint);
    assertEquals(200, pushed.status(), pushed.body());
    String id = composer.curl().compose("bootable", type, "");
    JsonNode entry = composer.awaitEnd(id, LONGEST_COMPOSE);
    assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + composer.log(id));
    Path file = composer.results(id).resolve(imageName(type));
    return new Image(file, frozen(id));
  }

  /** A machine started from an image of this factory. */
  BootedSystem system(VirtualMachine machine) {
    return new BootedSystem(distribution, machine, key());
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
    try (var lines = Files.lines(share.resolve("composer").resolve(type + ".toml"))) {
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
        .map(ImageFactory::version)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String version(JsonNode dependency) {
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
    repository.ifPresent(RpmDistribution::close);
    Command.run("rm", "-rf", "--", work, share);
  }
}
