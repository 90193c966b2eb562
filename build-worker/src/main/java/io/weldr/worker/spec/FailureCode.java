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
  /** A compose in test mode 1, which always ends so. */
  TEST_FAILED,
  /** The files of the compose cannot be read any more. */
  DAMAGED,
  INTERNAL
}
