package io.weldr.api.compose;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;

/**
 * A file or a directory of a result, as an archive has it.
 *
 * @param name relative to the result's directory; a directory's ends with a slash
 * @param size bytes; 0 of a directory
 * @param mode the permission bits
 */
public record ArchiveFile(
    String name, Path path, long size, int mode, int uid, int gid, Instant lastModified) {

  public boolean isDirectory() {
    return name.endsWith("/");
  }

  /** Opens a file for reading; fails when a link has taken its place. */
  public FileChannel open() throws IOException {
    return FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }
}
