package io.weldr.worker.job;

import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SpecJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether the results of a compose are still what was published. What is found is a sentence for
 * users; nothing is changed.
 *
 * @param layout where the composes are
 */
record ResultCheck(StateLayout layout) {
  /** Documents are written within moments after the acceptance and never again. */
  private static final long SETTLED = Duration.ofMinutes(1).toMillis();

  private static final int LARGEST_SPEC = 16 << 20;

  /**
   * Everything: directory, image and documents.
   *
   * @param knownMs documents that were last written before were read already; milliseconds since
   *     the epoch
   */
  Optional<String> problem(ComposeRecord record, long knownMs) throws IOException {
    Optional<String> missing = missing(record);
    return missing.isPresent() || record.state() != ComposeState.FINISHED
        ? missing
        : documents(record, Math.max(knownMs, record.createdMs() + SETTLED));
  }

  /** What it lacks of directory and image; what is put back makes it whole again. */
  Optional<String> missing(ComposeRecord record) throws IOException {
    return Files.isDirectory(layout.result(record.id()), LinkOption.NOFOLLOW_LINKS)
        ? image(record)
        : Optional.of("its results directory is missing");
  }

  private Optional<String> image(ComposeRecord record) throws IOException {
    if (record.image().isEmpty()) {
      return Optional.empty();
    }
    ComposeRecord.Image image = record.image().get();
    Path file = layout.result(record.id()).resolve(image.name());
    try {
      var found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isRegularFile()) {
        return Optional.of("its image " + image.name() + " is not a file");
      }
      return found.size() == image.size()
          ? Optional.empty()
          : Optional.of(
              "its image %s has %d bytes instead of %d"
                  .formatted(image.name(), found.size(), image.size()));
    } catch (NoSuchFileException e) {
      return Optional.of("its image " + image.name() + " is missing");
    }
  }

  private Optional<String> documents(ComposeRecord record, long knownMs) throws IOException {
    boolean changed = false;
    for (String name : ResultDocuments.required(record)) {
      Path file = layout.result(record.id()).resolve(name);
      try {
        var found =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isRegularFile()) {
          return Optional.of("its " + name + " is not a file");
        }
        changed |= found.size() == 0;
        changed |= found.lastModifiedTime().toMillis() > knownMs;
      } catch (NoSuchFileException e) {
        return Optional.of("its " + name + " is missing");
      }
    }
    return changed ? compared(record) : Optional.empty();
  }

  /** The documents that follow from the job alone must be that; others cannot be made again. */
  private Optional<String> compared(ComposeRecord record) throws IOException {
    Path spec = layout.job(record.id()).resolve(JobSpec.FILE);
    JobSpec job = SpecJson.read(DurableFiles.read(spec, LARGEST_SPEC), JobSpec.class);
    for (var document : ResultDocuments.ofJob(job).entrySet()) {
      Path file = layout.result(record.id()).resolve(document.getKey());
      if (!DurableFiles.holds(file, document.getValue())) {
        return Optional.of("its " + document.getKey() + " is not what was stored");
      }
    }
    for (String name : ResultDocuments.required(record)) {
      Path file = layout.result(record.id()).resolve(name);
      if (!name.equals(ResultDocuments.DEPENDENCIES) && Files.size(file) == 0) {
        return Optional.of("its " + name + " is empty");
      }
    }
    return Optional.empty();
  }
}
