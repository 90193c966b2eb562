package io.weldr.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * An agent in a daemon under test that tells what its live objects take. A file {@code ask} in its
 * directory is answered by a file {@code said}: bytes of the heap after a full collection. It
 * stands alone: the daemon has no other class of the tests.
 */
public final class HeapAgent {
  private static final Duration PERIOD = Duration.ofMillis(100);

  private HeapAgent() {}

  /** Called by the virtual machine before the daemon's own main method. */
  public static void premain(String directory, Instrumentation unused) {
    Thread.ofPlatform().daemon().name("heap-probe").start(() -> answer(Path.of(directory)));
  }

  private static void answer(Path directory) {
    try {
      while (true) {
        if (Files.deleteIfExists(directory.resolve("ask"))) {
          System.gc();
          long bytes = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
          Path beside = Files.writeString(directory.resolve("saying"), Long.toString(bytes));
          Files.move(beside, directory.resolve("said"), StandardCopyOption.ATOMIC_MOVE);
        }
        Thread.sleep(PERIOD);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
