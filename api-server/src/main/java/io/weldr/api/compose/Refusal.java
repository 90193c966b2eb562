package io.weldr.api.compose;

/**
 * One reason why a compose is not started.
 *
 * @param id error id of the API: {@code UnknownBlueprint}, {@code BadComposeType}, {@code
 *     BuildFailed} or {@code ComposeError}
 * @param message for the user
 */
public record Refusal(String id, String message) {}
