package io.weldr.worker.build;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** Runs stages one after the other and tells the worker and the log how far they are. */
final class Progress {
  private final JobEvents events;
  private final BuildLog log;
  private String stage = "";

  Progress(JobEvents events, BuildLog log) {
    this.events = events;
    this.log = log;
  }

  /**
   * Runs one stage.
   *
   * @param sentence what happens now, for people
   */
  void during(Stage next, String sentence, Stage.Work work)
      throws BuildException, IOException, InterruptedException {
    stage = next.title();
    log.info(sentence);
    events.append(
        new JobEvent.StageStarted(System.currentTimeMillis(), stage, sentence, next.from()));
    long start = System.nanoTime();
    try {
      work.run(new Report(next));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    events.append(new JobEvent.StageDone(System.currentTimeMillis(), stage, millis));
    log.info("%s: done in %d.%03d s".formatted(stage, millis / 1000, millis % 1000));
  }

  /** Name of the stage that runs or ran last; empty before the first. */
  String stage() {
    return stage;
  }

  /** Lines come from the threads that read a program's output. */
  private final class Report implements StageReport {
    private final Stage running;
    private int percent;

    Report(Stage running) {
      this.running = running;
      this.percent = running.from();
    }

    @Override
    public void info(String line) {
      try {
        log.info(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void warning(String line) {
      try {
        log.warning(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public synchronized void progress(long done, long total) {
      int now = running.at(done, total);
      if (now <= percent) {
        return;
      }
      percent = now;
      try {
        events.append(new JobEvent.Percent(System.currentTimeMillis(), percent));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
