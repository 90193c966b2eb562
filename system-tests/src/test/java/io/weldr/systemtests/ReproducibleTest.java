package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same blueprint is composed twice with one source_date_epoch: the images are the same. */
@Tag("slow")
class ReproducibleTest {
  private static final String[] SETTINGS = {"slots = 1", "source_date_epoch = 1700000000"};

  /** Of {@link BootedSystem#PASSWORD}: a salt that is made anew makes another image. */
  private static final String HASH =
      "$6$abcdefgh$Zl2OoB4weckuxmDMjwUszvu.xzcEqFg6dZj1/rOlaifxrTFMsGkJbPBc2RqVqVvEKUdrzAQzIdNBfOv8uWqXN1";

  private static final String RPM_TREE =
      """
      name = "bootable"
      description = ""
      distro = "fedora-42"
      [[packages]]
      name = "openssh-server"
      [[packages]]
      name = "kernel"
      [[customizations.user]]
      name = "op"
      password = "%s"
      groups = ["wheel"]
      """
          .formatted(HASH);

  @Test
  void theSamePackagesGiveTheSameImage() throws IOException {
    try (TinyRepository repository =
        new TinyRepository(Installation.privateDirectory("weldr-composer-tiny-"))) {
      repository.carryPrograms();
      assertReproducible(repository.source());
    }
  }

  @Test
  @Tag("matrix")
  void aDiskOfDebianIsTheSameAgain() throws IOException {
    assertSame(BootedDistribution.DEBIAN, "partitioned-disk");
  }

  @Test
  @Tag("matrix")
  void aLiveSystemOfDebianIsTheSameAgain() throws IOException {
    assertSame(BootedDistribution.DEBIAN, "live-iso");
  }

  @Test
  @Tag("matrix")
  void aTarOfRpmPackagesIsTheSameAgain() throws IOException {
    try (ImageFactory factory = new ImageFactory(BootedDistribution.FEDORA, SETTINGS)) {
      assertSame(factory, "tar", RPM_TREE);
      BootReport.same(BootedDistribution.FEDORA.title, "tar");
    }
  }

  @Test
  @Tag("matrix")
  void aDiskOfRpmPackagesIsTheSameAgain() throws IOException {
    assertSame(BootedDistribution.FEDORA, "partitioned-disk");
  }

  private static void assertSame(BootedDistribution distribution, String type) throws IOException {
    try (ImageFactory factory = new ImageFactory(distribution, SETTINGS)) {
      String blueprint = factory.blueprint() + BootedSystem.FIREWALL;
      assertSame(factory, type, blueprint.replace(BootedSystem.PASSWORD, HASH));
      BootReport.same(distribution.title, type);
    }
  }

  private static void assertSame(ImageFactory factory, String type, String blueprint) {
    assertEquals(
        checksum(factory.compose(type, blueprint).file()),
        checksum(factory.compose(type, blueprint).file()));
  }

  private static void assertReproducible(String source) {
    try (RunningComposer composer = RunningComposer.withOnlySource(source, SETTINGS)) {
      String blueprint = "name = \"again\"\ndescription = \"\"\n[[packages]]\nname = \"tiny\"\n";
      assertEquals(200, composer.curl().postToml("/api/v1/blueprints/new", blueprint).status());
      assertSame(composer, "tar", "root.tar.xz");
      assertSame(composer, "ext4-filesystem", "filesystem.img");
    }
  }

  private static void assertSame(RunningComposer composer, String type, String image) {
    assertEquals(checksum(composer, type, image), checksum(composer, type, image), type);
  }

  private static String checksum(RunningComposer composer, String type, String image) {
    String id = composer.curl().compose("again", type, "");
    String status = composer.awaitEnd(id, Duration.ofMinutes(5)).path("queue_status").asText();
    assertEquals("FINISHED", status, () -> composer.log(id));
    return checksum(composer.results(id).resolve(image));
  }

  private static String checksum(Path image) {
    return Command.must("sha256sum", image).split(" ")[0];
  }
}
