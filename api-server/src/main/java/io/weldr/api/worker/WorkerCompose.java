package io.weldr.api.worker;

import io.weldr.proto.worker.v1.Compose;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One compose as the worker reports it.
 *
 * @param imageSize bytes; 0 until FINISHED
 */
public record WorkerCompose(
    UUID id,
    String blueprint,
    String version,
    String outputType,
    State state,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> finished,
    String imageName,
    long imageSize,
    Optional<Progress> progress,
    Optional<Failure> failure,
    List<StageTime> stages) {

  /** The worker's states. */
  public enum State {
    WAITING,
    RUNNING,
    FINISHED,
    FAILED
  }

  /** The stage that runs and the percentage of the whole compose. */
  public record Progress(String stage, int percent) {}

  /** A finished stage. */
  public record StageTime(String stage, Duration duration) {}

  /** Why a compose failed. */
  public record Failure(String code, String stage, String message, String hint) {}

  public WorkerCompose {
    stages = List.copyOf(stages);
  }

  /**
   * @throws IllegalArgumentException when the message has no valid id or state
   */
  static WorkerCompose of(Compose message) {
    return new WorkerCompose(
        UUID.fromString(message.getComposeId()),
        message.getBlueprintName(),
        message.getBlueprintVersion(),
        message.getOutputType(),
        state(message),
        Instant.ofEpochMilli(message.getCreatedMs()),
        time(message.getStartedMs()),
        time(message.getFinishedMs()),
        message.getImageName(),
        message.getImageSize(),
        progress(message),
        failure(message),
        stages(message));
  }

  private static List<StageTime> stages(Compose message) {
    List<StageTime> stages = new ArrayList<>(message.getStagesCount());
    for (var stage : message.getStagesList()) {
      stages.add(new StageTime(stage.getStage(), Duration.ofMillis(stage.getMilliseconds())));
    }
    return stages;
  }

  private static State state(Compose message) {
    return switch (message.getState()) {
      case STATE_WAITING -> State.WAITING;
      case STATE_RUNNING -> State.RUNNING;
      case STATE_FINISHED -> State.FINISHED;
      case STATE_FAILED -> State.FAILED;
      case STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("unknown state " + message.getStateValue());
    };
  }

  private static Optional<Instant> time(long milliseconds) {
    return milliseconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(milliseconds));
  }

  private static Optional<Progress> progress(Compose message) {
    if (!message.hasProgress()) {
      return Optional.empty();
    }
    var progress = message.getProgress();
    return Optional.of(
        new Progress(progress.getStage(), Math.clamp(progress.getPercent(), 0, 100)));
  }

  private static Optional<Failure> failure(Compose message) {
    if (!message.hasFailure()) {
      return Optional.empty();
    }
    var failure = message.getFailure();
    return Optional.of(
        new Failure(
            failure.getCode(), failure.getStage(), failure.getMessage(), failure.getHint()));
  }
}
