package io.weldr.worker.build;

import io.weldr.worker.host.Failpoint;
import io.weldr.worker.host.WorkArea;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SpecJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The job process: builds one compose and ends. Started by the worker as the first process of its
 * own pid, mount and ipc namespaces, with the compose's directory as its only argument; tells the
 * worker how it goes through {@code events.jsonl} there.
 *
 * <p>Security: reads nothing but files the worker wrote. Takes no input, opens no socket, and
 * everything it runs, runs in a sandbox.
 */
public final class JobMain {
  private final Path directory;

  private JobMain(Path directory) {
    this.directory = directory;
  }

  /**
   * Exit status 0 when the compose was finished, 1 when it failed, 2 when even that is not told.
   */
  public static void main(String[] arguments) {
    // Numbers are written the same way whatever the language of the system, also into the image.
    Locale.setDefault(Locale.ROOT);
    if (arguments.length != 1) {
      System.err.println("usage: JobMain DIRECTORY");
      System.exit(2);
    }
    System.exit(new JobMain(Path.of(arguments[0])).run());
  }

  private int run() {
    try (JobEvents events = new JobEvents(directory)) {
      Failpoint.JOB_BEGUN.hit();
      JobEvent outcome = outcome(events);
      events.append(outcome);
      return outcome instanceof JobEvent.Finished ? 0 : 1;
    } catch (IOException e) {
      System.err.println("the job cannot tell how it ended: " + e.getMessage());
      return 2;
    }
  }

  private JobEvent outcome(JobEvents events) {
    try {
      JobSettings settings = read(JobSettings.FILE, JobSettings.class);
      JobSpec job = read(JobSpec.FILE, JobSpec.class);
      try (BuildLog log = BuildLog.open(settings.resultsDir(), settings.groupGid())) {
        return logged(job, settings, new Progress(events, log), log);
      }
    } catch (IOException e) {
      return Failures.event(e, "");
    }
  }

  private static JobEvent logged(JobSpec job, JobSettings settings, Progress progress, BuildLog log)
      throws IOException {
    log.info("Starting new compose: " + settings.resultsDir());
    try {
      WorkArea.remove(settings.workDir());
      ReadOnlyHost.apply(List.of(settings.libDir(), settings.cacheDir()));
      JobEvent.Finished finished = new Compose(job, settings).run(progress);
      log.info(
          "Finished building %s, results are in %s"
              .formatted(finished.imageName(), settings.resultsDir()));
      return finished;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(e, settings, progress, log);
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      return failed(e, settings, progress, log);
    }
  }

  private static JobEvent failed(
      Throwable failure, JobSettings settings, Progress progress, BuildLog log) {
    JobEvent.Failed event = Failures.event(failure, progress.stage());
    try {
      // First, so that there is room for the log and the last event when the disk is full.
      WorkArea.remove(settings.workDir());
      for (String line : Failures.details(failure)) {
        log.error(line);
      }
      log.error("%s: %s".formatted(event.code(), event.message()));
    } catch (IOException e) {
      System.err.println("the failure cannot be logged: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return event;
  }

  private <T> T read(String name, Class<T> type) throws IOException {
    return SpecJson.read(Files.readAllBytes(directory.resolve(name)), type);
  }
}
