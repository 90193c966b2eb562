package io.weldr.worker.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;

/**
 * One line of {@code events.jsonl}, by which the job process tells the worker how far it is. Each
 * carries when it happened, in milliseconds since the epoch. {@link Finished} or {@link Failed} is
 * the last one and is fsynced by its writer.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JobEvent.StageStarted.class, name = "stage-started"),
  @JsonSubTypes.Type(value = JobEvent.Percent.class, name = "percent"),
  @JsonSubTypes.Type(value = JobEvent.StageDone.class, name = "stage-done"),
  @JsonSubTypes.Type(value = JobEvent.Finished.class, name = "finished"),
  @JsonSubTypes.Type(value = JobEvent.Failed.class, name = "failed")
})
public sealed interface JobEvent {
  /** Name in the job's directory. */
  String FILE = "events.jsonl";

  long epochMillis();

  /**
   * A stage begins.
   *
   * @param stage short name, e.g. {@code install}
   * @param sentence what happens now, for people
   * @param percent of the whole compose
   */
  record StageStarted(long epochMillis, String stage, String sentence, int percent)
      implements JobEvent {}

  /**
   * The compose has come further within its stage.
   *
   * @param percent of the whole compose
   */
  record Percent(long epochMillis, int percent) implements JobEvent {}

  /**
   * A stage is over.
   *
   * @param millis how long the stage took
   */
  record StageDone(long epochMillis, String stage, long millis) implements JobEvent {}

  /**
   * The image is published.
   *
   * @param imageName base name in the results directory
   * @param imageSize bytes
   * @param sha256 of the image, 64 lower case hex digits
   */
  record Finished(long epochMillis, String imageName, long imageSize, String sha256)
      implements JobEvent {}

  /**
   * The compose cannot be made.
   *
   * @param stage where it failed; may be empty
   * @param message one sentence
   * @param hint what to do; may be empty
   */
  record Failed(long epochMillis, FailureCode code, String stage, String message, String hint)
      implements JobEvent {}

  /** This event as a line without its line end. */
  default String toLine() {
    return SpecJson.line(this);
  }

  /**
   * Reads one line.
   *
   * @throws IOException when the line is not an event
   */
  static JobEvent fromLine(String line) throws IOException {
    return SpecJson.read(line, JobEvent.class);
  }
}
