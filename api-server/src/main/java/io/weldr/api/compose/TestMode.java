package io.weldr.api.compose;

/** The {@code test} argument of a compose request: pretend instead of building. */
public enum TestMode {
  NONE,
  /** Queued and run as usual, then ends FAILED without building. */
  FAIL,
  /** Queued and run as usual, then ends FINISHED with an image of the bytes {@code TEST IMAGE}. */
  FINISH;

  /** 0 builds for real, 1 fakes a failed build, any other number a finished one. */
  public static TestMode of(int number) {
    return switch (number) {
      case 0 -> NONE;
      case 1 -> FAIL;
      default -> FINISH;
    };
  }
}
