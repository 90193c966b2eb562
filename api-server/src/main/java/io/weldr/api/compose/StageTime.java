package io.weldr.api.compose;

import java.time.Duration;

/** A stage that is done and how long it took. */
public record StageTime(String stage, Duration duration) {}
