package io.weldr.worker.job;

import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SpecJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * How long a worker reads its composes at start: {@code StartupBenchmark generate|measure DIRECTORY
 * [COUNT]}. To be measured in a process of its own, which has nothing compiled yet.
 */
public final class StartupBenchmark {
  private StartupBenchmark() {}

  /** See the class. */
  public static void main(String... arguments) throws Exception {
    StateLayout layout = TestJobs.layout(Path.of(arguments[1]));
    if (arguments[0].equals("generate")) {
      int count = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10_000;
      for (int i = 1; i <= count; i++) {
        generate(layout, i);
      }
      return;
    }
    long start = System.nanoTime();
    try (Composes composes = TestJobs.open(layout.lib(), 1)) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      System.out.printf("%d composes in %d ms%n", composes.queue().list().size(), took.toMillis());
    }
  }

  /** A finished compose of 150 packages, as far as a start looks at it. */
  private static void generate(StateLayout layout, long sequence) throws IOException {
    UUID id = UUID.randomUUID();
    JobSpec job = TestJobs.job(id, "server");
    long created = 1_700_000_000_000L + sequence * 60_000;
    ComposeRecord record =
        ComposeRecord.waiting(job, sequence, "ab".repeat(32), created, Claim.NONE)
            .begun(created + 5_000, "", 1)
            .stageDone(new ComposeRecord.StageTime("fetch", 3000))
            .stageDone(new ComposeRecord.StageTime("install", 15_000))
            .stageDone(new ComposeRecord.StageTime("image", 9000))
            .finished(created + 50_000, new ComposeRecord.Image("root.tar.xz", 10, "cd".repeat(32)))
            .cleaned();
    Files.createDirectories(layout.job(id));
    Files.createDirectories(layout.result(id));
    Files.write(layout.job(id).resolve(JobSpec.FILE), SpecJson.bytes(job));
    Files.write(layout.job(id).resolve(ComposeRecord.FILE), SpecJson.bytes(record));
    Files.writeString(layout.result(id).resolve("root.tar.xz"), "TEST IMAGE");
    Recipes.Documents documents = new Recipes.Documents("t\n", "k\n", "c\n", "root.tar.xz", 0);
    for (var file : ResultDocuments.of(job, documents, record).entrySet()) {
      Files.write(layout.result(id).resolve(file.getKey()), file.getValue());
    }
  }
}
