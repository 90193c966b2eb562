package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import io.weldr.api.store.Failpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/** The branches and tags of a repository, moved plainly; {@link #sync} makes that durable. */
final class RefFiles {
  private static final String PACKED_REFS = "packed-refs";
  private static final String LOCK_SUFFIX = ".lock";
  private static final int MAX_ATTEMPTS = 10;
  private static final int ID_FILE_LENGTH = Constants.OBJECT_ID_STRING_LENGTH + 1;

  private final Repository repository;
  private final Path directory;

  RefFiles(Repository repository) {
    this.repository = repository;
    this.directory = repository.getDirectory().toPath();
  }

  /**
   * The object a ref points at. Most are a file of one id, for which JGit would need longer than
   * for all else that moving a ref takes.
   */
  Optional<ObjectId> find(String ref) throws IOException {
    try {
      byte[] content = Files.readAllBytes(directory.resolve(ref));
      if (content.length == ID_FILE_LENGTH && content[ID_FILE_LENGTH - 1] == '\n') {
        String id = new String(content, 0, ID_FILE_LENGTH - 1, StandardCharsets.US_ASCII);
        if (ObjectId.isId(id)) {
          return Optional.of(ObjectId.fromString(id));
        }
      }
    } catch (IOException e) {
      // It may be in the file of all refs; what else is wrong JGit says.
    }
    return Optional.ofNullable(repository.exactRef(ref)).map(Ref::getObjectId);
  }

  /**
   * Moves a ref, by git's own protocol: the new value goes into NAME.lock, which nobody else can
   * make meanwhile and which then becomes the ref. JGit would look for the object in every pack
   * first; that it is there is this class's caller's business, who has just written it.
   *
   * @return false when it does not point where it should, or another git holds its lock
   */
  boolean move(RefChange change) throws IOException {
    Path file = directory.resolve(change.ref());
    Path lock = file.resolveSibling(file.getFileName() + LOCK_SUFFIX);
    Failpoint.BEFORE_REFERENCE.hit();
    try {
      create(lock, change.to().name() + "\n");
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    boolean moved = false;
    try {
      if (find(change.ref()).equals(change.from())) {
        Files.move(lock, file, StandardCopyOption.ATOMIC_MOVE);
        moved = true;
      }
    } finally {
      if (!moved) {
        Files.deleteIfExists(lock);
      }
    }
    Failpoint.REFERENCE_MOVED.hit();
    return moved;
  }

  /** Other gits remove directories of refs that are empty at the moment. */
  private static void create(Path file, String content) throws IOException {
    for (int attempt = 1; true; attempt++) {
      try {
        Files.writeString(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return;
      } catch (NoSuchFileException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
        Files.createDirectories(file.getParent());
      }
    }
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
