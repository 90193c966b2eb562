package io.weldr.api.depsolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.source.HostSources;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our solutions are those of {@code apt-get} itself, from an empty root and the host's sources. */
@Tag("archive")
@Timeout(900)
class AptEqualityTest {
  private static final Path SCRIPT = Path.of("../share/depsolve/apt.py").toAbsolutePath();

  /** {@code 'URL' NAME_VERSION_ARCHITECTURE.deb SIZE HASH}. */
  private static final Pattern FETCHED =
      Pattern.compile("'[^']+' ([^_ ]+)_([^_ ]+)_([^_ ]+)\\.deb .*");

  private static final int RANDOM_SETS = 50;

  /** Of apt-get at a time. */
  private static final int PROCESSES = 2;

  /** Images for containers switch the caches off; reading the lists takes a second each time. */
  private static final List<String> COMMAND =
      List.of(
          "/usr/bin/apt-get",
          "--option=Dir::Cache::pkgcache=pkgcache.bin",
          "--option=Dir::Cache::srcpkgcache=srcpkgcache.bin");

  private static final List<List<String>> COMMON =
      List.of(
          List.of("bash"),
          List.of("systemd-sysv", "openssh-server", "sudo"),
          List.of("nginx", "postgresql", "php-fpm"),
          List.of("linux-image-amd64", "grub-efi-amd64", "initramfs-tools"),
          List.of("task-gnome-desktop"),
          List.of("exim4", "postfix-doc"),
          List.of("postfix", "bsd-mailx"),
          List.of("default-jdk", "maven"),
          List.of("apache2", "libapache2-mod-php", "mariadb-server"),
          List.of("cloud-init", "network-manager", "chrony"));

  @TempDir Path directory;

  @Test
  void theSameVersionsOfTheSamePackagesAreInstalled() throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Adapter adapter = Adapter.of(SCRIPT, cache);
    HostSources host = new AdapterHostSources(adapter);
    SourceStore sources = SourceStore.open(directory.resolve("sources"), PackageFamily.APT, host);
    Path configuration = configuration();
    assertEquals(0, apt(configuration, "update").exit());
    // Makes the caches that the others read.
    assertEquals(0, apt(configuration, "check").exit());
    List<String> different = new ArrayList<>();
    int solved = 0;
    try (ExecutorService processors = Executors.newFixedThreadPool(PROCESSES);
        AdapterDepsolver depsolver = new AdapterDepsolver(adapter, Duration.ofHours(6));
        PackageCatalog catalog =
            new PackageCatalog(adapter, sources, Duration.ofHours(6), Duration.ofMinutes(5))) {
      catalog.start();
      Map<List<String>, Future<Optional<Set<String>>>> answers = new LinkedHashMap<>();
      for (List<String> names : sets(catalog.index())) {
        answers.put(names, processors.submit(() -> theirs(configuration, names)));
      }
      for (Map.Entry<List<String>, Future<Optional<Set<String>>>> answer : answers.entrySet()) {
        List<String> names = answer.getKey();
        Optional<Set<String>> ours = ours(depsolver, sources.list(), names);
        Optional<Set<String>> theirs = answer.getValue().get();
        solved += theirs.isPresent() ? 1 : 0;
        if (!ours.equals(theirs)) {
          different.add(names + ": " + difference(ours, theirs));
        }
      }
    }
    assertEquals(List.of(), different);
    assertTrue(solved >= RANDOM_SETS, solved + " sets had a solution");
  }

  private static List<List<String>> sets(PackageIndex index) {
    Random random = new Random(4);
    List<List<String>> sets = new ArrayList<>(COMMON);
    for (int i = 0; i < RANDOM_SETS; i++) {
      List<String> names = new ArrayList<>();
      for (int n = 1 + i % 5; n > 0; n--) {
        names.add(index.name(random.nextInt(index.size())));
      }
      sets.add(names);
    }
    return sets;
  }

  private static Optional<Set<String>> ours(
      AdapterDepsolver depsolver, List<Source> sources, List<String> names)
      throws DepsolveException {
    List<PackageRequest> wanted = names.stream().map(PackageRequest::any).toList();
    try {
      return Optional.of(
          depsolver.solve(SolveRequest.of(sources, wanted, List.of())).stream()
              .map(SolvedPackage::version)
              .map(version -> version.name() + " " + version.frozen())
              .collect(Collectors.toCollection(TreeSet::new)));
    } catch (DepsolveException e) {
      if (e.reason() == DepsolveException.Reason.UNSOLVABLE
          || e.reason() == DepsolveException.Reason.CONFLICT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * What apt-get would download is what it would install. That it tells sooner than the order of
   * all steps of an installation, which takes longer than everything else together.
   */
  private static Optional<Set<String>> theirs(Path configuration, List<String> names)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("--print-uris", "--yes", "--no-install-recommends", "install"));
    arguments.addAll(names);
    Answer answer = apt(configuration, arguments.toArray(String[]::new));
    if (answer.exit() != 0) {
      return Optional.empty();
    }
    Set<String> installed = new TreeSet<>();
    for (String line : answer.lines()) {
      Matcher matcher = FETCHED.matcher(line);
      if (matcher.matches()) {
        String version = matcher.group(2).replace("%3a", ":");
        installed.add(matcher.group(1) + " " + version + "." + matcher.group(3));
      }
    }
    return Optional.of(installed);
  }

  private static String difference(Optional<Set<String>> ours, Optional<Set<String>> theirs) {
    if (ours.isEmpty() || theirs.isEmpty()) {
      return ours.isEmpty() ? "we found no solution" : "apt-get found no solution";
    }
    return "only ours "
        + ours.get().stream().filter(item -> !theirs.get().contains(item)).toList()
        + ", only theirs "
        + theirs.get().stream().filter(item -> !ours.get().contains(item)).toList();
  }

  private record Answer(int exit, List<String> lines) {}

  private static Answer apt(Path configuration, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(COMMAND.stream(), Stream.of(arguments)).toList());
    builder.environment().put("APT_CONFIG", configuration.toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.redirectErrorStream(true).start();
    List<String> lines = process.inputReader().readAllLines();
    return new Answer(process.waitFor(), lines);
  }

  /** The host's sources, and nothing installed. */
  private Path configuration() throws IOException {
    Path state = Files.createDirectories(directory.resolve("apt/lists/partial")).getParent();
    Files.createDirectories(directory.resolve("apt/cache/archives/partial"));
    Path status = Files.createFile(directory.resolve("apt/status"));
    return Files.writeString(
        directory.resolve("apt.conf"),
        """
        Dir::State "%s";
        Dir::State::lists "%s/";
        Dir::State::status "%s";
        Dir::Cache "%s";
        Dir::Etc::preferences "/dev/null";
        Dir::Etc::preferencesparts "/dev/null";
        Debug::NoLocking "true";
        APT::Sandbox::User "root";
        """
            .formatted(directory.resolve("apt"), state, status, directory.resolve("apt/cache")));
  }
}
