package io.weldr.worker.installer.git;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Writes the files of a commit as {@code git archive} packs them: regular files with the executable
 * bit, symbolic links, and an empty directory for a submodule.
 *
 * <p>Security: every name is checked again, nothing is written below a link, files are only made
 * and never opened, and their number and bytes are bounded. Links may point anywhere: they are
 * packed, not followed.
 */
final class CommitExport {
  private static final int LONGEST_LINK = 4095;

  private final Repository repository;
  private final FetchOrder order;
  private final Set<Path> directories = new HashSet<>();
  private long bytes;
  private int files;

  CommitExport(Repository repository, FetchOrder order) {
    this.repository = repository;
    this.order = order;
  }

  /**
   * @param tree is made
   */
  void write(RevCommit commit, Path tree) throws IOException {
    Files.createDirectory(tree);
    directories.add(tree);
    try (TreeWalk walk = new TreeWalk(repository)) {
      walk.addTree(commit.getTree());
      walk.setRecursive(true);
      while (walk.next()) {
        write(walk, tree);
      }
    }
  }

  private void write(TreeWalk walk, Path tree) throws IOException {
    files++;
    if (files > order.mostFiles()) {
      throw new IOException("the repository has more than " + order.mostFiles() + " files");
    }
    Path file = place(walk.getPathString(), tree);
    makeDirectory(file.getParent());
    FileMode mode = walk.getFileMode(0);
    if (mode == FileMode.GITLINK) {
      makeDirectory(file);
    } else if (mode == FileMode.SYMLINK) {
      link(file, repository.open(walk.getObjectId(0)));
    } else {
      copy(file, walk.getObjectId(0), mode == FileMode.EXECUTABLE_FILE);
    }
  }

  private static Path place(String name, Path tree) throws IOException {
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw new IOException("the repository has a file with an impossible name");
      }
    }
    try {
      return tree.resolve(name);
    } catch (InvalidPathException e) {
      throw new IOException("the repository has a file with an impossible name", e);
    }
  }

  /** Made here and nowhere else, so that none is a link that an earlier entry planted. */
  private void makeDirectory(Path directory) throws IOException {
    if (!directories.contains(directory)) {
      makeDirectory(directory.getParent());
      Files.createDirectory(directory);
      directories.add(directory);
    }
  }

  private static void link(Path file, ObjectLoader content) throws IOException {
    if (content.getSize() == 0 || content.getSize() > LONGEST_LINK) {
      throw new IOException("the repository has a symbolic link that leads nowhere");
    }
    String target = new String(content.getCachedBytes(LONGEST_LINK), StandardCharsets.UTF_8);
    try {
      Files.createSymbolicLink(file, Path.of(target));
    } catch (InvalidPathException e) {
      throw new IOException("the repository has a symbolic link that leads nowhere", e);
    }
  }

  private void copy(Path file, ObjectId id, boolean executable) throws IOException {
    ObjectLoader content = repository.open(id);
    bytes += content.getSize();
    if (bytes > order.mostBytes()) {
      throw new IOException(
          "the files of the repository have more than " + order.mostBytes() + " bytes");
    }
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      content.copyTo(out);
    }
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }
}
