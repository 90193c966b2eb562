package io.weldr.api.blueprint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Brings the blueprints that lie in a directory as files into the repository. */
final class DirectoryImport {
  private static final Logger LOG = System.getLogger(DirectoryImport.class.getName());

  private final BlueprintRepository repository;

  DirectoryImport(BlueprintRepository repository) {
    this.repository = repository;
  }

  /** Imports in the order of the file names; says in a sentence what was skipped and why. */
  List<String> run(Path directory) {
    List<String> messages = new ArrayList<>();
    for (Path file : files(directory)) {
      problem(file)
          .map(reason -> "Blueprint file " + printable(file) + " was not imported: " + reason)
          .ifPresent(
              message -> {
                LOG.log(Level.WARNING, message);
                messages.add(message);
              });
    }
    return List.copyOf(messages);
  }

  private Optional<String> problem(Path file) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of("it is not a regular file");
      }
      if (Files.size(file) > Document.MAX_SIZE) {
        return Optional.of("it has more than " + Document.MAX_SIZE + " bytes");
      }
      Blueprint blueprint = BlueprintParser.fromStored(Files.readAllBytes(file));
      BlueprintName name = BlueprintName.of(blueprint.name());
      if (!repository.contains(BranchName.MASTER, name)) {
        CommittedBlueprint saved = repository.save(BranchName.MASTER, blueprint);
        LOG.log(
            Level.INFO,
            "imported blueprint {0}, version {1}",
            name,
            saved.blueprint().version().orElse(""));
      }
      return Optional.empty();
    } catch (BlueprintException e) {
      return Optional.of(e.getMessage().replace("\n", "; "));
    } catch (IOException e) {
      return Optional.of("it cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static Iterable<Path> files(Path directory) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.toml")) {
      TreeSet<Path> sorted = new TreeSet<>();
      entries.forEach(sorted::add);
      return sorted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String printable(Path file) {
    return String.valueOf(file.getFileName()).replaceAll("\\p{Cntrl}", "?");
  }
}
