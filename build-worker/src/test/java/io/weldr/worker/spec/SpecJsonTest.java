package io.weldr.worker.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecJsonTest {
  @Test
  void aFullJobComesBackEqual() throws IOException {
    JobSpec spec = fullSpec();
    assertEquals(spec, SpecJson.read(SpecJson.bytes(spec), JobSpec.class));
  }

  @Test
  void aBareJobComesBackEqual() throws IOException {
    JobSpec full = fullSpec();
    JobSpec bare =
        new JobSpec(
            full.composeId(),
            "tar",
            full.blueprint(),
            full.packages(),
            List.of(new SourceSpec.Host("debian")),
            Customizations.NONE,
            TestMode.FINISH,
            0,
            0,
            0);
    assertEquals(bare, SpecJson.read(SpecJson.bytes(bare), JobSpec.class));
  }

  @Test
  void settingsComeBackEqual() throws IOException {
    JobSettings settings =
        new JobSettings(
            Path.of("/lib"),
            Path.of("/lib/results/x y"),
            Path.of("/lib/jobs/x/work"),
            Path.of("/share"),
            new Target("fedora", "42"),
            Optional.of(new AnacondaProgram(Path.of("/usr/sbin/anaconda"), "Fedora", "42", 60)),
            new GitAccess(List.of(Path.of("/srv/git")), Optional.of(Path.of("/etc/ssh"))),
            Path.of("/cache"),
            OptionalInt.of(3),
            OptionalLong.of(1_700_000_000),
            5,
            123);
    assertEquals(settings, SpecJson.read(SpecJson.bytes(settings), JobSettings.class));
  }

  @Test
  void everyEventComesBackEqualFromOneLine() throws IOException {
    List<JobEvent> events =
        List.of(
            new JobEvent.StageStarted(1, "install", "Installing\n3 packages", 40),
            new JobEvent.Percent(2, 50),
            new JobEvent.StageDone(3, "install", 1234),
            new JobEvent.Finished(4, "root.tar.xz", 5_000_000_000L, "ab".repeat(32)),
            new JobEvent.Failed(5, FailureCode.NO_SPACE, "install", "disk full", ""));
    for (JobEvent event : events) {
      assertFalse(event.toLine().contains("\n"), event.toLine());
      assertEquals(event, JobEvent.fromLine(event.toLine()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "{\"event\":\"percent\"}",
        "{\"event\":\"percent\",\"epochMillis\":1,\"percent\":null}",
        "{\"event\":\"percent\",\"epochMillis\":1,\"percent\":2,\"more\":3}",
        "{\"event\":\"percent\",\"epochMillis\":1,\"percent\":2}{",
        "{\"event\":\"other\",\"epochMillis\":1}",
        "{\"event\":\"percent\",\"epochMillis\":1,\"perc"
      })
  void aDamagedLineIsAnError(String line) {
    assertThrows(IOException.class, () -> JobEvent.fromLine(line));
  }

  @Test
  void fullVersionLeavesOutWhatIsNotThere() {
    assertEquals("2:1.0-1", packageOf(2, "1.0", "1").fullVersion());
    assertEquals("1.0", packageOf(0, "1.0", "").fullVersion());
  }

  private static PackageSpec packageOf(long epoch, String version, String release) {
    return new PackageSpec("a", epoch, version, release, "all", "s", "00".repeat(32), 1);
  }

  private static JobSpec fullSpec() {
    var user =
        new Customizations.User(
            "admin",
            Optional.of("The \"admin\""),
            Optional.of("$6$salt$hash"),
            Optional.of("ssh-ed25519 AAAA"),
            Optional.of("/home/admin"),
            Optional.of("/bin/sh"),
            List.of("wheel"),
            OptionalLong.of(4_000_000_000L),
            OptionalLong.empty());
    var customizations =
        new Customizations(
            Optional.of("host"),
            Optional.of("quiet"),
            List.of(new Customizations.SshKey("root", "ssh-ed25519 AAAA")),
            List.of(user),
            List.of(new Customizations.Group("wheel", OptionalLong.of(10))),
            Optional.of(new Customizations.Timezone(Optional.of("UTC"), List.of("ntp.example"))),
            Optional.of(new Customizations.Locale(List.of("de_DE.UTF-8"), Optional.of("de"))),
            Optional.of(new Customizations.Firewall(List.of("22:tcp"), List.of("ftp"), List.of())),
            Optional.of(new Customizations.Services(List.of("sshd"), List.of("cups"))));
    var apt =
        new SourceSpec.Apt(
            "mine",
            "https://example.org/debian",
            List.of("stable"),
            List.of("main"),
            true,
            true,
            Optional.of("http://proxy:3128"),
            List.of("KEY"));
    var rpm =
        new SourceSpec.Rpm(
            "fedora",
            new SourceSpec.RpmAddress(
                SourceSpec.RpmAddress.Kind.METALINK, "https://example.org/?repo=$releasever"),
            true,
            false,
            true,
            Optional.empty(),
            List.of("KEY"));
    return new JobSpec(
        UUID.fromString("5a0cc4bc-6a6e-4bf0-9f0b-0b1a1f4f2a3c"),
        "tar",
        new BlueprintDocument("b", "0.0.1", "a".repeat(40), "name = \"b\"\n", "frozen"),
        List.of(packageOf(1, "1.0", "2")),
        List.of(new SourceSpec.Host("debian"), apt, rpm),
        customizations,
        TestMode.NONE,
        1L << 40,
        0,
        0);
  }
}
