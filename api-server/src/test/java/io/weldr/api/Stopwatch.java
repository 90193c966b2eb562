package io.weldr.api;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/** Measures steps of a benchmark, one after the other, and prints a line about each. */
public final class Stopwatch {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private Stopwatch() {}

  /** What is measured. */
  @FunctionalInterface
  public interface Step {
    /**
     * Does it once.
     *
     * @param round from 0
     */
    void run(int round) throws Exception;
  }

  /**
   * Takes the step so many times, and prints what it took, also of the processor: by all threads of
   * this process, so of client and server and of what goes on in the background, per step.
   */
  public static void measure(String what, int rounds, Step step) throws Exception {
    double[] millis = new double[rounds];
    long processorTime = PROCESS.getProcessCpuTime();
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      step.run(i);
      millis[i] = millisSince(start);
    }
    double processorMillis = (PROCESS.getProcessCpuTime() - processorTime) / 1e6 / rounds;
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%-40s best %8.3f ms   p50 %8.3f ms   p99 %8.3f ms   processor %8.3f ms%n",
        what,
        millis[0],
        millis[rounds / 2],
        millis[rounds * 99 / 100],
        processorMillis);
  }

  /** Prints a number measured otherwise. */
  public static void print(String what, double millis) {
    System.out.printf(Locale.ROOT, "%-40s %13.2f ms%n", what, millis);
  }

  /**
   * Milliseconds that have passed.
   *
   * @param start of {@link System#nanoTime}
   */
  public static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }
}
