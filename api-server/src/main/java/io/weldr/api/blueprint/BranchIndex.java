package io.weldr.api.blueprint;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What a branch holds, in memory: each file with its content and its history, so that reading costs
 * the same however long the history is. Git is the truth; the index is made from it and follows it.
 * Any thread may read; only the writer changes it.
 */
final class BranchIndex {
  private static final String SUFFIX = ".toml";

  private final ConcurrentSkipListMap<String, StoredBlueprint> files =
      new ConcurrentSkipListMap<>();
  private volatile Head head;
  private volatile long comparedAt = System.nanoTime();

  /** The newest commit and its tree. */
  record Head(ObjectId commit, RootTree tree) {}

  private BranchIndex(Head head) {
    this.head = head;
  }

  /** Reads the whole history of a branch. */
  static BranchIndex read(GitStore git, ObjectId commit) throws IOException {
    BranchIndex index = new BranchIndex(new Head(commit, git.tree(commit)));
    HistoryWalk.changes(git.repository(), commit, Optional.empty(), index::remember);
    index.takeContents();
    return index;
  }

  /**
   * Takes histories that were kept, and reads only what came after.
   *
   * @param kept up to an ancestor of the commit, or the commit itself
   */
  static BranchIndex resume(GitStore git, IndexFile.Histories kept, ObjectId commit)
      throws IOException {
    BranchIndex index = new BranchIndex(new Head(kept.head(), git.tree(kept.head())));
    kept.files()
        .forEach(
            (file, history) ->
                index.files.put(
                    file,
                    new StoredBlueprint(Optional.empty(), Optional.empty(), Optional.of(history))));
    index.follow(git, commit);
    return index;
  }

  /** What {@link #resume} takes; only for the writer thread. */
  IndexFile.Histories histories() {
    Map<String, FileHistory> histories = new LinkedHashMap<>();
    files.forEach((file, stored) -> stored.history().ifPresent(h -> histories.put(file, h)));
    return new IndexFile.Histories(head.commit(), histories);
  }

  /** The index of a branch that begins where another one is now. */
  static BranchIndex startingAt(BranchIndex other) {
    BranchIndex index = new BranchIndex(other.head);
    index.files.putAll(other.files);
    return index;
  }

  /** Follows commits that somebody else made on top of the known head. */
  void follow(GitStore git, ObjectId commit) throws IOException {
    RootTree tree = git.tree(commit);
    HistoryWalk.changes(git.repository(), commit, Optional.of(head.commit()), this::remember);
    head = new Head(commit, tree);
    takeContents();
  }

  Head head() {
    return head;
  }

  /** When the head was last seen to be git's, as {@link System#nanoTime()}. */
  long comparedAt() {
    return comparedAt;
  }

  void compared() {
    comparedAt = System.nanoTime();
  }

  /** The names of the blueprints in the head, in byte-wise order of the file names. */
  List<String> names() {
    return files.entrySet().stream()
        .filter(file -> file.getValue().content().isPresent())
        .map(file -> file.getKey().substring(0, file.getKey().length() - SUFFIX.length()))
        .toList();
  }

  Optional<StoredBlueprint> find(BlueprintName name) {
    return Optional.ofNullable(files.get(name.fileName()));
  }

  /** Keeps a parsed blueprint, unless the file has changed meanwhile. */
  void keep(BlueprintName name, StoredBlueprint stored, Blueprint parsed) {
    files.replace(name.fileName(), stored, stored.parsedAs(parsed));
  }

  /** Takes over what the writer has committed. */
  void advance(Map<String, StoredBlueprint> changed, Head newHead) {
    files.putAll(changed);
    head = newHead;
    compared();
  }

  private void remember(String file, FileHistory.Entry entry) {
    if (isBlueprint(file)) {
      files.merge(
          file,
          new StoredBlueprint(
              Optional.empty(),
              Optional.empty(),
              Optional.of(FileHistory.with(entry, Optional.empty()))),
          (old, fresh) ->
              new StoredBlueprint(
                  old.content(),
                  old.blueprint(),
                  Optional.of(FileHistory.with(entry, old.history()))));
    }
  }

  /** Makes the contents those of the head's tree; what was parsed stays where nothing changed. */
  private void takeContents() {
    ConcurrentSkipListMap<String, ObjectId> contents = new ConcurrentSkipListMap<>();
    head.tree().forEachFile(contents::put);
    contents.keySet().removeIf(file -> !isBlueprint(file));
    contents.forEach(
        (file, content) ->
            files.merge(
                file,
                new StoredBlueprint(Optional.of(content), Optional.empty(), Optional.empty()),
                (old, fresh) ->
                    old.content().equals(fresh.content())
                        ? old
                        : new StoredBlueprint(fresh.content(), Optional.empty(), old.history())));
    files.replaceAll(
        (file, stored) ->
            contents.containsKey(file)
                ? stored
                : new StoredBlueprint(Optional.empty(), Optional.empty(), stored.history()));
  }

  /** Files whose name no request could address are left alone. */
  private static boolean isBlueprint(String file) {
    if (!file.endsWith(SUFFIX)) {
      return false;
    }
    try {
      BlueprintName.of(file.substring(0, file.length() - SUFFIX.length()));
      return true;
    } catch (InvalidNameException e) {
      return false;
    }
  }
}
