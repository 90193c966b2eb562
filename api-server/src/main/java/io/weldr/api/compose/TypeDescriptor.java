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
import org.tomlj.TomlParseResult;

/**
 * The descriptor of an output type as far as the types are listed and planned by it.
 * docs/output-types.md explains its keys; the worker reads all of them, and every value.
 *
 * @param disabledOn machines ({@code uname -m}) the type is not for
 * @param tools programs the host must have
 * @param directTools those it must have where the direct installer makes the disk
 */
record TypeDescriptor(
    Kind kind,
    String imageName,
    Set<String> firmware,
    Set<String> disabledOn,
    List<String> tools,
    List<String> directTools,
    Set<String> unsupported) {

  private static final Set<String> KEYS =
      Set.of(
          "kind",
          "image_name",
          "disabled_on",
          "unsupported_customizations",
          "tools",
          "direct_tools",
          "arguments");

  /** What is made, and the keys of its own. */
  enum Kind {
    TAR(false, Set.of("compression"), Set.of()),
    FILESYSTEM(true, Set.of("filesystem"), Set.of("label")),
    DISK(true, Set.of("format"), Set.of("format_options", "firmware", "align_mib", "archive")),
    ISO(true, Set.of("compression"), Set.of());

    private final boolean sized;
    private final Set<String> required;
    private final Set<String> optional;

    Kind(boolean sized, Set<String> required, Set<String> optional) {
      this.sized = sized;
      this.required = required;
      this.optional = optional;
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
    DescriptorValues values = new DescriptorValues(document);
    Kind kind = Kind.of(values.text("kind"));
    Set<String> unknown = new HashSet<>(document.keySet());
    unknown.removeAll(KEYS);
    unknown.removeAll(kind.required);
    unknown.removeAll(kind.optional);
    if (!unknown.isEmpty()) {
      throw new IOException(
          "images of kind " + kind + " do not have the key " + unknown.iterator().next());
    }
    values.check(kind.required);
    if (kind == Kind.ISO && !Set.of("xz", "zstd").contains(values.text("compression"))) {
      throw new IOException("the compression of a live system must be xz or zstd");
    }
    return new TypeDescriptor(
        kind,
        values.text("image_name"),
        Set.copyOf(values.texts("firmware")),
        Set.copyOf(values.texts("disabled_on")),
        values.texts("tools"),
        values.texts("direct_tools"),
        Set.copyOf(values.texts("unsupported_customizations")));
  }

  /** What starts a machine from such an image. */
  Set<String> starters() {
    return kind == Kind.ISO ? Set.of("iso") : firmware;
  }

  /**
   * Why the type cannot be made on a host; the words follow "is disabled".
   *
   * @param installation how systems are installed there
   */
  Optional<String> disabled(String machine, Predicate<String> programs, Installation installation) {
    if (disabledOn.contains(machine)) {
      return Optional.of(" on this architecture");
    }
    return lacking(tools, programs, "").or(() -> installation.disabled(directTools, programs));
  }

  /**
   * The words for programs that a host lacks; empty when it has all.
   *
   * @param purpose follows their names
   */
  static Optional<String> lacking(List<String> tools, Predicate<String> programs, String purpose) {
    List<String> missing = tools.stream().filter(programs.negate()).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(": this host lacks " + String.join(", ", missing) + purpose);
  }
}
