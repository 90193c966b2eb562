package io.weldr.api.compose;

/** The {@code test} argument of a compose request: pretend instead of building. */
public enum TestMode {
  NONE,
  /** Queued and run as usual, then ends FAILED without building. */
  FAIL,
  /** Queued and run as usual, then ends FINISHED with an image of the bytes {@code TEST IMAGE}. */
  FINISH;

  /** 1 fakes a failed build, any greater number a finished one; others build for real. */
  public static TestMode of(int number) {
    if (number <= 0) {
      return NONE;
    }
    return number == 1 ? FAIL : FINISH;
  }
}
