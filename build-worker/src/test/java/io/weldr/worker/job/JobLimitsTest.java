package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.CgroupLimits;
import io.weldr.worker.host.CgroupLimits.Resource;
import io.weldr.worker.host.ResourceControl;
import io.weldr.worker.spec.FailureCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLimitsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path lib;

  @Test
  void aJobThatShowsNoProgressFails() throws Exception {
    try (Composes composes = TestJobs.open(lib, limits(LONG, Duration.ofSeconds(2)))) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("linger")).id();
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);
      ComposeRecord.Failure failure = record.failure().orElseThrow();
      assertEquals(FailureCode.NO_PROGRESS, failure.code());
      assertTrue(failure.hint().contains("job_hang_minutes"), failure.hint());
    }
  }

  @Test
  void silenceEndsWhenAFileGrows() throws Exception {
    Path log = lib.resolve("log");
    SignsOfLife signs = new SignsOfLife(List.of(lib.resolve("absent"), log));
    signs.silence();
    Thread.sleep(500);
    Duration silence = signs.silence();
    assertTrue(silence.toMillis() >= 500, silence.toString());
    Files.writeString(log, "a line");
    assertTrue(signs.silence().compareTo(silence) < 0);
  }

  @Test
  void aLimitThatWasMetIsToldWithItsSetting() throws Exception {
    assertEquals(
        FailureCode.OUT_OF_MEMORY,
        JobFailures.exceeded(Resource.MEMORY, "install", limits(LONG, LONG)).code());
    ComposeRecord.Failure failure =
        JobFailures.exceeded(Resource.PIDS, "install", limits(LONG, LONG));
    assertEquals(FailureCode.TOO_MANY_PROCESSES, failure.code());
    assertEquals("install", failure.stage());
    assertEquals(
        "the build wanted more than the 50 processes and threads it may have", failure.message());
    assertTrue(failure.hint().contains("job_processes"), failure.hint());
    assertEquals(
        "the build needed more than the 1024 MiB of memory it may use",
        JobFailures.exceeded(Resource.MEMORY, "", limits(LONG, LONG)).message());
  }

  private static JobLimits limits(Duration timeout, Duration hang) {
    return new JobLimits(new CgroupLimits(1 << 30, 50, 100), ResourceControl.NONE, timeout, hang);
  }
}
