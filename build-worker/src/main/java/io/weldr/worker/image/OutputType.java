package io.weldr.worker.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;

/**
 * One output type: {@code composer/NAME.toml} in the share directory, beside its template {@code
 * NAME.ks}. Both belong to root; a client names the type and nothing else.
 *
 * @param kind what the image builder makes
 * @param imageName base name of the image in the results directory
 * @param disabledOn machines ({@code uname -m}) the type is not for
 * @param tools executables of the host the builder runs
 * @param arguments keys of config.toml that differ from the common ones; values are strings,
 *     numbers, booleans or lists of strings
 */
public record OutputType(
    String name,
    Kind kind,
    String imageName,
    Compression compression,
    Set<String> disabledOn,
    List<String> tools,
    Map<String, Object> arguments) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final Pattern IMAGE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Set<String> KEYS =
      Set.of(
          "kind",
          "image_name",
          "compression",
          "disabled_on",
          "tools",
          "arguments",
          // Read by the api-server only, which knows what a blueprint says.
          "unsupported_customizations");

  /** What the image builder makes. */
  public enum Kind {
    /** The tree in one archive. A wanted size has no meaning. */
    TAR {
      @Override
      public long imageBytes(long treeBytes, long wanted) {
        return treeBytes / 2;
      }
    };

    /**
     * Bytes to plan for the image; never less than the content needs.
     *
     * @param treeBytes of the installed tree
     * @param wanted by the client; 0 = what the content needs
     */
    public abstract long imageBytes(long treeBytes, long wanted);
  }

  /** How the image is compressed. */
  public enum Compression {
    XZ
  }

  public OutputType {
    disabledOn = Set.copyOf(disabledOn);
    tools = List.copyOf(tools);
    arguments = Map.copyOf(arguments);
  }

  /** Whether there is such a type. */
  public static boolean exists(Path shareDirectory, String name) {
    return NAME.matcher(name).matches()
        && Files.isRegularFile(descriptor(shareDirectory, name))
        && Files.isRegularFile(template(shareDirectory, name));
  }

  /** Where the kickstart template of a type lies. */
  public static Path template(Path shareDirectory, String name) {
    return shareDirectory.resolve("composer").resolve(name + ".ks");
  }

  /**
   * Reads a descriptor.
   *
   * @throws IOException when there is none, or it is not what this version understands
   */
  public static OutputType load(Path shareDirectory, String name) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IOException("not the name of an output type");
    }
    Path file = descriptor(shareDirectory, name);
    TomlParseResult toml = Toml.parse(file);
    if (toml.hasErrors()) {
      throw new IOException(file + ": " + toml.errors().getFirst());
    }
    for (String key : toml.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IOException(file + ": unknown key \"" + key + "\"");
      }
    }
    return new OutputType(
        name,
        constant(file, toml, "kind", Kind.class),
        imageName(file, toml),
        constant(file, toml, "compression", Compression.class),
        Set.copyOf(strings(toml, "disabled_on")),
        strings(toml, "tools"),
        arguments(toml));
  }

  private static Path descriptor(Path shareDirectory, String name) {
    return shareDirectory.resolve("composer").resolve(name + ".toml");
  }

  private static String string(Path file, TomlParseResult toml, String key) throws IOException {
    return Optional.ofNullable(toml.getString(key))
        .orElseThrow(() -> new IOException(file + ": the key \"" + key + "\" is missing"));
  }

  private static String imageName(Path file, TomlParseResult toml) throws IOException {
    String name = string(file, toml, "image_name");
    if (!IMAGE_NAME.matcher(name).matches()) {
      throw new IOException(file + ": image_name \"" + name + "\" is not a base name");
    }
    return name;
  }

  private static <E extends Enum<E>> E constant(
      Path file, TomlParseResult toml, String key, Class<E> type) throws IOException {
    String text = string(file, toml, key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw new IOException(file + ": " + key + " \"" + text + "\" is not known");
  }

  private static List<String> strings(TomlParseResult toml, String key) {
    return strings(toml.getArrayOrEmpty(key));
  }

  private static List<String> strings(TomlArray array) {
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      strings.add(array.getString(i));
    }
    return strings;
  }

  private static Map<String, Object> arguments(TomlParseResult toml) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : toml.getTableOrEmpty("arguments").entrySet()) {
      Object value =
          entry.getValue() instanceof TomlArray array ? strings(array) : entry.getValue();
      arguments.put(entry.getKey(), value);
    }
    return arguments;
  }
}
