package io.weldr.worker;

import io.weldr.worker.host.StopRequest;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SpecJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A fake job process: speaks to the worker as the real one does, and behaves as the name of its
 * blueprint says.
 */
public final class FakeJob {
  private final Path directory;
  private final JobSettings settings;

  private FakeJob(Path directory) throws IOException {
    this.directory = directory;
    this.settings =
        SpecJson.read(Files.readAllBytes(directory.resolve(JobSettings.FILE)), JobSettings.class);
  }

  /** The command that runs it; the job's directory is to be added. */
  public static List<String> command() {
    return List.of(
        System.getProperty("java.home") + "/bin/java",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-Xmx64m",
        "-cp",
        System.getProperty("java.class.path"),
        FakeJob.class.getName());
  }

  /** Runs in the directory of a job. */
  public static void main(String... arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    JobSpec spec =
        SpecJson.read(Files.readAllBytes(directory.resolve(JobSpec.FILE)), JobSpec.class);
    FakeJob job = new FakeJob(directory);
    Files.createDirectories(job.settings.workDir());
    Files.writeString(job.settings.workDir().resolve("scratch"), "scratch");
    job.act(spec.blueprint().name());
  }

  private void act(String name) throws Exception {
    say(new JobEvent.StageStarted(now(), "install", "Installing", 10));
    switch (name) {
      case "finish" -> finish();
      case "slow" -> {
        Thread.sleep(settings.testComposeSeconds() * 1000L);
        finish();
      }
      case "fail" ->
          say(new JobEvent.Failed(now(), FailureCode.TEST_FAILED, "install", "as asked", ""));
      case "die" -> throw new IllegalStateException("dies as asked");
      case "die-once" -> {
        if (!Files.exists(directory.resolve("events-1.jsonl"))) {
          throw new IllegalStateException("dies once as asked");
        }
        finish();
      }
      case "linger" -> linger();
      case "stop" -> stop();
      case "never-stop" -> {
        new StopRequest(directory).listen();
        linger();
      }
      case "lie" -> say(new JobEvent.Finished(now(), "../../../etc/passwd", 1, "00".repeat(32)));
      default -> throw new IllegalArgumentException(name);
    }
  }

  private void finish() throws IOException {
    say(new JobEvent.Percent(now(), 55));
    say(new JobEvent.StageDone(now(), "install", 7));
    Files.writeString(settings.resultsDir().resolve("half-made.tmp"), "to be removed");
    Files.writeString(settings.resultsDir().resolve("logs/combined.log"), "a log\n");
    Files.writeString(settings.resultsDir().resolve("root.tar.xz"), "TEST IMAGE");
    say(new JobEvent.Finished(now(), "root.tar.xz", 10, "ab".repeat(32)));
  }

  /** Ends by itself when it is asked to, and leaves a log behind. */
  private void stop() throws Exception {
    StopRequest request = new StopRequest(directory);
    request.listen();
    say(new JobEvent.StageStarted(now(), "listening", "Listening", 20));
    while (!request.isAsked()) {
      Thread.sleep(20);
    }
    Files.writeString(settings.resultsDir().resolve("logs/last.log"), "a last word\n");
    say(new JobEvent.Failed(now(), FailureCode.INTERNAL, "listening", "not to be told", ""));
  }

  /** Leaves what a build may have: children in sessions of their own, and a mount. */
  private void linger() throws Exception {
    Path mount = Files.createDirectory(settings.workDir().resolve("mount"));
    run("/bin/mount", "-t", "tmpfs", "none", mount.toString());
    new ProcessBuilder("/usr/bin/setsid", "--fork", "/bin/sleep", "1000").inheritIO().start();
    new ProcessBuilder("/bin/sleep", "1000").inheritIO().start();
    say(new JobEvent.StageStarted(now(), "lingering", "Lingering", 20));
    Thread.sleep(Long.MAX_VALUE);
  }

  private static void run(String... argv) throws Exception {
    if (new ProcessBuilder(argv).inheritIO().start().waitFor() != 0) {
      throw new IOException(String.join(" ", argv) + " failed");
    }
  }

  private void say(JobEvent event) throws IOException {
    Files.writeString(
        directory.resolve(JobEvent.FILE),
        event.toLine() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
