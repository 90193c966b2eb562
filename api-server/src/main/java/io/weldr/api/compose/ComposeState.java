package io.weldr.api.compose;

/** Where a compose is in its life; the names are the ones clients see as {@code queue_status}. */
public enum ComposeState {
  WAITING,
  RUNNING,
  FINISHED,
  FAILED;

  /** Whether the compose is over: its results may be read and it may be deleted. */
  public boolean ended() {
    return this == FINISHED || this == FAILED;
  }
}
