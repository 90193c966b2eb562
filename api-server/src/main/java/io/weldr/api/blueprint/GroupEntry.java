package io.weldr.api.blueprint;

/** A group of packages, by its id. */
public record GroupEntry(String name) {}
