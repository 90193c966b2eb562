package io.weldr.worker.spec;

/** What a compose does instead of building, for tests of clients. */
public enum TestMode {
  NONE,
  /** Ends FAILED with {@link FailureCode#TEST_FAILED}. */
  FAIL,
  /** Ends FINISHED with an image of the ten bytes {@code TEST IMAGE}. */
  FINISH
}
