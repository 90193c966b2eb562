package io.weldr.api.compose;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** The values of a descriptor, or of a table in one, with the forms that the worker takes. */
final class DescriptorValues {
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern GZIP = Pattern.compile("gzip");

  private static final Map<String, Pattern> TEXTS =
      new TreeMap<>(
          Map.of(
              "image_name", FILE_NAME,
              "compression", Pattern.compile("none|xz|zstd|gzip"),
              "filesystem", Pattern.compile("ext4"),
              "label", Pattern.compile("[A-Za-z0-9._-]{0,16}"),
              "format", Pattern.compile("raw|qcow2|vmdk|vpc|vhdx")));

  private static final Map<String, Pattern> LISTS =
      new TreeMap<>(
          Map.of(
              "firmware", Pattern.compile("bios|uefi"),
              "format_options", Pattern.compile("[a-z][a-z0-9_]*(=[A-Za-z0-9._-]+)?")));

  private static final Map<String, Pattern> ARCHIVE =
      new TreeMap<>(Map.of("inner_name", FILE_NAME, "compression", GZIP));

  private static final long LARGEST_ALIGNMENT = 1 << 20;

  private final TomlTable table;

  DescriptorValues(TomlTable table) {
    this.table = table;
  }

  /**
   * Checks every value.
   *
   * @param required keys that must be there besides {@code image_name}
   */
  void check(Set<String> required) throws IOException {
    text("image_name");
    for (String key : new TreeSet<>(required)) {
      text(key);
    }
    checkTexts(TEXTS);
    for (Map.Entry<String, Pattern> each : LISTS.entrySet()) {
      for (String text : texts(each.getKey())) {
        match(each.getKey(), text, each.getValue());
      }
    }
    checkAlignment();
    checkArchive();
    checkArguments();
  }

  private void checkTexts(Map<String, Pattern> forms) throws IOException {
    for (Map.Entry<String, Pattern> each : forms.entrySet()) {
      if (table.contains(List.of(each.getKey()))) {
        match(each.getKey(), text(each.getKey()), each.getValue());
      }
    }
  }

  private static void match(String key, String text, Pattern form) throws IOException {
    if (!form.matcher(text).matches()) {
      throw new IOException(key + " cannot be \"" + text + "\"");
    }
  }

  private void checkAlignment() throws IOException {
    Object value = table.get(List.of("align_mib"));
    boolean good = value instanceof Long mib && mib >= 1 && mib <= LARGEST_ALIGNMENT;
    if (value != null && !good) {
      throw new IOException("align_mib must be a number of MiB from 1 to " + LARGEST_ALIGNMENT);
    }
  }

  private void checkArchive() throws IOException {
    Object value = table.get(List.of("archive"));
    if (value == null) {
      return;
    }
    if (!(value instanceof TomlTable archive) || !archive.keySet().equals(ARCHIVE.keySet())) {
      throw new IOException("archive must be a table with inner_name and compression");
    }
    new DescriptorValues(archive).checkTexts(ARCHIVE);
  }

  /** Nothing reads them; config.toml of the results shows them. */
  private void checkArguments() throws IOException {
    Object value = table.get(List.of("arguments"));
    if (value != null && !(value instanceof TomlTable)) {
      throw new IOException("arguments must be a table");
    }
    if (value instanceof TomlTable arguments) {
      DescriptorValues values = new DescriptorValues(arguments);
      for (Map.Entry<String, Object> each : arguments.entrySet()) {
        boolean plain =
            each.getValue() instanceof String
                || each.getValue() instanceof Long
                || each.getValue() instanceof Boolean;
        if (!plain) {
          values.texts(each.getKey());
        }
      }
    }
  }

  /** A text that must be there. */
  String text(String key) throws IOException {
    return switch (table.get(List.of(key))) {
      case String text -> text;
      case null -> throw new IOException("the key " + key + " is missing");
      default -> throw new IOException(key + " must be a text");
    };
  }

  /** A list of texts, empty when it is not there. */
  List<String> texts(String key) throws IOException {
    Object value = table.get(List.of(key));
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
