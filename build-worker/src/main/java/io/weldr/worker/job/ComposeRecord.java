package io.weldr.worker.job;

import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The whole present state of one compose. Stored as {@code state.json} in the job's directory;
 * progress and stages are told again by the job's events after a restart.
 *
 * @param sequence order of acceptance
 * @param specSha256 of the job as it was received, 64 lower case hex digits
 * @param createdMs milliseconds since the epoch, as the other times
 * @param attempt how many job processes were started, the present one included
 * @param cgroup of the job process, from before its start until it is cleaned up
 * @param claim what it may use of the host
 */
public record ComposeRecord(
    UUID id,
    long sequence,
    String specSha256,
    String blueprintName,
    String blueprintVersion,
    String outputType,
    ComposeState state,
    long createdMs,
    OptionalLong startedMs,
    OptionalLong finishedMs,
    int attempt,
    Optional<String> cgroup,
    Optional<Image> image,
    Optional<Progress> progress,
    Optional<Failure> failure,
    List<StageTime> stages,
    Claim claim) {

  /** Name in the job's directory. */
  static final String FILE = "state.json";

  /** Bytes that the file may have. */
  static final int LARGEST = 1 << 20;

  public ComposeRecord {
    stages = List.copyOf(stages);
  }

  /**
   * The published image.
   *
   * @param name base name in the results directory
   * @param size bytes
   * @param sha256 64 lower case hex digits
   */
  public record Image(String name, long size, String sha256) {}

  /**
   * How far a running compose is.
   *
   * @param percent of the whole compose
   */
  public record Progress(String stage, int percent) {}

  /**
   * Why it failed.
   *
   * @param stage may be empty
   * @param message one sentence
   * @param hint what to do; may be empty
   */
  public record Failure(FailureCode code, String stage, String message, String hint) {}

  public record StageTime(String stage, long millis) {}

  /** A job that was just accepted. */
  static ComposeRecord waiting(
      JobSpec job, long sequence, String specSha256, long createdMs, Claim claim) {
    return new ComposeRecord(
        job.composeId(),
        sequence,
        specSha256,
        job.blueprint().name(),
        job.blueprint().version(),
        job.outputType(),
        ComposeState.WAITING,
        createdMs,
        OptionalLong.empty(),
        OptionalLong.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        claim);
  }

  /** Of a compose of which nothing is known but that it was there at some time. */
  static ComposeRecord unknown(UUID id, long timeMs) {
    return new ComposeRecord(
        id,
        0,
        "",
        "unknown",
        "0.0.0",
        "unknown",
        ComposeState.FAILED,
        timeMs,
        OptionalLong.empty(),
        OptionalLong.of(timeMs),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Claim.NONE);
  }

  /** A job process is about to be started in the cgroup; the first time this is RUNNING. */
  ComposeRecord begun(long now, String cgroupPath, int newAttempt) {
    if (state != ComposeState.RUNNING) {
      requireNext(ComposeState.RUNNING);
    }
    return new Change(this)
        .state(ComposeState.RUNNING)
        .startedMs(startedMs.isPresent() ? startedMs : OptionalLong.of(Math.max(now, createdMs)))
        .attempt(newAttempt)
        .cgroup(Optional.of(cgroupPath))
        .progress(Optional.of(new Progress("", 0)))
        .stages(List.of())
        .done();
  }

  ComposeRecord finished(long now, Image published) {
    requireNext(ComposeState.FINISHED);
    return new Change(this)
        .state(ComposeState.FINISHED)
        .finishedMs(OptionalLong.of(notBefore(now)))
        .image(Optional.of(published))
        .progress(Optional.empty())
        .done();
  }

  ComposeRecord failed(long now, Failure reason) {
    requireNext(ComposeState.FAILED);
    return new Change(this)
        .state(ComposeState.FAILED)
        .finishedMs(OptionalLong.of(notBefore(now)))
        .failure(Optional.of(reason))
        .progress(Optional.empty())
        .done();
  }

  /** Whatever it was, because its files are not there or cannot be read. Not stored. */
  ComposeRecord damaged(Failure reason) {
    return damaged(reason, Optional.empty());
  }

  /**
   * Its files are damaged.
   *
   * @param whole the image, when that is as it was
   */
  ComposeRecord damaged(Failure reason, Optional<Image> whole) {
    return new Change(this)
        .state(ComposeState.FAILED)
        .cgroup(Optional.empty())
        .image(whole)
        .failure(Optional.of(reason))
        .progress(Optional.empty())
        .done();
  }

  boolean isDamaged() {
    return failure.filter(reason -> reason.code() == FailureCode.DAMAGED).isPresent();
  }

  /** The clock of a host may be set back; no compose ends before it begins. */
  private long notBefore(long now) {
    return Math.max(now, startedMs.orElse(createdMs));
  }

  ComposeRecord at(Progress reached) {
    return new Change(this).progress(Optional.of(reached)).done();
  }

  ComposeRecord stageDone(StageTime stage) {
    List<StageTime> longer = new ArrayList<>(stages);
    longer.add(stage);
    return new Change(this).stages(longer).done();
  }

  /** Nothing of the job process is left. */
  ComposeRecord cleaned() {
    return new Change(this).cgroup(Optional.empty()).done();
  }

  private void requireNext(ComposeState next) {
    if (!state.next().contains(next)) {
      throw new IllegalStateException(id + " is " + state + " and cannot become " + next);
    }
  }

  /** A copy in the making. */
  private static final class Change {
    private final ComposeRecord from;
    private ComposeState state;
    private OptionalLong startedMs;
    private OptionalLong finishedMs;
    private int attempt;
    private Optional<String> cgroup;
    private Optional<Image> image;
    private Optional<Progress> progress;
    private Optional<Failure> failure;
    private List<StageTime> stages;

    Change(ComposeRecord from) {
      this.from = from;
      state = from.state;
      startedMs = from.startedMs;
      finishedMs = from.finishedMs;
      attempt = from.attempt;
      cgroup = from.cgroup;
      image = from.image;
      progress = from.progress;
      failure = from.failure;
      stages = from.stages;
    }

    Change state(ComposeState value) {
      state = value;
      return this;
    }

    Change startedMs(OptionalLong value) {
      startedMs = value;
      return this;
    }

    Change finishedMs(OptionalLong value) {
      finishedMs = value;
      return this;
    }

    Change attempt(int value) {
      attempt = value;
      return this;
    }

    Change cgroup(Optional<String> value) {
      cgroup = value;
      return this;
    }

    Change image(Optional<Image> value) {
      image = value;
      return this;
    }

    Change progress(Optional<Progress> value) {
      progress = value;
      return this;
    }

    Change failure(Optional<Failure> value) {
      failure = value;
      return this;
    }

    Change stages(List<StageTime> value) {
      stages = value;
      return this;
    }

    ComposeRecord done() {
      return new ComposeRecord(
          from.id,
          from.sequence,
          from.specSha256,
          from.blueprintName,
          from.blueprintVersion,
          from.outputType,
          state,
          from.createdMs,
          startedMs,
          finishedMs,
          attempt,
          cgroup,
          image,
          progress,
          failure,
          stages,
          from.claim);
    }
  }
}
