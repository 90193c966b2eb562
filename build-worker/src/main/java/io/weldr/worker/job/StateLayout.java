package io.weldr.worker.job;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Where things are below the state directory. Hidden names in {@code jobs} and {@code results} are
 * composes on their way in ({@code .staged-UUID}) or out ({@code .deleted-UUID}).
 *
 * <p>Security: the only place that turns an id into a path, and it takes a parsed UUID.
 *
 * @param lib state directory
 * @param gid group that may read results
 */
public record StateLayout(Path lib, int gid) {
  static final String STAGED = ".staged-";
  static final String DELETED = ".deleted-";
  static final String WORK = "work";

  public Path jobs() {
    return lib.resolve("jobs");
  }

  public Path results() {
    return lib.resolve("results");
  }

  public Path job(UUID id) {
    return jobs().resolve(id.toString());
  }

  public Path result(UUID id) {
    return results().resolve(id.toString());
  }

  Path work(UUID id) {
    return job(id).resolve(WORK);
  }

  /** The id an entry of jobs or results belongs to; empty for any other name. */
  static Optional<UUID> idOf(String name, String prefix) {
    if (!name.startsWith(prefix) || name.length() != prefix.length() + 36) {
      return Optional.empty();
    }
    String text = name.substring(prefix.length());
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
