package io.weldr.api.blueprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefDatabase;

/**
 * Revision numbers of commits, kept in git as annotated tags {@code BRANCH/NAME.toml/rN}. Tags that
 * another git makes or removes are noticed by the dates of the files. Any thread may read; only the
 * writer adds.
 */
final class Revisions {
  private static final Pattern NUMBER = Pattern.compile("r([1-9][0-9]{0,8})");

  /** A file may change twice within one tick of the clock that dates it. */
  private static final Duration TICK = Duration.ofMillis(20);

  /** How long a change within the same tick may go unnoticed. */
  private static final Duration DOUBT = Duration.ofMillis(200);

  private final GitStore git;
  private final Map<Owner, Known> known = new ConcurrentHashMap<>();

  private record Owner(BranchName branch, BlueprintName name) {
    String prefix() {
      return Constants.R_TAGS + branch + "/" + name.fileName() + "/";
    }
  }

  private record Known(Tags tags, Stamp stamp) {}

  /** What changes with the tags: dates of their directory and of the file with packed refs. */
  private record Stamp(Instant directory, Instant packed, Object packedFile, Instant taken) {
    boolean isSameAs(Stamp newer) {
      return directory.equals(newer.directory)
          && packed.equals(newer.packed)
          && packedFile.equals(newer.packedFile)
          && (isCertain() || newer.taken.isBefore(taken.plus(DOUBT)));
    }

    private boolean isCertain() {
      return directory.plus(TICK).isBefore(taken) && packed.plus(TICK).isBefore(taken);
    }
  }

  /** The number of the first tag and how many there are; only a single one counts as revision. */
  private record Numbers(int first, int count) {}

  /** The tags of one blueprint on one branch at one moment. */
  static final class Tags {
    private final Map<ObjectId, Numbers> numbers;

    private Tags(Map<ObjectId, Numbers> numbers) {
      this.numbers = numbers;
    }

    /** The revision of a commit; none when it has no tag or several. */
    OptionalInt of(ObjectId commit) {
      Numbers found = numbers.get(commit);
      return found == null || found.count() > 1
          ? OptionalInt.empty()
          : OptionalInt.of(found.first());
    }

    private boolean has(ObjectId commit) {
      return numbers.containsKey(commit);
    }

    private Tags with(ObjectId commit, int number) {
      Map<ObjectId, Numbers> more = new HashMap<>(numbers);
      more.put(commit.copy(), new Numbers(number, 1));
      return new Tags(more);
    }
  }

  Revisions(GitStore git) {
    this.git = git;
  }

  /** The tags as git has them now. */
  Tags of(BranchName branch, BlueprintName name) throws IOException {
    Owner owner = new Owner(branch, name);
    Stamp now = stamp(owner);
    Known before = known.get(owner);
    if (before != null && before.stamp().isSameAs(now)) {
      return before.tags();
    }
    Tags tags = read(owner);
    known.put(owner, new Known(tags, now));
    return tags;
  }

  private Tags read(Owner owner) throws IOException {
    Map<ObjectId, Numbers> numbers = new HashMap<>();
    RefDatabase refs = git.repository().getRefDatabase();
    for (Ref ref : refs.getRefsByPrefix(owner.prefix())) {
      Matcher number = NUMBER.matcher(ref.getName().substring(owner.prefix().length()));
      if (number.matches()) {
        Ref peeled = refs.peel(ref);
        ObjectId commit =
            Optional.ofNullable(peeled.getPeeledObjectId()).orElse(peeled.getObjectId());
        numbers.merge(
            commit.copy(),
            new Numbers(Integer.parseInt(number.group(1)), 1),
            (old, added) -> new Numbers(old.first(), old.count() + 1));
      }
    }
    return new Tags(numbers);
  }

  private Stamp stamp(Owner owner) throws IOException {
    Instant taken = Instant.now();
    Optional<BasicFileAttributes> directory = attributes(git.directory().resolve(owner.prefix()));
    Optional<BasicFileAttributes> packed = attributes(git.directory().resolve("packed-refs"));
    return new Stamp(
        directory.map(d -> d.lastModifiedTime().toInstant()).orElse(Instant.EPOCH),
        packed.map(p -> p.lastModifiedTime().toInstant()).orElse(Instant.EPOCH),
        packed.map(BasicFileAttributes::fileKey).orElse(""),
        taken);
  }

  private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Tags the newest commit of a history, unless it has a tag; only for the writer thread. */
  void tagNewest(BranchName branch, BlueprintName name, FileHistory history) throws IOException {
    Tags tags = of(branch, name);
    ObjectId newest = history.newest().commit();
    if (tags.has(newest)) {
      return;
    }
    int number =
        history.page(1, history.size()).stream()
                .map(entry -> tags.of(entry.commit()))
                .flatMapToInt(OptionalInt::stream)
                .findFirst()
                .orElse(0)
            + 1;
    Owner owner = new Owner(branch, name);
    while (!git.tag(owner.prefix().substring(Constants.R_TAGS.length()) + "r" + number, newest)) {
      if (git.repository().exactRef(owner.prefix() + "r" + number) == null) {
        throw new IOException("cannot tag " + name + ": another git holds a lock; try again");
      }
      number++;
    }
    known.put(owner, new Known(tags.with(newest, number), stamp(owner)));
  }
}
