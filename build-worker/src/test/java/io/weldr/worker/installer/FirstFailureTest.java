package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstFailureTest {
  @Test
  void theFirstPackageIsNamedWithWhatItsScriptSaidLast() {
    assertEquals(
        Optional.of(
            "the package nginx cannot be installed: installed nginx package post-installation"
                + " script subprocess returned error exit status 1; before that it said: port taken"),
        sentence(
            "Setting up nginx (1.22) ...",
            "port taken",
            "dpkg: error processing package nginx (--configure):",
            " installed nginx package post-installation script subprocess returned error exit"
                + " status 1",
            "dpkg: error processing package http (--configure):",
            " dependency problems - leaving unconfigured"));
  }

  @Test
  void anArchiveIsNamedByItsPackage() {
    assertEquals(
        Optional.of("the package bash cannot be installed: new bash package pre-installation"),
        sentence(
            "Preparing to unpack .../bash_5.2_amd64.deb ...",
            "dpkg: error processing archive /run/packages/bash_5.2_amd64.deb (--unpack):",
            " new bash package pre-installation"));
  }

  @Test
  void withoutAFailureNothingIsSaid() {
    assertEquals(Optional.empty(), sentence("Setting up nginx (1.22) ...", "Done"));
  }

  private static Optional<String> sentence(String... lines) {
    FirstFailure failure = new FirstFailure();
    List.of(lines).forEach(failure::line);
    return failure.sentence();
  }
}
