package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Outputs of rpm 4.18. */
class RpmFailureTest {
  private static Optional<String> sentence(String output) {
    RpmFailure failure = new RpmFailure();
    output.lines().forEach(failure::line);
    return failure.sentence();
  }

  @Test
  void aScriptAfterTheInstallationIsNamedThoughRpmGoesOn() {
    assertEquals(
        Optional.of(
            "the script %post of the package bad-1-1.noarch failed, exit status 3; before that the"
                + " output was: cannot reach the licence server"),
        sentence(
            """
            Preparing packages...
            bad-1-1.noarch
            cannot reach the licence server
            warning: %post(bad-1-1.noarch) scriptlet failed, exit status 3
            good-1-1.noarch
            """));
  }

  @Test
  void aScriptBeforeTheInstallationIsNamed() {
    assertEquals(
        Optional.of(
            "the script %prein of the package bad-1-1.noarch failed, exit status 1; before that the"
                + " output was: Preparing packages..."),
        sentence(
            """
            Preparing packages...
            error: %prein(bad-1-1.noarch) scriptlet failed, exit status 1
            error: bad-1-1.noarch: install failed
            """));
  }

  @Test
  void aFileThatCannotBeWrittenIsNamedWithItsPackage() {
    assertEquals(
        Optional.of(
            "the package big-1-1.noarch cannot be installed: /usr/share/big;65: cpio: write failed"
                + " - No space left on device"),
        sentence(
            """
            error: unpacking of archive failed on file /usr/share/big;65: cpio: write failed - No space left on device
            error: big-1-1.noarch: install failed
            """));
  }

  @Test
  void packagesThatDoNotFitTogetherAreNamed() {
    assertEquals(
        Optional.of("the packages do not fit together: nothing is needed by a-1-1.noarch"),
        sentence("error: Failed dependencies:\n\tnothing is needed by a-1-1.noarch\n"));
    assertEquals(
        Optional.of(
            "the packages do not fit together: file /x from install of a-1-1.noarch conflicts with"
                + " file from package b-1-1.noarch"),
        sentence(
            "\tfile /x from install of a-1-1.noarch conflicts with file from package"
                + " b-1-1.noarch\n"));
  }

  @Test
  void whatIsAllRightHasNoSentence() {
    assertEquals(Optional.empty(), sentence("Preparing packages...\ngood-1-1.noarch\n"));
  }
}
