package io.weldr.api.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;

/**
 * The descriptor of an output type as far as the types are listed and planned by it.
 * docs/output-types.md explains its keys; the worker reads all of them, and every value.
 *
 * @param disabledOn machines ({@code uname -m}) the type is not for
 * @param tools programs the host must have
 */
record TypeDescriptor(
    Kind kind,
    String imageName,
    Set<String> firmware,
    Set<String> disabledOn,
    List<String> tools,
    Set<String> unsupported) {

  private static final Set<String> KEYS =
      Set.of(
          "kind", "image_name", "disabled_on", "unsupported_customizations", "tools", "arguments");

  /** What is made, and the keys of its own. */
  enum Kind {
    TAR(true, false, Set.of("compression")),
    FILESYSTEM(true, true, Set.of("filesystem", "label")),
    DISK(true, true, Set.of("format", "format_options", "firmware", "align_mib", "archive")),
    ISO(false, true, Set.of("compression"));

    /** Whether the worker can make it: the same table as its ImageBuilders. */
    private final boolean buildable;

    private final boolean sized;
    private final Set<String> keys;

    Kind(boolean buildable, boolean sized, Set<String> keys) {
      this.buildable = buildable;
      this.sized = sized;
      this.keys = keys;
    }

    /** Whether a size can be asked for. */
    boolean sized() {
      return sized;
    }

    static Kind of(String word) throws IOException {
      for (Kind kind : values()) {
        if (kind.toString().equals(word)) {
          return kind;
        }
      }
      throw new IOException("kind must be one of tar, filesystem, disk, iso");
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it is missing or has mistakes; the message names the file
   */
  static TypeDescriptor read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("its descriptor " + file + " is missing");
    }
    TomlParseResult document = Toml.parse(file);
    if (document.hasErrors()) {
      throw new IOException(file + ": " + document.errors().getFirst());
    }
    try {
      return of(document);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static TypeDescriptor of(TomlParseResult document) throws IOException {
    Kind kind = Kind.of(text(document, "kind"));
    Set<String> unknown = new HashSet<>(document.keySet());
    unknown.removeAll(KEYS);
    unknown.removeAll(kind.keys);
    if (!unknown.isEmpty()) {
      throw new IOException(
          "images of kind " + kind + " do not have the key " + unknown.iterator().next());
    }
    String image = text(document, "image_name");
    if (!image.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IOException("image_name must be the base name of a file");
    }
    Set<String> firmware = Set.copyOf(texts(document, "firmware"));
    if (!Set.of("bios", "uefi").containsAll(firmware)) {
      throw new IOException("firmware is a list of bios and uefi");
    }
    return new TypeDescriptor(
        kind,
        image,
        firmware,
        Set.copyOf(texts(document, "disabled_on")),
        texts(document, "tools"),
        Set.copyOf(texts(document, "unsupported_customizations")));
  }

  /** What starts a machine from such an image. */
  Set<String> starters() {
    return kind == Kind.ISO ? Set.of("iso") : firmware;
  }

  /** Why the type cannot be made on a host; the words follow "is disabled". */
  Optional<String> disabled(String machine, Predicate<String> programs) {
    if (disabledOn.contains(machine)) {
      return Optional.of(" on this architecture");
    }
    if (!kind.buildable) {
      return Optional.of(": images of kind " + kind + " cannot be made yet");
    }
    List<String> missing = tools.stream().filter(programs.negate()).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(": this host lacks " + String.join(", ", missing));
  }

  private static String text(TomlParseResult document, String key) throws IOException {
    return switch (document.get(List.of(key))) {
      case String text -> text;
      case null -> throw new IOException("the key " + key + " is missing");
      default -> throw new IOException(key + " must be a text");
    };
  }

  private static List<String> texts(TomlParseResult document, String key) throws IOException {
    Object value = document.get(List.of(key));
    if (value == null) {
      return List.of();
    }
    if (value instanceof TomlArray array
        && array.toList().stream().allMatch(String.class::isInstance)) {
      return array.toList().stream().map(String.class::cast).toList();
    }
    throw new IOException(key + " must be a list of texts");
  }
}
