package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import io.weldr.api.store.Failpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;

/** The branches and tags of a repository, moved plainly; {@link #sync} makes that durable. */
final class RefFiles {
  private static final String PACKED_REFS = "packed-refs";

  private final Repository repository;
  private final Path directory;

  RefFiles(Repository repository) {
    this.repository = repository;
    this.directory = repository.getDirectory().toPath();
  }

  /** The object a ref points at. */
  Optional<ObjectId> find(String ref) throws IOException {
    return Optional.ofNullable(repository.exactRef(ref)).map(Ref::getObjectId);
  }

  /**
   * Moves a ref.
   *
   * @return false when it does not point where it should, or another git holds its lock
   */
  boolean move(RefChange change) throws IOException {
    RefUpdate update = repository.updateRef(change.ref());
    update.setExpectedOldObjectId(change.from().orElse(ObjectId.zeroId()));
    update.setNewObjectId(change.to());
    update.disableRefLog();
    Failpoint.BEFORE_REFERENCE.hit();
    RefUpdate.Result result = update.forceUpdate();
    Failpoint.REFERENCE_MOVED.hit();
    return switch (result) {
      case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> true;
      case LOCK_FAILURE -> false;
      default -> throw new IOException("git refused to update " + change.ref() + ": " + result);
    };
  }

  /** Makes refs durable that were moved. */
  void sync(Collection<String> refs) throws IOException {
    Set<Path> directories = new LinkedHashSet<>();
    for (String ref : refs) {
      Path file = directory.resolve(ref);
      if (!DurableFiles.sync(file)) {
        // Garbage collection has moved it into one file with the others.
        DurableFiles.sync(directory.resolve(PACKED_REFS));
        directories.add(directory);
      }
      // The directories of a new ref may be new themselves.
      for (Path d = file.getParent(); !d.equals(directory); d = d.getParent()) {
        directories.add(d);
      }
    }
    for (Path d : directories) {
      DurableFiles.sync(d);
    }
  }

  /**
   * Moves refs to where a power cut found them on their way: those that are damaged, missing, or at
   * any place they have been. A ref that another git has moved elsewhere stays there.
   *
   * @param changes in the order in which they happened
   */
  void recover(List<RefChange> changes) throws IOException {
    Map<String, Set<ObjectId>> places = new LinkedHashMap<>();
    Map<String, ObjectId> targets = new LinkedHashMap<>();
    for (RefChange change : changes) {
      Set<ObjectId> known = places.computeIfAbsent(change.ref(), ref -> new HashSet<>());
      change.from().ifPresent(known::add);
      known.add(change.to());
      targets.put(change.ref(), change.to());
    }
    for (Map.Entry<String, ObjectId> target : targets.entrySet()) {
      String ref = target.getKey();
      Optional<ObjectId> now = undamaged(ref);
      if (now.isEmpty() || places.get(ref).contains(now.get())) {
        if (!move(new RefChange(ref, now, target.getValue()))) {
          throw new IOException("another git has locked " + ref + "; try again");
        }
      }
    }
    sync(targets.keySet());
  }

  /** Where a ref points; a file that is no ref is removed. */
  private Optional<ObjectId> undamaged(String ref) throws IOException {
    Path file = directory.resolve(ref);
    try {
      if (Files.isRegularFile(file) && Files.size(file) == 0) {
        DurableFiles.delete(file);
      }
      return find(ref);
    } catch (IOException e) {
      DurableFiles.delete(file);
      return find(ref);
    }
  }
}
