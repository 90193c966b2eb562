package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the files of a compose still say of it whose state the worker cannot read. What they do not
 * say stays as the worker has it.
 *
 * @param directory of the result
 */
record DamagedResult(Path directory, Optional<Blueprint> blueprint) {
  private static final String TEMPLATE = ".ks";
  private static final String FINAL_KICKSTART = "final-kickstart.ks";

  ComposeEntry describe(ComposeEntry entry) {
    return new ComposeEntry(
        entry.id(),
        blueprint.map(Blueprint::name).orElse(entry.blueprint()),
        blueprint.flatMap(Blueprint::version).orElse(entry.version()),
        type().orElse(entry.type()),
        entry.state(),
        entry.created(),
        entry.started(),
        entry.finished(),
        entry.imageName(),
        entry.imageSize(),
        entry.progress(),
        entry.failure(),
        entry.stages());
  }

  /** The template that the compose was begun with is called like its type. */
  private Optional<String> type() {
    try (DirectoryStream<Path> templates = Files.newDirectoryStream(directory, "*" + TEMPLATE)) {
      for (Path template : templates) {
        String name = template.getFileName().toString();
        if (!name.equals(FINAL_KICKSTART)) {
          return Optional.of(name.substring(0, name.length() - TEMPLATE.length()));
        }
      }
    } catch (IOException e) {
      // There is no directory to say it.
    }
    return Optional.empty();
  }
}
