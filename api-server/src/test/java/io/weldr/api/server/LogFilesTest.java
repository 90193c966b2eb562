package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weldr.api.http.RequestLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files themselves; what stands in them is seen in {@link StartTest}. */
class LogFilesTest {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger REQUESTS = Logger.getLogger(RequestLog.LOGGER);

  @TempDir Path directory;
  private final List<Handler> rootHandlers = List.of(ROOT.getHandlers());
  private final List<Handler> requestHandlers = List.of(REQUESTS.getHandlers());

  @AfterEach
  void restore() {
    Thread.interrupted();
    closeAdded(ROOT, rootHandlers);
    closeAdded(REQUESTS, requestHandlers);
  }

  private static void closeAdded(Logger logger, List<Handler> before) {
    Arrays.stream(logger.getHandlers())
        .filter(handler -> !before.contains(handler))
        .forEach(
            handler -> {
              logger.removeHandler(handler);
              handler.close();
            });
  }

  @Test
  void anInterruptedThreadDoesNotEndTheLog() throws Exception {
    LogFiles.open(directory.resolve("composer.log"));
    Thread.currentThread().interrupt();
    REQUESTS.info("one");
    Thread.interrupted();
    REQUESTS.info("two");
    assertEquals("one\ntwo\n", Files.readString(directory.resolve("server.log")));
  }

  @Test
  void aLogThatIsALinkIsRefused() throws Exception {
    Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
    Path log = Files.createSymbolicLink(directory.resolve("composer.log"), elsewhere);
    assertThrows(StartupException.class, () -> LogFiles.open(log));
  }
}
