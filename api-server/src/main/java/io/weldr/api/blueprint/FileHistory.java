package io.weldr.api.blueprint;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The commits of a branch that changed one file, newest first. Immutable: adding a commit makes a
 * new history that shares the old one.
 */
final class FileHistory {
  private final Entry newest;
  private final Optional<FileHistory> older;
  private final int size;

  private FileHistory(Entry newest, Optional<FileHistory> older) {
    this.newest = newest;
    this.older = older;
    this.size = older.map(FileHistory::size).orElse(0) + 1;
  }

  /** One commit and what it made of the file. */
  record Entry(ObjectId commit, ObjectId content, Instant time, String message) {}

  static FileHistory with(Entry entry, Optional<FileHistory> older) {
    return new FileHistory(entry, older);
  }

  Entry newest() {
    return newest;
  }

  int size() {
    return size;
  }

  /** At most {@code limit} entries after the newest {@code offset}. */
  List<Entry> page(long offset, long limit) {
    List<Entry> entries = new ArrayList<>();
    Optional<FileHistory> rest = Optional.of(this);
    for (int i = 0; rest.isPresent() && entries.size() < limit; i++) {
      if (i >= offset) {
        entries.add(rest.get().newest);
      }
      rest = rest.get().older;
    }
    return entries;
  }
}
