package io.weldr.worker.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory that only root can write, held by descriptor, whose entries may be trees that
 * somebody else filled.
 *
 * <p>Security: entries are named by one component and reached through the descriptor with
 * O_NOFOLLOW, so a link anywhere in a tree is removed and never followed. Removal does not recurse:
 * deep directories are first moved up to the top of the tree, which bounds descriptors and stack
 * whatever depth a package made. Something mounted in the tree cannot be moved or removed and ends
 * the removal with an error.
 */
public final class SafeDirectory implements AutoCloseable {
  private static final Path HERE = Path.of(".");

  private final Path path;
  private final SecureDirectoryStream<Path> directory;

  private SafeDirectory(Path path, SecureDirectoryStream<Path> directory) {
    this.path = path;
    this.directory = directory;
  }

  /**
   * Opens a directory.
   *
   * @param path a directory whose every component is root's
   * @throws IOException when it is not there or not a directory
   */
  @SuppressWarnings("StreamResourceLeak") // closed by close()
  public static SafeDirectory open(Path path) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(path);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new SafeDirectory(path, secure);
    }
    stream.close();
    throw new IOException(path + ": this system has no directory streams by descriptor");
  }

  /** Names of all entries, in no order. */
  public List<String> names() throws IOException {
    return names(directory);
  }

  /**
   * Removes an entry, with everything below it when it is a directory. Nothing happens when it is
   * not there.
   */
  public void remove(String name) throws IOException {
    Path entry = component(name);
    try {
      boolean tree = isDirectory(directory, entry);
      Failpoint.BEFORE_REMOVE.hit();
      if (tree) {
        empty(entry);
        directory.deleteDirectory(entry);
      } else {
        directory.deleteFile(entry);
      }
      Failpoint.REMOVED.hit();
    } catch (NoSuchFileException e) {
      // Gone already.
      return;
    } catch (IOException e) {
      throw new IOException(path.resolve(name) + " cannot be removed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }

  private void empty(Path entry) throws IOException {
    try (var tree = directory.newDirectoryStream(entry, LinkOption.NOFOLLOW_LINKS)) {
      long moved = 0;
      for (List<String> names = names(tree); !names.isEmpty(); names = names(tree)) {
        for (String name : names) {
          moved = removeOrFlatten(tree, Path.of(name), moved);
        }
      }
    }
  }

  /** Removes one entry of the tree's top; the directories in it move to the top themselves. */
  private static long removeOrFlatten(SecureDirectoryStream<Path> tree, Path name, long moved)
      throws IOException {
    if (!isDirectory(tree, name)) {
      tree.deleteFile(name);
      return moved;
    }
    long count = moved;
    try (var directory = tree.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (String child : names(directory)) {
        if (isDirectory(directory, Path.of(child))) {
          count++;
          directory.move(Path.of(child), tree, freeName(tree, count));
        } else {
          directory.deleteFile(Path.of(child));
        }
      }
    }
    tree.deleteDirectory(name);
    return count;
  }

  private static Path freeName(SecureDirectoryStream<Path> tree, long count) throws IOException {
    Path candidate = Path.of(".remove-" + count);
    for (int i = 0; exists(tree, candidate); i++) {
      candidate = Path.of(".remove-" + count + "-" + i);
    }
    return candidate;
  }

  private static boolean exists(SecureDirectoryStream<Path> in, Path name) throws IOException {
    try {
      attributes(in, name);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> in, Path name) throws IOException {
    return attributes(in, name).isDirectory();
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /** A stream can be read only once, so each listing opens the directory anew by descriptor. */
  private static List<String> names(SecureDirectoryStream<Path> of) throws IOException {
    List<String> names = new ArrayList<>();
    try (var fresh = of.newDirectoryStream(HERE, LinkOption.NOFOLLOW_LINKS)) {
      fresh.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    return names;
  }

  private static Path component(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not a name of one component: " + name);
    }
    return Path.of(name);
  }
}
