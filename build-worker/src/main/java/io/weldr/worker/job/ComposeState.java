package io.weldr.worker.job;

import java.util.Set;

/** Where a compose is in its life. FINISHED and FAILED are for good. */
public enum ComposeState {
  WAITING,
  RUNNING,
  FINISHED,
  FAILED;

  /** The states that may come next. */
  public Set<ComposeState> next() {
    return switch (this) {
      case WAITING -> Set.of(RUNNING, FAILED);
      case RUNNING -> Set.of(FINISHED, FAILED);
      case FINISHED, FAILED -> Set.of();
    };
  }

  /** Whether nothing comes after this state. */
  public boolean ended() {
    return next().isEmpty();
  }

  /** Content of the results directory's file STATUS. */
  String statusFile() {
    return this == WAITING ? "WAITING" : name() + "\n";
  }
}
