package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.build.Jobs;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.TestMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Job processes that need no archive. */
class FailedComposeTest {
  @Test
  void aSourceThatDoesNotAnswerIsNamed() throws Exception {
    SourceSpec nobody =
        new SourceSpec.Apt(
            "debian",
            "http://127.0.0.1:" + closedPort() + "/debian",
            List.of("bookworm"),
            List.of("main"),
            true,
            true,
            Optional.empty(),
            List.of());

    RealCompose compose = compose("unreachable", List.of(nobody), TestMode.NONE);
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, compose.run());

    assertEquals(FailureCode.SOURCE_UNREACHABLE, failed.code(), failed.toString());
    assertEquals("fetch", failed.stage());
    assertFalse(failed.message().isBlank());
    assertFalse(failed.hint().isBlank());
    assertTrue(compose.log().contains("ERROR: SOURCE_UNREACHABLE: " + failed.message()));
    assertFalse(Files.exists(compose.tree().getParent()), "the work area is left");
  }

  @Test
  void testModeOneFails() throws Exception {
    RealCompose compose = compose("fails", hostSource(), TestMode.FAIL);
    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, compose.run());

    assertEquals(FailureCode.TEST_FAILED, failed.code());
    assertFalse(Files.exists(compose.result("root.tar.xz")));
  }

  @Test
  void testModeTwoMakesTheTestImage() throws Exception {
    RealCompose compose = compose("finishes", hostSource(), TestMode.FINISH);
    JobEvent.Finished finished = assertInstanceOf(JobEvent.Finished.class, compose.run());

    assertEquals(10, finished.imageSize());
    assertEquals("TEST IMAGE", Files.readString(compose.result("root.tar.xz")));
  }

  @Test
  void aSecondAttemptBeginsWithAnEmptyWorkArea() throws Exception {
    RealCompose compose = compose("again", hostSource(), TestMode.FINISH);
    Files.createDirectories(compose.tree().resolve("left/over"));

    assertInstanceOf(JobEvent.Finished.class, compose.run());
    assertInstanceOf(JobEvent.Finished.class, compose.run());

    assertFalse(Files.exists(compose.tree()));
  }

  @Test
  void aKickstartThatIsDamagedFailsTheCompose() throws Exception {
    RealCompose compose = compose("damaged", hostSource(), TestMode.NONE);
    Files.writeString(
        compose.result("final-kickstart.ks"), "autopart\n%packages\n%end\nrootpw --lock\n");

    JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, compose.run());

    assertTrue(failed.message().contains("\"autopart\""), failed.message());
  }

  private static RealCompose compose(String name, List<SourceSpec> sources, TestMode mode)
      throws Exception {
    return RealCompose.prepared(name, sources, Jobs.packages(), Customizations.NONE, mode, "area");
  }

  private static List<SourceSpec> hostSource() {
    return List.of(new SourceSpec.Host("debian"));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
