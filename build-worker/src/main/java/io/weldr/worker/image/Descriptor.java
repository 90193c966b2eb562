package io.weldr.worker.image;

import io.weldr.worker.image.ImageSpec.DiskArchive;
import io.weldr.worker.image.ImageSpec.Firmware;
import io.weldr.worker.image.ImageSpec.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * Reads the descriptor of an output type; docs/output-types.md explains its keys. A key that the
 * kind of image does not have is an error, and so is a value of another type.
 */
final class Descriptor {
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{0,16}");
  private static final Pattern FORMAT_OPTION =
      Pattern.compile("[a-z][a-z0-9_]*(=[A-Za-z0-9._-]+)?");
  private static final Set<String> FILE_SYSTEMS = Set.of("ext4", "xfs");

  private final Path file;
  private final TomlTable toml;
  private final String prefix;
  private final Set<String> unread;

  private Descriptor(Path file, TomlTable toml, String prefix) {
    this.file = file;
    this.toml = toml;
    this.prefix = prefix;
    this.unread = new HashSet<>(toml.keySet());
  }

  static Descriptor read(Path file) throws IOException {
    TomlParseResult toml = Toml.parse(file);
    if (toml.hasErrors()) {
      throw new IOException(file + ": " + toml.errors().getFirst());
    }
    return new Descriptor(file, toml, "");
  }

  OutputType type(String name) throws IOException {
    ImageSpec image = image();
    OutputType type =
        new OutputType(
            name,
            image,
            matching("image_name", string("image_name"), FILE_NAME),
            Set.copyOf(strings("disabled_on")),
            strings("tools"),
            strings("direct_tools"),
            arguments());
    // Read by the api-server only, which knows what a blueprint says.
    strings("unsupported_customizations");
    end();
    return type;
  }

  private ImageSpec image() throws IOException {
    String kind = string("kind");
    return switch (kind) {
      case "tar" -> new ImageSpec.Tar(compression());
      case "filesystem" -> new ImageSpec.Filesystem(fileSystem(), label());
      case "disk" -> disk();
      case "iso" -> new ImageSpec.Iso(compression());
      default -> throw unknown("kind", kind);
    };
  }

  private ImageSpec disk() throws IOException {
    List<String> options = strings("format_options");
    for (String option : options) {
      matching("format_options", option, FORMAT_OPTION);
    }
    Set<Firmware> firmware = EnumSet.noneOf(Firmware.class);
    for (String each : strings("firmware")) {
      firmware.add(constant("firmware", each, Firmware.class));
    }
    return new ImageSpec.Disk(
        constant("format", string("format"), Format.class),
        options,
        firmware,
        alignment(),
        archive());
  }

  private Optional<DiskArchive> archive() throws IOException {
    Optional<TomlTable> table = table("archive");
    if (table.isEmpty()) {
      return Optional.empty();
    }
    Descriptor keys = new Descriptor(file, table.get(), "archive.");
    DiskArchive archive =
        new DiskArchive(
            keys.matching("inner_name", keys.string("inner_name"), FILE_NAME), keys.compression());
    keys.end();
    return Optional.of(archive);
  }

  private int alignment() throws IOException {
    Object value = value("align_mib");
    if (value == null) {
      return 1;
    }
    if (value instanceof Long mebibytes && mebibytes >= 1 && mebibytes <= 1 << 20) {
      return mebibytes.intValue();
    }
    throw new IOException(file + ": align_mib must be a number of MiB from 1 to 1048576");
  }

  private String fileSystem() throws IOException {
    String type = string("filesystem");
    if (!FILE_SYSTEMS.contains(type)) {
      throw unknown("filesystem", type);
    }
    return type;
  }

  private String label() throws IOException {
    return toml.contains("label") ? matching("label", string("label"), LABEL) : "";
  }

  private Compression compression() throws IOException {
    return constant("compression", string("compression"), Compression.class);
  }

  private String string(String key) throws IOException {
    return switch (value(key)) {
      case String text -> text;
      case null -> throw new IOException(file + ": the key \"" + prefix + key + "\" is missing");
      default -> throw new IOException(file + ": " + prefix + key + " is not a string");
    };
  }

  private String matching(String key, String text, Pattern pattern) throws IOException {
    if (!pattern.matcher(text).matches()) {
      throw new IOException(file + ": " + prefix + key + " \"" + text + "\" is not allowed");
    }
    return text;
  }

  private <E extends Enum<E>> E constant(String key, String text, Class<E> type)
      throws IOException {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    throw unknown(key, text);
  }

  private List<String> strings(String key) throws IOException {
    return switch (value(key)) {
      case null -> List.of();
      case TomlArray array -> strings(key, array);
      default -> throw new IOException(file + ": " + prefix + key + " is not a list");
    };
  }

  private List<String> strings(String key, TomlArray array) throws IOException {
    List<String> strings = new ArrayList<>();
    for (Object item : array.toList()) {
      if (!(item instanceof String text)) {
        throw new IOException(file + ": " + prefix + key + " holds what is not a string");
      }
      strings.add(text);
    }
    return strings;
  }

  private Map<String, Object> arguments() throws IOException {
    Map<String, Object> arguments = new LinkedHashMap<>();
    Optional<TomlTable> table = table("arguments");
    if (table.isEmpty()) {
      return arguments;
    }
    for (Map.Entry<String, Object> entry : table.get().entrySet()) {
      String key = "arguments." + entry.getKey();
      Object value =
          switch (entry.getValue()) {
            case TomlArray array -> strings(key, array);
            case String text -> text;
            case Long number -> number;
            case Boolean flag -> flag;
            default -> throw new IOException(file + ": " + key + " has a value of another type");
          };
      arguments.put(entry.getKey(), value);
    }
    return arguments;
  }

  private Optional<TomlTable> table(String key) throws IOException {
    return switch (value(key)) {
      case TomlTable table -> Optional.of(table);
      case null -> Optional.empty();
      default -> throw new IOException(file + ": " + prefix + key + " is not a table");
    };
  }

  /** The value of a key; null when it is absent. */
  private Object value(String key) {
    unread.remove(key);
    return toml.get(List.of(key));
  }

  private void end() throws IOException {
    for (String key : unread) {
      throw new IOException(
          file + ": unknown key \"" + prefix + key + "\", or one this kind of image does not have");
    }
  }

  private IOException unknown(String key, String value) {
    return new IOException(file + ": " + prefix + key + " \"" + value + "\" is not known");
  }
}
