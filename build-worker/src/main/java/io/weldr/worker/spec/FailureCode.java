package io.weldr.worker.spec;

/** Why a compose is FAILED. The name travels as a string to the clients. */
public enum FailureCode {
  /** A client asked for the end. */
  CANCELLED,
  /** The job process died twice without saying why. */
  INTERRUPTED,
  NO_SPACE,
  SOURCE_UNREACHABLE,
  PACKAGE_MISSING,
  BAD_SIGNATURE,
  BAD_CHECKSUM,
  PACKAGE_SCRIPT_FAILED,
  CUSTOMIZATION_FAILED,
  TOOL_MISSING,
  /** The job ran longer than the configured limit. */
  TIMEOUT,
  /** The job showed no progress for longer than the configured limit. */
  NO_PROGRESS,
  /** The job needed more memory than it may use. */
  OUT_OF_MEMORY,
  /** The job wanted more processes than it may have. */
  TOO_MANY_PROCESSES,
  /** A compose in test mode 1, which always ends so. */
  TEST_FAILED,
  /** The files of the compose cannot be read any more. */
  DAMAGED,
  INTERNAL
}
