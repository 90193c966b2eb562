package io.weldr.api.server;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the command line asks for.
 *
 * @param socket absolute path of the socket to listen on
 * @param user name of the user the requests are served as
 * @param group name of the group that may use the socket
 * @param log the main log
 * @param shareDirectory overrides {@code share_dir} of the configuration
 * @param configuration the configuration file
 * @param configurationNamed whether the file was named, so that it must exist
 * @param releasever overrides {@code releasever} of the configuration
 * @param distro overrides {@code distro} of the configuration
 * @param temporaryDirectory top temporary directory
 * @param proxy overrides {@code proxy} of the configuration
 * @param systemSources whether the sources of the host are used
 * @param blueprints directory of the blueprint store and of the files to import
 */
public record CommandLine(
    Path socket,
    String user,
    String group,
    Path log,
    Optional<Path> shareDirectory,
    Path configuration,
    boolean configurationNamed,
    Optional<String> releasever,
    Optional<String> distro,
    Path temporaryDirectory,
    Optional<String> proxy,
    boolean systemSources,
    Path blueprints) {

  /** What the program is asked to do. */
  sealed interface Request {
    /** Serve. */
    record Run(CommandLine commandLine) implements Request {}

    /** Print the version. */
    record ShowVersion() implements Request {}

    /** Print the usage. */
    record ShowHelp() implements Request {}
  }

  private static final int MAX_FILE_DEPTH = 8;

  /**
   * Reads the arguments. {@code @FILE} stands for the lines of FILE, one argument each.
   *
   * @throws UsageException says what cannot be understood
   */
  static Request parse(List<String> arguments) throws UsageException {
    Map<Option, String> options = new EnumMap<>(Option.class);
    List<String> operands = new ArrayList<>();
    List<String> words = expand(arguments, 0);
    boolean onlyOperands = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (onlyOperands || !word.startsWith("-") || word.equals("-")) {
        operands.add(word);
      } else if (word.equals("--")) {
        onlyOperands = true;
      } else {
        i = option(words, i, options);
      }
    }
    if (options.containsKey(Option.HELP)) {
      return new Request.ShowHelp();
    }
    if (options.containsKey(Option.VERSION)) {
      return new Request.ShowVersion();
    }
    return new Request.Run(of(options, operands));
  }

  /** Stores the option at an index; the index of its last word. */
  private static int option(List<String> words, int index, Map<Option, String> options)
      throws UsageException {
    String word = words.get(index);
    int equals = word.startsWith("--") ? word.indexOf('=') : -1;
    if (word.startsWith("-c") && word.length() > 2) {
      options.put(Option.CONFIG, word.substring(2));
      return index;
    }
    Option option = Option.of(equals < 0 ? word : word.substring(0, equals));
    if (!option.takesValue()) {
      if (equals >= 0) {
        throw new UsageException("argument " + option.text() + ": takes no value");
      }
      options.put(option, "");
      return index;
    }
    if (equals >= 0) {
      options.put(option, word.substring(equals + 1));
      return index;
    }
    if (index + 1 >= words.size() || words.get(index + 1).startsWith("--")) {
      throw new UsageException("argument " + option.text() + ": expected one argument");
    }
    options.put(option, words.get(index + 1));
    return index + 1;
  }

  private static CommandLine of(Map<Option, String> options, List<String> operands)
      throws UsageException {
    if (operands.isEmpty()) {
      throw new UsageException("the following arguments are required: BLUEPRINTS");
    }
    if (operands.size() > 1) {
      throw new UsageException(
          "unrecognized arguments: " + String.join(" ", operands.subList(1, operands.size())));
    }
    String config = options.getOrDefault(Option.CONFIG, "/etc/lorax/composer.conf");
    return new CommandLine(
        path(options.getOrDefault(Option.SOCKET, "/run/weldr/api.socket")),
        options.getOrDefault(Option.USER, "weldr"),
        options.getOrDefault(Option.GROUP, "weldr"),
        path(options.getOrDefault(Option.LOG, "/var/log/weldr-composer/composer.log")),
        optionalPath(options, Option.SHAREDIR),
        path(config),
        options.containsKey(Option.CONFIG),
        text(options, Option.RELEASEVER),
        text(options, Option.DISTRO),
        path(options.getOrDefault(Option.TMP, "/var/tmp")),
        text(options, Option.PROXY),
        !options.containsKey(Option.NO_SYSTEM_REPOS),
        path(operands.getFirst()));
  }

  private static Optional<String> text(Map<Option, String> options, Option option) {
    return Optional.ofNullable(options.get(option)).filter(value -> !value.isEmpty());
  }

  private static Optional<Path> optionalPath(Map<Option, String> options, Option option)
      throws UsageException {
    Optional<String> value = text(options, option);
    return value.isEmpty() ? Optional.empty() : Optional.of(path(value.get()));
  }

  private static Path path(String text) throws UsageException {
    try {
      if (text.isEmpty()) {
        throw new UsageException("a path may not be empty");
      }
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new UsageException("not a path: " + e.getReason());
    }
  }

  private static List<String> expand(List<String> arguments, int depth) throws UsageException {
    if (depth > MAX_FILE_DEPTH) {
      throw new UsageException("argument files are nested too deeply");
    }
    List<String> words = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.length() > 1 && argument.startsWith("@")) {
        words.addAll(expand(lines(path(argument.substring(1))), depth + 1));
      } else {
        words.add(argument);
      }
    }
    return words;
  }

  private static List<String> lines(Path file) throws UsageException {
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw new UsageException("argument file " + file + " is not UTF-8");
    } catch (IOException e) {
      throw new UsageException("cannot read argument file " + file);
    }
  }

  /** The text for {@code --help} and, its first line, for usage errors. */
  static String usage() {
    return "usage: weldr-composer [options] BLUEPRINTS";
  }

  /** The usage and a line for every option. */
  static String help() {
    return Arrays.stream(Option.values())
        .map(Option::help)
        .collect(
            Collectors.joining(
                "\n",
                usage() + "\n\n",
                "\n  %-24s %s".formatted("BLUEPRINTS", "directory of the blueprint store")));
  }
}
