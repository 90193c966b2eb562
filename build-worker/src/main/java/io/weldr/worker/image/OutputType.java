package io.weldr.worker.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One output type: {@code composer/NAME.toml} in the share directory, beside its template {@code
 * NAME.ks}. Both belong to root; a client names the type and nothing else.
 *
 * @param image what the image builder makes
 * @param imageName base name of the image in the results directory
 * @param disabledOn machines ({@code uname -m}) the type is not for
 * @param tools executables of the host the builder runs
 * @param directTools those it runs besides where the direct installer makes the disk
 * @param arguments keys of config.toml that differ from the common ones; values are strings,
 *     numbers, booleans or lists of strings
 */
public record OutputType(
    String name,
    ImageSpec image,
    String imageName,
    Set<String> disabledOn,
    List<String> tools,
    List<String> directTools,
    Map<String, Object> arguments) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  public OutputType {
    disabledOn = Set.copyOf(disabledOn);
    tools = List.copyOf(tools);
    directTools = List.copyOf(directTools);
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
    return Descriptor.read(descriptor(shareDirectory, name)).type(name);
  }

  private static Path descriptor(Path shareDirectory, String name) {
    return shareDirectory.resolve("composer").resolve(name + ".toml");
  }
}
