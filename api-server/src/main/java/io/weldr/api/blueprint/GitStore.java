package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import io.weldr.api.store.Failpoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * The bare git repository: objects and refs, durable through a journal. Only one process has it
 * open; only one thread writes.
 */
final class GitStore implements AutoCloseable {
  private static final String INITIAL_MESSAGE = "Initial Recipe repository commit";
  private static final int SHORTEST_ID = 4;
  private static final String LOCK_FILE = "weldr-composer.lock";

  /** In the repository's directory; git does not look at it. */
  private static final String JOURNAL_DIRECTORY = "blueprint-journal";

  /** Of what is written or settled at once; more become a pack. */
  private static final int MOST_LOOSE = 60;

  /** How long settling waits for garbage collection; what it waits with is in the journal. */
  private static final long PATIENCE_SECONDS = 5;

  private final Path directory;
  private final Repository repository;
  private final ObjectFiles objects;
  private final RefFiles refs;
  private final CommitJournal journal;
  private final ReentrantLock collecting = new ReentrantLock();
  private final AtomicInteger packs = new AtomicInteger();
  private final AtomicInteger looseObjects = new AtomicInteger();
  private final FileChannel lock;

  private GitStore(Path directory, Repository repository, FileChannel lock) throws IOException {
    this.directory = directory;
    this.repository = repository;
    this.objects = new ObjectFiles(directory.resolve(Constants.OBJECTS));
    this.refs = new RefFiles(repository);
    this.lock = lock;
    // Garbage collection in the background leaves the other processors to requests.
    repository
        .getConfig()
        .setInt(ConfigConstants.CONFIG_PACK_SECTION, null, ConfigConstants.CONFIG_KEY_THREADS, 1);
    this.journal =
        CommitJournal.open(directory.resolve(JOURNAL_DIRECTORY), this::recover, this::settle);
  }

