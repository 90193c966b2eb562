package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/** What a killed process or a power cut leaves. */
class RepositoryRecoveryTest extends RepositoryTestCase {
  private static final AtomicInteger COPIES = new AtomicInteger();

  @Test
  void locksOfAKilledProcessAreRemovedAtOpen() throws Exception {
    repository.close();
    Path git = blueprints.resolve("git");
    for (String file :
        List.of("HEAD.lock", "refs/heads/master.lock", "packed-refs.lock", "objects/tmp_obj_1")) {
      Files.writeString(git.resolve(file), "");
    }
    repository = BlueprintRepository.open(blueprints);
    repository.save(MASTER, blueprint("a"));
    assertFalse(Files.exists(git.resolve("objects/tmp_obj_1")));
    assertFalse(Files.exists(git.resolve("HEAD.lock")));
  }

  @Test
  void anIndexThatIsMissingDamagedOrOfAnotherHistoryIsMadeAgain() throws Exception {
    Path index = blueprints.resolve("git/blueprint-index/master");
    repository.save(MASTER, blueprint("a"));
    String first = git.run("rev-parse", "master");
    repository.close();
    byte[] old = Files.readAllBytes(index);
    open();
    repository.save(MASTER, blueprint("a"));
    repository.save(MASTER, blueprint("b"));
    repository.close();
    List<String> expected =
        List.of("Recipe a, version 0.0.2 saved.", "Recipe a, version 0.0.1 saved.");
    byte[] damaged = Files.readAllBytes(index);
    damaged[30] ^= 1;
    for (byte[] content : List.of(old, damaged, new byte[0], new byte[25])) {
      Files.write(index, content);
      open();
      assertEquals(expected, messages("a"));
      assertEquals(List.of("a", "b"), repository.list(MASTER));
      repository.close();
    }
    Files.delete(index);
    open();
    assertEquals(expected, messages("a"));
    repository.close();
    git.run("update-ref", "refs/heads/master", first);
    git.run("reflog", "expire", "--expire=now", "--all");
    git.run("gc", "-q", "--prune=now");
    open();
    assertEquals(List.of("Recipe a, version 0.0.1 saved."), messages("a"));
    assertEquals(List.of("a"), repository.list(MASTER));
  }

  /** Everything that was written without fsync is damaged in one of the ways a disk can do it. */
  private enum Damage {
    EMPTY {
      @Override
      void apply(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.write(file, new byte[0]);
      }
    },
    ZEROS {
      @Override
      void apply(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.write(file, new byte[(int) Files.size(file)]);
      }
    },
    MISSING {
      @Override
      void apply(Path file) throws IOException {
        Files.delete(file);
      }
    };

    abstract void apply(Path file) throws IOException;
  }

  @Test
  void aPowerCutBeforeGitsOwnFilesAreDurableLosesNothing() throws Exception {
    repository.save(MASTER, blueprint("old"));
    repository.tag(MASTER, name("old"));
    for (Damage damage : Damage.values()) {
      for (int saves : List.of(3, 60)) {
        Path copy = copyOfUnsettled(saves);
        String head = new RealGit(copy.resolve("git")).run("rev-parse", "master");
        damage(copy.resolve("git"), damage);
        try (BlueprintRepository recovered = BlueprintRepository.open(copy)) {
          RealGit recoveredGit = new RealGit(copy.resolve("git"));
          assertEquals(head, recoveredGit.run("rev-parse", "master"), damage.name());
          assertEquals(repository.list(MASTER), recovered.list(MASTER));
          ChangePage changes = recovered.changes(MASTER, name("a"), 0, 1).orElseThrow();
          assertEquals(repository.changes(MASTER, name("a"), 0, 1).orElseThrow(), changes);
          assertTrue(changes.changes().getFirst().revision().isPresent());
          recoveredGit.run("fsck", "--strict");
        }
      }
    }
  }

  @Test
  void aTornRecordAtTheEndOfTheJournalIsNotTaken() throws Exception {
    Path copy = copyOfUnsettled(3);
    Path journal = copy.resolve("git/blueprint-journal");
    for (String file : List.of("0", "1")) {
      Path segment = journal.resolve(file);
      int end = Math.toIntExact(size(segment));
      if (end > 0) {
        byte[] content = Files.readAllBytes(segment);
        content[end - 1] ^= 1;
        Files.write(segment, content);
        assertTrue(size(segment) < end);
      }
    }
    // The plain copies of git are there: the process was only killed.
    try (BlueprintRepository recovered = BlueprintRepository.open(copy)) {
      assertEquals(repository.list(MASTER), recovered.list(MASTER));
    }
    new RealGit(copy.resolve("git")).run("fsck", "--strict");
  }

  @Test
  void whatAnotherGitDidIsNotUndoneByTheJournal() throws Exception {
    String first = repository.save(MASTER, blueprint("first")).commitId();
    repository.save(MASTER, blueprint("second"));
    git.run("update-ref", "refs/heads/master", first);
    repository.save(BranchName.of("other"), blueprint("x"));
    Path copy = copyOfUnsettled(0);
    try (BlueprintRepository recovered = BlueprintRepository.open(copy)) {
      assertEquals(List.of("first"), recovered.list(MASTER));
    }
  }

  /** The directory as it is while something is in the journal that was not settled. */
  private Path copyOfUnsettled(int saves) throws Exception {
    for (int attempt = 0; attempt < 1000; attempt++) {
      for (int i = 0; i < saves; i++) {
        repository.save(MASTER, blueprint("a"));
      }
      if (saves > 0) {
        repository.tag(MASTER, name("a"));
      } else {
        repository.save(BranchName.of("other"), blueprint("x"));
      }
      Path copy = Files.createDirectory(blueprints.resolve("copy-" + COPIES.incrementAndGet()));
      try {
        copy(blueprints.resolve("git"), copy.resolve("git"));
      } catch (NoSuchFileException e) {
        // It is being settled at this moment.
        continue;
      }
      long inJournal = 0;
      boolean changed = false;
      for (String file : List.of("0", "1")) {
        Path copied = copy.resolve("git/blueprint-journal").resolve(file);
        inJournal += size(copied);
        changed |= size(copied) != size(blueprints.resolve("git/blueprint-journal").resolve(file));
      }
      if (inJournal > 0 && !changed) {
        return copy;
      }
    }
    throw new AssertionError("everything is settled at once");
  }

  private static long size(Path segment) throws IOException {
    try (JournalSegment open = JournalSegment.open(segment)) {
      return open.size();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (UncheckedIOException e) {
      throw new NoSuchFileException(from.toString());
    }
  }

  private static void damage(Path gitDirectory, Damage damage) throws IOException {
    for (String file : List.of("0", "1")) {
      Path path = gitDirectory.resolve("blueprint-journal").resolve(file);
      try (JournalSegment segment = JournalSegment.open(path)) {
        for (ObjectId id : segment.pack().ids()) {
          String hex = id.name();
          damageFile(
              gitDirectory.resolve("objects/" + hex.substring(0, 2) + "/" + hex.substring(2)),
              damage);
        }
        for (String pack : segment.packCopies()) {
          damageFile(gitDirectory.resolve("objects/pack/" + pack + ".pack"), damage);
          damageFile(gitDirectory.resolve("objects/pack/" + pack + ".idx"), damage);
        }
        for (RefChange change : segment.refs()) {
          damageFile(gitDirectory.resolve(change.ref()), damage);
        }
      }
    }
  }

  private static void damageFile(Path file, Damage damage) throws IOException {
    if (Files.exists(file)) {
      damage.apply(file);
    }
  }
}
