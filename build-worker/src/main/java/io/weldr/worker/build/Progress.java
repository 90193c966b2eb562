package io.weldr.worker.build;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.util.Optional;
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
    Report report = new Report(next);
    work.run(report);
    report.check();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    events.append(new JobEvent.StageDone(System.currentTimeMillis(), stage, millis));
    log.info("%s: done in %d.%03d s".formatted(stage, millis / 1000, millis % 1000));
  }

  /** Name of the stage that runs or ran last; empty before the first. */
  String stage() {
    return stage;
  }

  /**
   * Lines come from the threads that read a program's output. These must go on reading, or the
   * program would wait for ever; so trouble with the disk is kept until the stage ends.
   */
  private final class Report implements StageReport {
    private final Stage running;
    private int percent;
    private Optional<IOException> trouble = Optional.empty();

    Report(Stage running) {
      this.running = running;
      this.percent = running.from();
    }

    @Override
    public void info(String line) {
      attempt(() -> log.info(line));
    }

    @Override
    public void warning(String line) {
      attempt(() -> log.warning(line));
    }

    @Override
    public synchronized void progress(long done, long total) {
      int now = running.at(done, total);
      if (now > percent) {
        percent = now;
        attempt(() -> events.append(new JobEvent.Percent(System.currentTimeMillis(), now)));
      }
    }

    synchronized void check() throws IOException {
      if (trouble.isPresent()) {
        throw trouble.get();
      }
    }

    private synchronized void attempt(Write write) {
      try {
        write.run();
      } catch (IOException e) {
        trouble = trouble.or(() -> Optional.of(e));
      }
    }
  }

  @FunctionalInterface
  private interface Write {
    void run() throws IOException;
  }
}
