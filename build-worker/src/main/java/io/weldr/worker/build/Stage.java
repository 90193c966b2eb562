package io.weldr.worker.build;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;

/** The stages of a compose, with their share of the whole in percent. */
enum Stage {
  FETCH("fetch", 0, 12),
  INSTALL("install", 12, 60),
  CONFIGURE("configure", 60, 65),
  IMAGE("image", 65, 90),
  CONVERT("convert", 90, 98),
  PUBLISH("publish", 98, 100),
  TEST("test", 0, 100);

  private final String title;
  private final int from;
  private final int to;

  Stage(String title, int from, int to) {
    this.title = title;
    this.from = from;
    this.to = to;
  }

  /** Name in events and times. */
  String title() {
    return title;
  }

  /** Percent of the whole compose before the stage begins. */
  int from() {
    return from;
  }

  /** Percent of the whole compose when this much of the stage is done. */
  int at(long done, long total) {
    if (total <= 0) {
      return from;
    }
    return from + (int) ((to - from) * Math.clamp(done, 0, total) / total);
  }

  /** What a stage does. */
  @FunctionalInterface
  interface Work {
    void run(StageReport report) throws BuildException, IOException, InterruptedException;
  }
}