  /**
   * Opens a repository; makes one with an empty first commit on master where there is none.
   *
   * @param directory of the repository; its parent must exist
   * @throws IOException also when another process has it open
   */
  static GitStore open(Path directory) throws IOException {
    IsolatedGit.install();
    if (!Files.isDirectory(directory)) {
      create(directory);
    }
    FileChannel lock = lock(directory.resolve(LOCK_FILE));
    try {
      removeLeftovers(directory);
      GitStore store =
          new GitStore(
              directory,
              new FileRepositoryBuilder()
                  .setGitDir(directory.toFile())
                  .setBare()
                  .setMustExist(true)
                  .build(),
              lock);
      store.makeFirstCommit();
      return store;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Beside the final place and then renamed, so that a repository is whole or not there. */
  private static void create(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    Path staged = Files.createTempDirectory(parent, ".git-");
    Files.setPosixFilePermissions(staged, Files.getPosixFilePermissions(parent));
    try (Repository repository =
        new FileRepositoryBuilder().setGitDir(staged.toFile()).setBare().build()) {
      repository.create(true);
      repository.updateRef(Constants.HEAD).link(Constants.R_HEADS + Constants.MASTER);
    }
    DurableFiles.move(staged, directory);
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Open twice in this process: refused like any other.
    }
    channel.close();
    throw new IOException(
        "the blueprints in " + file.getParent() + " are in use by another process; stop it first");
  }

  /** What a killed process left: nobody else writes here while the lock is held. */
  private static void removeLeftovers(Path directory) throws IOException {
    try (Stream<Path> files =
        Files.find(
            directory,
            20,
            (path, attributes) -> attributes.isRegularFile() && isLeftover(directory, path))) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isLeftover(Path directory, Path file) {
    String name = String.valueOf(file.getFileName());
    boolean object = name.startsWith("tmp_obj_") || name.startsWith("gc_");
    boolean ref = name.endsWith(".lock") && !file.startsWith(directory.resolve("workspace"));
    return !name.equals(LOCK_FILE) && (object || ref || DurableFiles.isTemporary(file));
  }

  private void makeFirstCommit() throws IOException {
    if (head(BranchName.MASTER).isPresent()) {
      return;
    }
    GitObject tree = GitObject.tree(new RootTree(new byte[0]));
    GitObject commit = commit(tree.id(), Optional.empty(), INITIAL_MESSAGE, now());
    RefChange change = new RefChange(BranchName.MASTER.ref(), Optional.empty(), commit.id());
    write(List.of(tree, commit), List.of(change));
    if (!move(change)) {
      throw new IOException("cannot make the first commit in " + directory);
    }
    settle();
  }

  Path directory() {
    return directory;
  }

  Repository repository() {
    return repository;
  }

  /** The commit a branch points at. */
  Optional<ObjectId> head(BranchName branch) throws IOException {
    return refs.find(branch.ref());
  }

  /**
   * Writes objects and announces the refs that will move to them. At the return it is certain that
   * they will have moved after a power cut, unless another git moved them elsewhere.
   */
  void write(List<GitObject> batch, List<RefChange> changes) throws IOException {
    Failpoint.BEFORE_OBJECTS.hit();
    if (batch.size() <= MOST_LOOSE) {
      journal.append(batch, changes, Optional.empty());
      objects.writeLoose(batch);
    } else {
      PackStream pack = new PackStream();
      batch.forEach(pack::add);
      journal.append(batch, changes, Optional.of(pack.name()));
      objects.writePack(pack);
    }
    Failpoint.OBJECTS_STORED.hit();
  }

  /**
   * Moves a ref as {@link #write} announced.
   *
   * @return false when it does not point where it should, or another git holds its lock
   */
  boolean move(RefChange change) throws IOException {
    return refs.move(change);
  }

  /** Makes a tag that must not exist yet; false when it does. */
  boolean tag(String name, ObjectId commit) throws IOException {
    TagBuilder tag = new TagBuilder();
    tag.setObjectId(commit, Constants.OBJ_COMMIT);
    tag.setTag(name);
    tag.setMessage(name);
    tag.setTagger(author(now()));
    GitObject object = GitObject.tag(tag.build());
    RefChange change = new RefChange(Constants.R_TAGS + name, Optional.empty(), object.id());
    if (refs.find(change.ref()).isPresent()) {
      return false;
    }
    write(List.of(object), List.of(change));
    return move(change);
  }

  /** Waits until everything that was written is durable in git's own files. */
  void settle() throws IOException {
    journal.settle();
  }

  private void settle(JournalSegment segment) throws IOException {
    boolean alone = segment.pack().size() > MOST_LOOSE && awaitCollection();
    try {
      if (alone) {
        putTogether(segment);
        packs.incrementAndGet();
      } else {
        objects.sync(segment.pack().ids(), segment.packCopies());
        looseObjects.addAndGet(segment.pack().size());
      }
    } finally {
      if (alone) {
        collecting.unlock();
      }
    }
    refs.sync(segment.refs().stream().map(RefChange::ref).collect(Collectors.toSet()));
  }

  /** Whether garbage collection, if there was any, has ended; it does not begin anew then. */
  private boolean awaitCollection() {
    try {
      return collecting.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      // Nobody interrupts the thread that settles.
      return false;
    }
  }

  /** After a power cut the plain copies may be damaged. */
  private void recover(JournalSegment segment) throws IOException {
    putTogether(segment);
    refs.recover(segment.refs());
  }

  private void putTogether(JournalSegment segment) throws IOException {
    if (segment.pack().size() > 0) {
      objects.writePackDurably(segment.pack());
      objects.removeCopies(segment.pack().ids(), segment.packCopies());
    }
  }

  /** Packs that were added since everything was packed. */
  int packs() {
    return packs.get();
  }

  /** Objects with a file of their own, or in a small pack, since everything was packed. */
  int looseObjects() {
    return looseObjects.get();
  }

  /**
   * Packs everything; no pack vanishes meanwhile, which JGit would stumble over.
   *
   * @return how many objects are in packs now
   */
  long collectGarbage() throws GitAPIException {
    collecting.lock();
    packs.set(0);
    looseObjects.set(0);
    try (Git git = Git.wrap(repository)) {
      Properties result = git.gc().call();
      return ((Number) result.getOrDefault("numberOfPackedObjects", 0)).longValue();
    } finally {
      collecting.unlock();
    }
  }

  static GitObject commit(ObjectId tree, Optional<ObjectId> parent, String message, Instant time)
      throws IOException {
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    parent.ifPresent(commit::setParentId);
    commit.setAuthor(author(time));
    commit.setCommitter(author(time));
    commit.setMessage(message);
    return GitObject.commit(commit.build());
  }

  /** Git keeps whole seconds. */
  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static PersonIdent author(Instant time) {
    return new PersonIdent("bdcs-api-server", "user-email", time, ZoneOffset.UTC);
  }

  /** The content of a blob; at most 1 MiB. */
  byte[] blob(ObjectId id) throws IOException {
    try (ObjectReader reader = repository.newObjectReader()) {
      return reader.open(id, Constants.OBJ_BLOB).getBytes(Document.MAX_SIZE);
    }
  }

  RootTree tree(ObjectId commit) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit parsed = walk.parseCommit(commit);
      return new RootTree(
          walk.getObjectReader().open(parsed.getTree(), Constants.OBJ_TREE).getBytes());
    }
  }

  /** The commit of this id, if the repository has it. */
  Optional<ObjectId> commit(ObjectId id) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return Optional.of(walk.parseCommit(id).copy());
    } catch (MissingObjectException | IncorrectObjectTypeException e) {
      return Optional.empty();
    }
  }

  /** The commit a user means: a full or abbreviated id, a branch or a tag. */
  Optional<ObjectId> resolve(String revision) throws IOException {
    if (ObjectId.isId(revision)) {
      return commit(ObjectId.fromString(revision));
    }
    for (String prefix : List.of(Constants.R_HEADS, Constants.R_TAGS)) {
      if (Repository.isValidRefName(prefix + revision)) {
        Optional<Ref> ref = Optional.ofNullable(repository.exactRef(prefix + revision));
        if (ref.isPresent()) {
          return commit(ref.get().getObjectId());
        }
      }
    }
    if (!AbbreviatedObjectId.isId(revision) || revision.length() < SHORTEST_ID) {
      return Optional.empty();
    }
    try (ObjectReader reader = repository.newObjectReader()) {
      List<ObjectId> commits = new ArrayList<>();
      for (ObjectId id : reader.resolve(AbbreviatedObjectId.fromString(revision))) {
        commit(id).ifPresent(commits::add);
      }
      return commits.size() == 1 ? Optional.of(commits.getFirst()) : Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      journal.close();
      repository.close();
    }
  }
}
