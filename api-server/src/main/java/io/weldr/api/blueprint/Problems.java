package io.weldr.api.blueprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects what is wrong in a document, so that all of it can be reported at once. */
final class Problems {
  private final List<Problem> found = new ArrayList<>();
  private final Supplier<Map<String, Position>> document;
  private Optional<Map<String, Position>> positions = Optional.empty();

  /**
   * An empty collection.
   *
   * @param positions of the document; asked for with the first problem, because most have none
   */
  Problems(Supplier<Map<String, Position>> positions) {
    this.document = positions;
  }

  /**
   * Adds a problem; its position is that of the path or, for a missing key, of what should have it.
   */
  void add(String path, String message) {
    found.add(new Problem(path, message, position(path)));
  }

  /** Runs a check and puts a heading before the problems it finds, if it finds any. */
  void under(String path, String heading, Runnable check) {
    int before = found.size();
    check.run();
    if (found.size() > before) {
      found.add(before, new Problem(path, heading, Optional.empty()));
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Problem> all() {
    return List.copyOf(found);
  }

  private Optional<Position> position(String path) {
    if (positions.isEmpty()) {
      positions = Optional.of(document.get());
    }
    Map<String, Position> known = positions.get();
    return Optional.ofNullable(known.get(path))
        .or(() -> Optional.ofNullable(known.get(path.replaceFirst("\\.[^.]*$", ""))));
  }
}
