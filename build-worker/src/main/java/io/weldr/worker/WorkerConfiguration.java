package io.weldr.worker;

import com.sun.management.OperatingSystemMXBean;
import io.weldr.worker.audit.AuditLog;
import io.weldr.worker.job.CacheBound;
import io.weldr.worker.job.Retention;
import io.weldr.worker.spec.GitAccess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlInvalidTypeException;
import org.tomlj.TomlParseResult;

/**
 * Settings of the worker: a TOML file of plain keys. A missing key has its default; an unknown one
 * is an error.
 *
 * @param slots composes that run at once
 * @param xzLevel 0 to 9; empty = the build chooses
 * @param sourceDateEpoch seconds since 1970 for images that can be made again bit for bit
 * @param distro ID or ID-VERSION of what images are made for; empty = as this host
 * @param anaconda where it is, if it is installed
 * @param anacondaTimeoutMinutes longest a run of it may take
 * @param git {@code git_directories} and {@code git_ssh_directory}
 * @param java the java program that runs job processes
 */
record WorkerConfiguration(
    Path libDir,
    Path cacheDir,
    Path shareDir,
    Path socket,
    String apiUser,
    String group,
    int slots,
    Path auditLog,
    OptionalInt xzLevel,
    OptionalLong sourceDateEpoch,
    int testComposeSeconds,
    int maxQueue,
    int jobTimeoutMinutes,
    int jobHangMinutes,
    int jobMemoryMib,
    int jobProcesses,
    int jobCpuWeight,
    AuditLog.Rotation auditRotation,
    Retention retention,
    CacheBound cacheBound,
    int lowSpaceMib,
    Optional<String> distro,
    InstallerChoice installer,
    Path anaconda,
    int anacondaTimeoutMinutes,
    GitAccess git,
    Path java) {

  static final Path DEFAULT_FILE = Path.of("/etc/weldr-composer/build-worker.toml");

  private static final int LEAST_MEMORY_MIB = 1024;

  /** ID and VERSION_ID of os-release(5). */
  private static final Pattern DISTRO =
      Pattern.compile("[a-z0-9][a-z0-9._]*(-[a-z0-9][a-z0-9._]*)?");

  private static final List<String> KEYS =
      List.of(
          "lib_dir",
          "cache_dir",
          "share_dir",
          "socket",
          "api_user",
          "group",
          "slots",
          "audit_log",
          "xz_level",
          "source_date_epoch",
          "test_compose_seconds",
          "max_queue",
          "job_timeout_minutes",
          "job_hang_minutes",
          "job_memory_mib",
          "job_processes",
          "job_cpu_weight",
          "audit_log_mib",
          "audit_log_keep",
          "keep_results",
          "keep_results_days",
          "keep_results_mib",
          "cache_mib",
          "cache_days",
          "low_space_mib",
          "distro",
          "installer",
          "anaconda",
          "anaconda_timeout_minutes",
          "git_directories",
          "git_ssh_directory",
          "java");

  /**
   * Reads a file.
   *
   * @throws ConfigurationException naming every problem with its line
   */
  static WorkerConfiguration read(Path file) throws ConfigurationException {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new ConfigurationException(file + " cannot be read: " + e);
    }
  }

  /** The defaults alone. */
  static WorkerConfiguration defaults() throws ConfigurationException {
    return parse("", "");
  }

  static WorkerConfiguration parse(String name, String text) throws ConfigurationException {
    TomlParseResult toml = Toml.parse(text);
    List<String> problems = new ArrayList<>();
    toml.errors().forEach(error -> problems.add(error.toString()));
    for (Map.Entry<String, Object> entry : toml.entrySet()) {
      if (!KEYS.contains(entry.getKey())) {
        problems.add(unknown(entry.getKey()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(name + ": " + String.join("; ", problems));
    }
    return new Reader(name, toml).configuration();
  }

  private static String unknown(String key) {
    String shown = key.length() > 40 ? key.substring(0, 40) : key;
    Optional<String> near = NearestName.of(key, KEYS);
    return "unknown key \""
        + shown
        + "\""
        + near.map(n -> ", did you mean \"" + n + "\"?").orElse("");
  }

  /** Values with their defaults and bounds. */
  private record Reader(String name, TomlParseResult toml) {
    WorkerConfiguration configuration() throws ConfigurationException {
      int cores = Runtime.getRuntime().availableProcessors();
      int slots = number("slots", Math.max(1, cores / 2), 1, 64);
      Path cacheDir = path("cache_dir", "/var/cache/weldr-composer/packages");
      int level = number("xz_level", -1, 0, 9);
      int epoch = number("source_date_epoch", -1, 0, Integer.MAX_VALUE);
      return new WorkerConfiguration(
          path("lib_dir", "/var/lib/lorax/composer"),
          cacheDir,
          path("share_dir", "/usr/share/weldr-composer"),
          path("socket", "/run/weldr-worker/worker.socket"),
          string("api_user", "weldr"),
          string("group", "weldr"),
          slots,
          path("audit_log", "/var/log/weldr-composer/worker-audit.log"),
          level < 0 ? OptionalInt.empty() : OptionalInt.of(level),
          epoch < 0 ? OptionalLong.empty() : OptionalLong.of(epoch),
          number("test_compose_seconds", 5, 0, 3600),
          number("max_queue", 1000, 1, 100_000),
          number("job_timeout_minutes", 120, 1, 10_080),
          number("job_hang_minutes", 30, 1, 10_080),
          number("job_memory_mib", memoryPerSlot(slots), 64, 1 << 24),
          number("job_processes", 4096, 16, 1 << 22),
          number("job_cpu_weight", 50, 1, 10_000),
          new AuditLog.Rotation(
              mebibytes("audit_log_mib", 64, 1), number("audit_log_keep", 8, 1, 1000)),
          new Retention(
              number("keep_results", 0, 0, 1_000_000),
              Duration.ofDays(number("keep_results_days", 0, 0, 36_500)),
              mebibytes("keep_results_mib", 0, 0)),
          new CacheBound(
              cacheDir,
              mebibytes("cache_mib", 10_240, 0),
              Duration.ofDays(number("cache_days", 0, 0, 36_500))),
          number("low_space_mib", 2048, 0, Integer.MAX_VALUE),
          distro(),
          installer(),
          path("anaconda", InstallerChoice.usualProgram()),
          number("anaconda_timeout_minutes", 60, 1, 10_080),
          new GitAccess(paths("git_directories"), optionalPath("git_ssh_directory")),
          path("java", System.getProperty("java.home") + "/bin/java"));
    }

    private InstallerChoice installer() throws ConfigurationException {
      String word = string("installer", InstallerChoice.AUTO.word());
      for (InstallerChoice choice : InstallerChoice.values()) {
        if (choice.word().equals(word)) {
          return choice;
        }
      }
      throw new ConfigurationException(
          at("installer") + "must be \"auto\", \"direct\" or \"anaconda\"");
    }

    private Optional<String> distro() throws ConfigurationException {
      if (!toml.contains("distro")) {
        return Optional.empty();
      }
      String distro = string("distro", "");
      if (!DISTRO.matcher(distro).matches()) {
        throw new ConfigurationException(at("distro") + "must be like \"fedora-42\"");
      }
      return Optional.of(distro);
    }

    /** Bytes of a key in MiB. */
    private long mebibytes(String key, int otherwise, int least) throws ConfigurationException {
      return (long) number(key, otherwise, least, Integer.MAX_VALUE) << 20;
    }

    /** Three quarters of the host's memory for all jobs together, but enough for one to work. */
    private static int memoryPerSlot(int slots) {
      var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      long mib = system.getTotalMemorySize() >> 20;
      return (int) Math.max(LEAST_MEMORY_MIB, mib * 3 / 4 / slots);
    }

    private Optional<Path> optionalPath(String key) throws ConfigurationException {
      return toml.contains(key) ? Optional.of(path(key, "")) : Optional.empty();
    }

    private Path path(String key, String otherwise) throws ConfigurationException {
      return absolute(key, string(key, otherwise));
    }

    private List<Path> paths(String key) throws ConfigurationException {
      List<Path> paths = new ArrayList<>();
      try {
        for (Object item : toml.getArrayOrEmpty(key).toList()) {
          if (!(item instanceof String text) || text.indexOf('\0') >= 0) {
            throw new ConfigurationException(at(key) + "must have strings in quotes");
          }
          paths.add(absolute(key, text));
        }
      } catch (TomlInvalidTypeException e) {
        throw new ConfigurationException(at(key) + "must be a list in brackets");
      }
      return List.copyOf(paths);
    }

    private Path absolute(String key, String text) throws ConfigurationException {
      Path path = Path.of(text);
      if (!path.isAbsolute() || !path.normalize().equals(path)) {
        throw new ConfigurationException(at(key) + "must be an absolute path without . and ..");
      }
      return path;
    }

    private String string(String key, String otherwise) throws ConfigurationException {
      try {
        String value = toml.getString(key, () -> otherwise);
        if (value.isEmpty() || value.indexOf('\0') >= 0) {
          throw new ConfigurationException(at(key) + "must not be empty");
        }
        return value;
      } catch (TomlInvalidTypeException e) {
        throw new ConfigurationException(at(key) + "must be a string in quotes");
      }
    }

    private int number(String key, int otherwise, int least, int most)
        throws ConfigurationException {
      try {
        if (!toml.contains(key)) {
          return otherwise;
        }
        long value = toml.getLong(key, () -> otherwise);
        if (value < least || value > most) {
          throw new ConfigurationException(at(key) + "must be from " + least + " to " + most);
        }
        return (int) value;
      } catch (TomlInvalidTypeException e) {
        throw new ConfigurationException(at(key) + "must be a number");
      }
    }

    private String at(String key) {
      var position = toml.inputPositionOf(key);
      String line = position == null ? "" : " line " + position.line();
      return name + line + ": " + key + " ";
    }
  }
}
