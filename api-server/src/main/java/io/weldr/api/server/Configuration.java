package io.weldr.api.server;

import io.weldr.api.depsolve.SolverSettings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The configuration file with the options of the command line applied. Unknown keys are ignored, as
 * lorax-composer does, so that its files can be used.
 *
 * @param shareDirectory templates, distributions, helper programs: {@code [composer] share_dir}
 * @param libDirectory blueprints, sources, results: {@code [composer] lib_dir}
 * @param cacheDirectory package metadata, writable: {@code [composer] cache_dir}
 * @param workerSocket socket of build-worker: {@code [composer] worker_socket}
 * @param listLimit length of a list when the request gives none: {@code [composer] list_limit}
 * @param backend name in the status reply: {@code [composer] backend}
 * @param releasever release for source URLs: {@code [composer] releasever}
 * @param distro the distribution to compose, ID-VERSION: {@code [composer] distro}
 * @param systemSources whether the host's sources are used: {@code [repos] use_system_repos}
 * @param proxy for package access: {@code [dnf] proxy}
 * @param verifyTls whether servers must show a valid certificate: {@code [dnf] sslverify}
 * @param solver {@code [dnf] install_weak_deps} and {@code [dnf] excludepkgs}
 * @param gitDirectories below which repositories of this host may lie: {@code [composer]
 *     git_directories}
 * @param gitSshDirectory known hosts and keys for ssh: {@code [composer] git_ssh_directory}
 */
public record Configuration(
    Path shareDirectory,
    Path libDirectory,
    Path cacheDirectory,
    Path workerSocket,
    int listLimit,
    String backend,
    Optional<String> releasever,
    Optional<String> distro,
    boolean systemSources,
    Optional<String> proxy,
    boolean verifyTls,
    SolverSettings solver,
    List<Path> gitDirectories,
    Optional<Path> gitSshDirectory) {

  private static final String SSH_DIRECTORY = "git_ssh_directory";
  private static final int MAX_LIST_LIMIT = 100_000;
  private static final Pattern PROXY =
      Pattern.compile("https?://([A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:]+\\])(:[0-9]{1,5})?/?");

  /**
   * Reads the file that the command line names and applies the command line's options.
   *
   * @throws StartupException names file, line or key
   */
  static Configuration read(CommandLine commandLine) throws StartupException {
    return of(ini(commandLine), commandLine);
  }

  private static IniFile ini(CommandLine commandLine) throws StartupException {
    Path file = commandLine.configuration();
    try {
      return IniFile.parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      if (commandLine.configurationNamed()) {
        throw new StartupException("Configuration file " + file + " does not exist.", e);
      }
      return IniFile.empty();
    } catch (CharacterCodingException e) {
      throw new StartupException("Configuration file " + file + " is not UTF-8.", e);
    } catch (IOException e) {
      throw new StartupException("Cannot read configuration file " + file + ".", e);
    }
  }

  static Configuration of(IniFile ini, CommandLine commandLine) throws StartupException {
    Optional<Path> share = commandLine.shareDirectory();
    return new Configuration(
        share.isPresent() ? share.get() : path(ini, "share_dir", "/usr/share/weldr-composer"),
        path(ini, "lib_dir", "/var/lib/lorax/composer"),
        path(ini, "cache_dir", "/var/cache/weldr-composer-api"),
        path(ini, "worker_socket", "/run/weldr-worker/worker.socket"),
        listLimit(ini),
        backend(ini),
        release(
            "releasever", commandLine.releasever().or(() -> ini.value("composer", "releasever"))),
        release("distro", commandLine.distro().or(() -> ini.value("composer", "distro"))),
        commandLine.systemSources() && flag(ini, "repos", "use_system_repos", "1"),
        proxy(commandLine.proxy().or(() -> ini.value("dnf", "proxy"))),
        flag(ini, "dnf", "sslverify", "1"),
        new SolverSettings(flag(ini, "dnf", "install_weak_deps", "0"), excluded(ini)),
        gitDirectories(ini),
        ini.value("composer", SSH_DIRECTORY).isEmpty()
            ? Optional.empty()
            : Optional.of(path(ini, SSH_DIRECTORY, "")));
  }

  private static Path path(IniFile ini, String key, String standard) throws StartupException {
    String value = ini.value("composer", key).orElse(standard);
    try {
      Path path = Path.of(value);
      if (!path.isAbsolute()) {
        throw new StartupException("[composer] " + key + " must be an absolute path.");
      }
      return path.normalize();
    } catch (InvalidPathException e) {
      throw new StartupException("[composer] " + key + " is not a path.", e);
    }
  }

  private static List<Path> gitDirectories(IniFile ini) throws StartupException {
    List<Path> directories = new ArrayList<>();
    for (String text : ini.value("composer", "git_directories").orElse("").split("[\\s,]+")) {
      if (!text.isEmpty() && !text.matches("(/[A-Za-z0-9][A-Za-z0-9._+-]*)+")) {
        throw new StartupException(
            "[composer] git_directories must be absolute paths between commas.");
      }
      if (!text.isEmpty()) {
        directories.add(Path.of(text));
      }
    }
    return List.copyOf(directories);
  }

  private static Optional<String> release(String key, Optional<String> value)
      throws StartupException {
    if (value.isPresent() && !value.get().matches("[A-Za-z0-9][A-Za-z0-9._~+-]{0,63}")) {
      throw new StartupException(
          key + " must be letters, digits and the characters . _ ~ + -, at most 64 of them.");
    }
    return value;
  }

  private static int listLimit(IniFile ini) throws StartupException {
    String value = ini.value("composer", "list_limit").orElse("20");
    if (!value.matches("[0-9]{1,6}") || Integer.parseInt(value) > MAX_LIST_LIMIT) {
      throw new StartupException(
          "[composer] list_limit must be a number from 0 to " + MAX_LIST_LIMIT + ".");
    }
    return Integer.parseInt(value);
  }

  private static String backend(IniFile ini) throws StartupException {
    String value = ini.value("composer", "backend").orElse("weldr-composer");
    if (!value.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new StartupException(
          "[composer] backend must be up to 64 letters, digits, dots, underscores and hyphens.");
    }
    return value;
  }

  /** Without a password: it would be seen among the arguments of processes. */
  private static Optional<String> proxy(Optional<String> url) throws StartupException {
    if (url.isPresent() && !PROXY.matcher(url.get()).matches()) {
      throw new StartupException(
          "The proxy must be an http or https address without user name, path, blanks and quotes.");
    }
    return url;
  }

  /** Globs of package names between commas or blanks, as dnf has them. */
  private static List<String> excluded(IniFile ini) throws StartupException {
    String value = ini.value("dnf", "excludepkgs").orElse("");
    List<String> globs =
        Arrays.stream(value.split("[\\s,]+")).filter(glob -> !glob.isEmpty()).toList();
    for (String glob : globs) {
      if (!glob.matches(SolverSettings.GLOB)) {
        throw new StartupException(
            "[dnf] excludepkgs must be names or globs of packages between commas.");
      }
    }
    return globs;
  }

  /** A yes-or-no value in any of the words that Python's configparser knows. */
  private static boolean flag(IniFile ini, String section, String key, String standard)
      throws StartupException {
    return switch (ini.value(section, key).orElse(standard).toLowerCase(Locale.ROOT)) {
      case "1", "yes", "true", "on" -> true;
      case "0", "no", "false", "off" -> false;
      default ->
          throw new StartupException(
              "[%s] %s must be 1, yes, true, on, 0, no, false or off.".formatted(section, key));
    };
  }
}
