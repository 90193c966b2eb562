package io.weldr.api.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;

/**
 * The output types that are installed: {@code NAME.ks} and {@code NAME.toml} in one directory. A
 * half type (a template without descriptor, a descriptor with mistakes) is left out and reported in
 * {@link #problems}. Read at start.
 */
public final class OutputTypes {
  private static final Logger LOG = System.getLogger(OutputTypes.class.getName());

  private final List<OutputType> types;
  private final List<String> problems;
  private final Path directory;

  private OutputTypes(Path directory, List<OutputType> types, List<String> problems) {
    this.directory = directory;
    this.types = List.copyOf(types);
    this.problems = List.copyOf(problems);
  }

  /**
   * Reads the directory.
   *
   * @param directory {@code SHARE/composer}
   * @param machine the machine's name as {@code uname -m} says it
   * @throws IOException when the directory cannot be listed
   */
  public static OutputTypes read(Path directory, String machine) throws IOException {
    List<OutputType> types = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String name : names(directory)) {
      try {
        types.add(descriptor(directory, name, machine));
      } catch (IOException | IllegalArgumentException e) {
        String problem = "Output type " + name + " is left out: " + e.getMessage();
        LOG.log(Level.WARNING, problem);
        problems.add(problem);
      }
    }
    return new OutputTypes(directory, types, problems);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".ks"))
          .map(file -> file.substring(0, file.length() - ".ks".length()))
          .filter(name -> name.matches("[a-z0-9][a-z0-9-]{0,31}"))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static OutputType descriptor(Path directory, String name, String machine)
      throws IOException {
    Path file = directory.resolve(name + ".toml");
    if (!Files.isRegularFile(file)) {
      throw new IOException("its descriptor " + file + " is missing");
    }
    TomlParseResult document = Toml.parse(file);
    if (document.hasErrors()) {
      throw new IOException(file + ": " + document.errors().getFirst());
    }
    String image = document.getString("image_name", () -> "");
    if (!image.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
      throw new IOException(file + ": image_name must be the base name of a file");
    }
    return new OutputType(
        name,
        !texts(document, "disabled_on").contains(machine),
        image,
        !document.getString("kind", () -> "").equals("tar"),
        texts(document, "unsupported_customizations"));
  }

  private static Set<String> texts(TomlParseResult document, String key) {
    TomlArray array = document.getArrayOrEmpty(key);
    return array.toList().stream().map(Object::toString).collect(Collectors.toSet());
  }

  /** All types, sorted by name, disabled ones included. */
  public List<OutputType> list() {
    return types;
  }

  /** One type by name. */
  public Optional<OutputType> find(String name) {
    return types.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /** What was left out, one sentence each; for the messages of the status reply. */
  public List<String> problems() {
    return problems;
  }

  /** The kickstart template of an installed type. */
  Path template(OutputType type) {
    return directory.resolve(type.name() + ".ks");
  }
}
