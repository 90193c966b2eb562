package io.weldr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.spec.AnacondaProgram;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstallerChoiceTest {
  private static final HostRelease FEDORA =
      new HostRelease(Map.of("ID", "fedora", "NAME", "Fedora", "VERSION_ID", "33"));
  private static final HostRelease DEBIAN =
      new HostRelease(Map.of("ID", "debian", "NAME", "Debian", "VERSION_ID", "12"));

  /** Any program stands for an installed Anaconda: nothing is run. */
  private static final String INSTALLED = "anaconda = \"/bin/true\"\n";

  @Test
  void anacondaInstallsOnItsOwnKindOfHost() throws Exception {
    assertEquals(
        Optional.of(new AnacondaProgram(Path.of("/bin/true"), "Fedora", "33", 60)),
        choice(INSTALLED, FEDORA));
    assertEquals(
        Optional.of(new AnacondaProgram(Path.of("/bin/true"), "Fedora", "33", 60)),
        choice(INSTALLED + "installer = \"anaconda\"", FEDORA));
    assertEquals(Optional.empty(), choice(INSTALLED + "installer = \"direct\"", FEDORA));
  }

  @Test
  void theDirectInstallerDoesTheRest() throws Exception {
    assertEquals(Optional.empty(), choice(INSTALLED, DEBIAN));
    assertEquals(Optional.empty(), choice("anaconda = \"/none/anaconda\"", FEDORA));
    assertEquals(Optional.empty(), choice(INSTALLED + "distro = \"fedora-33\"", FEDORA));
  }

  @Test
  void anAdministratorWhoWantsAnacondaIsToldWhyNot() {
    assertTrue(
        refusal("installer = \"anaconda\"\nanaconda = \"/none/anaconda\"", FEDORA)
            .startsWith("/none/anaconda is not there"));
    assertEquals(
        "Anaconda installs no Debian packages; use installer = \"direct\"",
        refusal(INSTALLED + "installer = \"anaconda\"", DEBIAN));
  }

  private static String refusal(String settings, HostRelease release) {
    return assertThrows(ConfigurationException.class, () -> choice(settings, release)).getMessage();
  }

  private static Optional<AnacondaProgram> choice(String settings, HostRelease release)
      throws Exception {
    String share = "share_dir = \"" + Path.of("../share").toAbsolutePath().normalize() + "\"\n";
    WorkerConfiguration configuration = WorkerConfiguration.parse("f", share + settings);
    return InstallerChoice.anaconda(
        configuration, release, release.target(configuration.shareDir()));
  }
}
