package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
  @TempDir Path directory;

  @Test
  void aStageTellsItsBeginningItsPercentAndItsEnd() throws Exception {
    try (JobEvents events = new JobEvents(directory);
        BuildLog log = BuildLog.open(directory, 0)) {
      new Progress(events, log)
          .during(
              Stage.INSTALL,
              "Installing 2 packages",
              report -> {
                report.progress(1, 2);
                report.progress(1, 2);
                report.progress(0, 2);
                report.progress(1, 0);
                report.progress(5, 2);
                report.warning("careful");
              });
    }

    List<JobEvent> events = events();
    JobEvent.StageStarted started = assertInstanceOf(JobEvent.StageStarted.class, events.get(0));
    assertEquals("install", started.stage());
    assertEquals("Installing 2 packages", started.sentence());
    assertEquals(12, started.percent());
    assertEquals(36, assertInstanceOf(JobEvent.Percent.class, events.get(1)).percent());
    assertEquals(60, assertInstanceOf(JobEvent.Percent.class, events.get(2)).percent());
    JobEvent.StageDone done = assertInstanceOf(JobEvent.StageDone.class, events.get(3));
    assertEquals("install", done.stage());
    assertEquals(4, events.size());
    assertTrue(Files.readString(directory.resolve("logs/combined.log")).contains("careful"));
  }

  @Test
  void aStageThatFailsIsTheLastOneAndIsNotDone() throws Exception {
    try (JobEvents events = new JobEvents(directory);
        BuildLog log = BuildLog.open(directory, 0)) {
      Progress progress = new Progress(events, log);
      assertThrows(
          BuildException.class,
          () ->
              progress.during(
                  Stage.FETCH,
                  "Fetching",
                  report -> {
                    throw new BuildException(FailureCode.BAD_SIGNATURE, "bad", "");
                  }));
      assertEquals("fetch", progress.stage());
    }
    assertEquals(1, events().size());
  }

  @Test
  void aLogThatCannotBeWrittenFailsTheStageButNotTheProgramThatTalks() throws Exception {
    try (JobEvents events = new JobEvents(directory)) {
      BuildLog log = BuildLog.open(directory, 0);
      Progress progress = new Progress(events, log);
      List<String> heard = new ArrayList<>();
      assertThrows(
          IOException.class,
          () ->
              progress.during(
                  Stage.INSTALL,
                  "Installing",
                  report -> {
                    log.close();
                    report.info("one");
                    heard.add("one");
                    report.info("two");
                    heard.add("two");
                  }));
      assertEquals(List.of("one", "two"), heard);
    }
  }

  private List<JobEvent> events() throws IOException {
    List<JobEvent> events = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve(JobEvent.FILE))) {
      events.add(JobEvent.fromLine(line));
    }
    return events;
  }
}
