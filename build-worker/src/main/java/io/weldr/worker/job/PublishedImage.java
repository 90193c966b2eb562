package io.weldr.worker.job;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.spec.JobEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The image a job says it has published.
 *
 * <p>Security: what the job says is checked before it is believed: a name of one component, a plain
 * file, the size. Nothing is followed.
 */
record PublishedImage(Path result, JobEvent.Finished finished) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** What is wrong with it, as a sentence; empty when it is as the job says. */
  Optional<String> problem() throws IOException {
    if (!NAME.matcher(finished.imageName()).matches()) {
      return Optional.of("the build named its image in a way that is not allowed");
    }
    if (!SHA256.matcher(finished.sha256()).matches()) {
      return Optional.of("the build did not give the SHA-256 of its image");
    }
    try {
      BasicFileAttributes found =
          Files.readAttributes(file(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isRegularFile() || found.size() != finished.imageSize()) {
        return Optional.of("the image is not the file of the size that the build reported");
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.of("the build reported an image that is not there");
    }
  }

  /** Makes it readable by the group and writable by root only. */
  void protect(int gid) throws IOException {
    DurableFiles.apply(file(), Access.groupFile(gid));
  }

  private Path file() {
    return result.resolve(finished.imageName());
  }
}
