package io.weldr.api.depsolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our solutions are those of the program {@code dnf} itself, from an empty root: of thousands of
 * generated packages that depend on each other, by name, version, group, environment and module.
 */
@Timeout(900)
class DnfEqualityTest {
  private static final Path SCRIPT = Path.of("../share/depsolve/dnf.py").toAbsolutePath();
  private static final int PACKAGES = 3_000;

  /** Of a transaction's table: name, architecture, [epoch:]version-release, repository. */
  private static final Pattern ROW = Pattern.compile(" (\\S+) +(\\S+) +(\\S+-\\S+) +tiny +.*");

  /** The ends of chains of reasons. */
  private static final Pattern REASON =
      Pattern.compile("nothing provides (\\S+)|conflicts with (\\S+)");

  @TempDir private static Path directory;
  private static TinyArchive repository;
  private static List<String> names;

  @BeforeAll
  static void makeRepository() throws Exception {
    repository = new TinyArchive(directory, PackageFamily.RPM, PACKAGES, 7);
    Files.writeString(
        directory.resolve("dnf.conf"),
        "[main]\nplugins=0\nreposdir=/nonexistent\nmodule_platform_id=platform:el9\ncachedir=%s\n"
            .formatted(directory.resolve("dnf")));
    names =
        run("repoquery", "--queryformat", "%{name}", "--all").lines().stream()
            .filter(line -> line.matches("(base|lib|app|python3|perl|font|data)(-[0-9]+)?"))
            .distinct()
            .toList();
    assertTrue(names.size() > PACKAGES / 2, names.size() + " names");
  }

  @AfterAll
  static void closeRepository() {
    repository.close();
  }

  /** What is asked for; a package is a name, or a name and a version glob. */
  private record Wanted(List<PackageRequest> packages, List<String> groups) {

    /** In the words of dnf. */
    List<String> arguments() {
      return Stream.concat(
              groups.stream().map(group -> "@" + group),
              packages.stream()
                  .map(p -> p.version().equals("*") ? p.name() : p.name() + "-" + p.version()))
          .toList();
    }
  }

  private static List<Wanted> sets(int count) {
    Random random = new Random(count);
    List<Wanted> sets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<PackageRequest> packages = new ArrayList<>();
      for (int n = random.nextInt(1, 7); n > 0; n--) {
        String name = names.get(random.nextInt(names.size()));
        packages.add(new PackageRequest(name, random.nextInt(8) == 0 ? "1.*" : "*"));
      }
      List<String> groups = new ArrayList<>();
      switch (i % 6) {
        case 1, 2 -> groups.add("group-" + random.nextInt(PACKAGES / 50));
        case 3 -> groups.add("environment-" + random.nextInt(PACKAGES / 200));
        case 4 -> groups.add("mod-" + random.nextInt(PACKAGES / 100));
        case 5 -> {
          groups.add("mod-%d:%d/minimal".formatted(random.nextInt(30), random.nextInt(1, 4)));
          packages.add(PackageRequest.any("mod-" + random.nextInt(30)));
        }
        default -> packages.add(PackageRequest.any("virtual-" + random.nextInt(20)));
      }
      sets.add(new Wanted(packages, groups));
    }
    sets.add(new Wanted(List.of(PackageRequest.any("no-such-package")), List.of()));
    sets.add(new Wanted(List.of(), List.of("no-such-group")));
    sets.add(new Wanted(List.of(PackageRequest.any("/usr/bin/" + names.get(9))), List.of()));
    return sets;
  }

  @Test
  void theSamePackagesAreInstalled() throws Exception {
    compare(false, 56, 35);
  }

  @Test
  void andTheSameWeakDependencies() throws Exception {
    compare(true, 8, 4);
  }

  private static void compare(boolean weak, int sets, int leastSolved) throws Exception {
    Path cache = Files.createTempDirectory(directory, "cache");
    Adapter adapter =
        new Adapter(
            SCRIPT,
            cache,
            Optional.empty(),
            true,
            Optional.of(new RpmRelease("9", "platform:el9")),
            new SolverSettings(weak, List.of()));
    List<String> different = new ArrayList<>();
    int solved = 0;
    int unsolvable = 0;
    try (AdapterDepsolver depsolver = new AdapterDepsolver(adapter, Duration.ofHours(6))) {
      for (Wanted wanted : sets(sets)) {
        Answer theirs = install(weak, wanted.arguments());
        Optional<Set<String>> expected = theirs.installed();
        Optional<Set<String>> ours = ours(depsolver, repository.source(), wanted, theirs);
        if (expected.isPresent()) {
          solved++;
        } else {
          unsolvable++;
        }
        if (!ours.equals(expected)) {
          different.add(
              wanted.arguments() + ": ours " + ours + "\ntheirs " + expected + theirs.lines());
        }
      }
    }
    assertEquals(List.of(), different);
    assertTrue(solved >= leastSolved && unsolvable > 1, solved + " solved, " + unsolvable + " not");
  }

  private static Optional<Set<String>> ours(
      AdapterDepsolver depsolver, Source source, Wanted wanted, Answer theirs)
      throws DepsolveException {
    try {
      return Optional.of(
          depsolver
              .solve(SolveRequest.of(List.of(source), wanted.packages(), wanted.groups()))
              .stream()
              .map(SolvedPackage::version)
              .map(v -> v.name() + " " + v.frozen())
              .collect(Collectors.toCollection(TreeSet::new)));
    } catch (DepsolveException e) {
      if (e.reason() == DepsolveException.Reason.UNSOLVABLE
          || e.reason() == DepsolveException.Reason.CONFLICT) {
        assertEquals(theirs.reasons(), reasons(e.getMessage()), wanted + ": " + theirs.lines());
      } else if (e.reason() != DepsolveException.Reason.UNKNOWN_GROUP) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** What is missing or in conflict, as an explanation names it. */
  private static Set<String> reasons(String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = REASON.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private record Answer(List<String> lines) {

    /** Absent when dnf found no solution. */
    Optional<Set<String>> installed() {
      if (lines.stream().noneMatch(line -> line.startsWith("Transaction Summary"))) {
        return Optional.empty();
      }
      Set<String> installed = new TreeSet<>();
      for (String line : lines) {
        if (line.startsWith("Skipping packages")) {
          break;
        }
        Matcher row = ROW.matcher(line);
        if (row.matches()) {
          installed.add(row.group(1) + " " + row.group(3) + "." + row.group(2));
        }
      }
      return Optional.of(installed);
    }

    Set<String> reasons() {
      return DnfEqualityTest.reasons(String.join("\n", lines));
    }
  }

  private static Answer install(boolean weak, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of("--setopt=install_weak_deps=" + weak, "--assumeno", "install"));
    all.addAll(arguments);
    return run(all.toArray(String[]::new));
  }

  private static Answer run(String... arguments) throws IOException, InterruptedException {
    // Stays empty but for the cache of metadata.
    Path root = Files.createDirectories(directory.resolve("root"));
    List<String> command =
        new ArrayList<>(
            List.of(
                // Needs root, or what looks like it.
                "/usr/bin/unshare",
                "--map-root-user",
                "/usr/bin/dnf",
                "--config=" + directory.resolve("dnf.conf"),
                "--installroot=" + root,
                "--releasever=9",
                "--repofrompath=tiny," + repository.url("tiny")));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("COLUMNS", "400");
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> lines = process.inputReader().readAllLines();
    process.waitFor();
    return new Answer(lines);
  }
}
