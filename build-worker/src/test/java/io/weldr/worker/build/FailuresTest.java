package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobEvent;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void whatIsExplainedStaysAsItIs() {
    JobEvent.Failed failed =
        Failures.event(new BuildException(FailureCode.BAD_SIGNATURE, "sentence", "hint"), "fetch");

    assertEquals(FailureCode.BAD_SIGNATURE, failed.code());
    assertEquals("fetch", failed.stage());
    assertEquals("sentence", failed.message());
    assertEquals("hint", failed.hint());
  }

  @Test
  void aFullDiskIsFoundWhereverItShows() {
    IOException own = new IOException("No space left on device");
    assertEquals(FailureCode.NO_SPACE, Failures.event(own, "").code());

    SubprocessException program = failing("echo 'tar: a: No space left on device'; exit 2");
    assertEquals(FailureCode.NO_SPACE, Failures.event(program, "").code());

    BuildException wrapped =
        new BuildException(FailureCode.PACKAGE_SCRIPT_FAILED, "script", "", program);
    assertEquals(FailureCode.NO_SPACE, Failures.event(wrapped, "").code());
  }

  @Test
  void aProgramThatIsNotThereIsAMissingTool() {
    SubprocessException missing =
        assertThrows(SubprocessException.class, () -> Subprocess.of("/nonexistent/tool").check());
    assertEquals(FailureCode.TOOL_MISSING, Failures.event(missing, "").code());
  }

  @Test
  void aFailedProgramIsNamedWithItsLastLine() {
    JobEvent.Failed failed = Failures.event(failing("echo first; echo last; exit 3"), "image");

    assertEquals(FailureCode.INTERNAL, failed.code());
    assertEquals("the program /bin/sh ended with exit status 3: last", failed.message());
  }

  @Test
  void aFailedCommandCanBePastedFromTheLog() {
    List<String> lines =
        Failures.details(
            new BuildException(
                FailureCode.INTERNAL, "sentence", "", failing("echo 'it is'; exit 3")));

    assertEquals(
        List.of(
            "The command ended with exit status 3: /bin/sh -c 'echo '\\''it is'\\''; exit 3'",
            "  it is"),
        lines);
  }

  @Test
  void aKickstartThatCannotBeCarriedOutIsTheBlueprintsMatter() {
    JobEvent.Failed failed = Failures.event(KickstartException.unsupportedCommand("autopart"), "");
    assertEquals(FailureCode.CUSTOMIZATION_FAILED, failed.code());
    assertTrue(failed.message().contains("autopart"));
  }

  @Test
  void whatNobodyExpectedIsInternalAndStillSaysSomething() {
    JobEvent.Failed failed = Failures.event(new IllegalStateException(), "install");
    assertEquals(FailureCode.INTERNAL, failed.code());
    assertEquals("IllegalStateException", failed.message());
  }

  private static SubprocessException failing(String script) {
    return assertThrows(
        SubprocessException.class, () -> Subprocess.of("/bin/sh", "-c", script).check());
  }
}
