package io.weldr.api.compose;

/**
 * How far a running compose is.
 *
 * @param stage name of the stage that runs
 * @param percent of the whole compose, 0 to 100
 */
public record Progress(String stage, int percent) {}
