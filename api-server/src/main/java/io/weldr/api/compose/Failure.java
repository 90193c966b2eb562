package io.weldr.api.compose;

/**
 * Why a compose failed.
 *
 * @param code upper case name such as {@code NO_SPACE}
 * @param stage the stage that failed; empty when none had begun
 * @param message one sentence
 * @param hint what to do about it; may be empty
 */
public record Failure(String code, String stage, String message, String hint) {}
