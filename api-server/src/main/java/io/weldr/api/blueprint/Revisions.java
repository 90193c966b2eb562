package io.weldr.api.blueprint;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefDatabase;

/**
 * Revision numbers of commits, kept in git as annotated tags {@code BRANCH/NAME.toml/rN}. Any
 * thread may read; only the writer adds.
 */
final class Revisions {
  private static final Pattern TAG =
      Pattern.compile("refs/tags/([^/]+)/([^/]+)/r([1-9][0-9]{0,8})");

  private final Map<Tagged, Numbers> numbers = new ConcurrentHashMap<>();

  private record Tagged(String branch, String file, ObjectId commit) {}

  /** The number of the first tag and how many there are; only a single one counts as revision. */
  private record Numbers(int first, int count) {}

  /** Reads the tags of all branches. */
  static Revisions read(GitStore git) throws IOException {
    Revisions revisions = new Revisions();
    RefDatabase refs = git.repository().getRefDatabase();
    for (Ref ref : refs.getRefsByPrefix(Constants.R_TAGS)) {
      Matcher tag = TAG.matcher(ref.getName());
      if (tag.matches()) {
        Ref peeled = refs.peel(ref);
        ObjectId commit =
            peeled.getPeeledObjectId() == null ? peeled.getObjectId() : peeled.getPeeledObjectId();
        revisions.add(
            new Tagged(tag.group(1), tag.group(2), commit), Integer.parseInt(tag.group(3)));
      }
    }
    return revisions;
  }

  /** The revision of a commit of a blueprint; none when it has no tag or several. */
  OptionalInt of(BranchName branch, BlueprintName name, ObjectId commit) {
    Numbers known = numbers.get(tagged(branch, name, commit));
    return known == null || known.count() > 1 ? OptionalInt.empty() : OptionalInt.of(known.first());
  }

  /** Tags the newest commit of a history, unless it has a tag; only for the writer thread. */
  void tagNewest(GitStore git, BranchName branch, BlueprintName name, FileHistory history)
      throws IOException {
    ObjectId newest = history.newest().commit();
    if (numbers.containsKey(tagged(branch, name, newest))) {
      return;
    }
    int number =
        history.page(1, history.size()).stream()
                .map(entry -> of(branch, name, entry.commit()))
                .flatMapToInt(OptionalInt::stream)
                .findFirst()
                .orElse(0)
            + 1;
    while (!git.tag(branch + "/" + name.fileName() + "/r" + number, newest)) {
      if (git.repository()
              .exactRef(Constants.R_TAGS + branch + "/" + name.fileName() + "/r" + number)
          == null) {
        throw new IOException("cannot tag " + name + ": another git holds a lock; try again");
      }
      number++;
    }
    add(tagged(branch, name, newest), number);
  }

  private void add(Tagged tagged, int number) {
    numbers.merge(
        tagged, new Numbers(number, 1), (old, added) -> new Numbers(old.first(), old.count() + 1));
  }

  private static Tagged tagged(BranchName branch, BlueprintName name, ObjectId commit) {
    return new Tagged(branch.value(), name.fileName(), commit.copy());
  }
}
