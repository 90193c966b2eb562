package io.weldr.api.depsolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.depsolve.DepsolveException.Reason;
import io.weldr.api.source.HostSources;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceKeys;
import io.weldr.api.source.SourceStore;
import io.weldr.api.source.SourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class AdapterDepsolverTest {
  private static final Path SCRIPT = Path.of("../share/depsolve/apt.py").toAbsolutePath();
  @TempDir private static Path directory;
  private static TinyArchive archive;
  @TempDir private Path cache;
  private AdapterDepsolver depsolver;

  @BeforeAll
  static void makeArchive() throws Exception {
    archive = new TinyArchive(directory);
  }

  @AfterAll
  static void closeArchive() {
    archive.close();
  }

  @BeforeEach
  void start() {
    depsolver = new AdapterDepsolver(Adapter.of(SCRIPT, cache), Duration.ofMinutes(2));
  }

  @AfterEach
  void stop() {
    depsolver.close();
  }

  private static SolveRequest request(String... names) {
    return SolveRequest.of(
        List.of(archive.source()),
        List.of(names).stream().map(PackageRequest::any).toList(),
        List.of());
  }

  private static List<String> names(List<SolvedPackage> packages) {
    return packages.stream().map(solved -> solved.version().name()).toList();
  }

  @Test
  void aSolutionIsExact() throws DepsolveException {
    SolvedPackage library = depsolver.solve(request("tool")).getFirst();

    assertEquals("2:1.4-3." + library.version().architecture(), library.version().frozen());
    assertEquals("tiny", library.sourceId());
    assertTrue(library.sha256().matches("[0-9a-f]{64}"));
    assertEquals(10_240, library.installedSize());
  }

  @Test
  void frozenVersionsAreTakenBack() throws DepsolveException {
    List<SolvedPackage> solution = depsolver.solve(request("tool-extra"));
    List<PackageRequest> exact =
        solution.stream()
            .map(s -> new PackageRequest(s.version().name(), s.version().frozen()))
            .toList();
    assertEquals(
        solution, depsolver.solve(SolveRequest.of(List.of(archive.source()), exact, List.of())));
  }

  @Test
  void equalRequestsOnEqualMetadataAreAnsweredFromMemory() throws DepsolveException {
    assertSame(depsolver.solve(request("tool")), depsolver.solve(request("tool")));
  }

  @Test
  void reasonsAreTold() {
    DepsolveException unknown =
        assertThrows(DepsolveException.class, () -> depsolver.solve(request("nope")));
    assertEquals(Reason.UNSOLVABLE, unknown.reason());
    assertEquals("The following package(s) had problems: nope-* (No match)", unknown.getMessage());

    SolveRequest group = SolveRequest.of(List.of(archive.source()), List.of(), List.of("nogroup"));
    DepsolveException noGroup = assertThrows(DepsolveException.class, () -> depsolver.solve(group));
    assertEquals(Reason.UNKNOWN_GROUP, noGroup.reason());
    assertEquals("Group id 'nogroup' does not exist.", noGroup.getMessage());

    SolveRequest unreachable =
        SolveRequest.of(List.of(at("http://127.0.0.1:1/none")), List.of(), List.of());
    DepsolveException source =
        assertThrows(DepsolveException.class, () -> depsolver.solve(unreachable));
    assertEquals(Reason.SOURCE, source.reason());
    assertTrue(source.getMessage().contains("http://127.0.0.1:1/none"), source.getMessage());
  }

  private static Source at(String url) {
    return new Source(
        "gone",
        "Gone",
        SourceType.APT,
        false,
        url,
        List.of("stable"),
        List.of("main"),
        true,
        true,
        Optional.empty(),
        SourceKeys.none());
  }

  @Test
  void withSourcesKeptUpToDateOldMetadataAnswersAndAComposeWantsItFresh() throws Exception {
    Path moving = Files.createDirectory(directory.resolve("moving"));
    try (TinyArchive own = new TinyArchive(moving)) {
      SourceStore sources =
          SourceStore.open(cache.resolve("s"), PackageFamily.APT, HostSources.none());
      sources.save(own.source());
      depsolver.keepUpToDate(sources);
      List<PackageRequest> wanted = List.of(PackageRequest.any("tool"));
      SolveRequest any = SolveRequest.of(sources.list(), wanted, List.of());
      SolveRequest fresh =
          new SolveRequest(sources.list(), wanted, List.of(), false, List.of(), List.of(), true);
      List<SolvedPackage> before = depsolver.solve(any);
      own.close();
      // Older than two minutes, so a compose would ask the server again.
      try (Stream<Path> files = Files.walk(cache)) {
        for (Path stamp : files.filter(file -> file.endsWith("stamp")).toList()) {
          Files.setLastModifiedTime(stamp, FileTime.from(Instant.now().minusSeconds(86_400)));
        }
      }
      try (AdapterDepsolver restarted =
          new AdapterDepsolver(Adapter.of(SCRIPT, cache), Duration.ofHours(6))) {
        restarted.keepUpToDate(sources);
        assertEquals(before, restarted.solve(any));
        DepsolveException e = assertThrows(DepsolveException.class, () -> restarted.solve(fresh));
        assertEquals(Reason.SOURCE, e.reason());
        assertTrue(e.getMessage().contains("source tiny"), e.getMessage());
        assertEquals(before, restarted.solve(any));
      }
    }
  }

  @Test
  void anAdapterThatWasKilledIsReplaced() throws Exception {
    depsolver.solve(request("tool"));
    long first = depsolver.childPid().orElseThrow();
    ProcessHandle child = ProcessHandle.of(first).orElseThrow();
    child.destroyForcibly();
    child.onExit().get();

    assertEquals(List.of("libtiny"), names(depsolver.solve(request("libtiny"))));
    assertNotEquals(first, depsolver.childPid().orElseThrow());
  }

  @Test
  void theAdapterCannotTakeAllMemory() throws Exception {
    depsolver.solve(request("tool"));
    Path limits = Path.of("/proc", depsolver.childPid().orElseThrow().toString(), "limits");
    String memory =
        Files.readAllLines(limits).stream()
            .filter(line -> line.startsWith("Max address space"))
            .findFirst()
            .orElseThrow();
    assertTrue(memory.matches("Max address space +1073741824 +1073741824 +bytes *"), memory);
  }

  @Test
  void anAdapterThatHangsOrTalksNonsenseCostsOneRequest() throws IOException {
    for (String program :
        List.of(
            "import time; time.sleep(600)",
            "import sys; sys.exit(3)",
            "print('{\"id\":99,\"result\":{}}'); input(); input()",
            "input(); print('x' * 1000); input()",
            "input(); print('{'); input()")) {
      Path script = Files.writeString(cache.resolve("fake.py"), program + "\n");
      try (AdapterDepsolver lame =
          new AdapterDepsolver(
              Adapter.of(script, cache), Duration.ofMinutes(1), Duration.ofSeconds(2))) {
        DepsolveException e =
            assertThrows(DepsolveException.class, () -> lame.solve(request("tool")), program);
        assertEquals(Reason.INTERNAL, e.reason(), program);
      }
    }
  }

  @Test
  void requestsOfManyThreadsGetTheirOwnAnswers() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    List<String> wanted = List.of("tool", "libtiny", "mailer-a", "either");
    for (int i = 0; i < 16; i++) {
      String name = wanted.get(i % wanted.size());
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      if (!names(depsolver.solve(request(name))).contains(name)) {
                        wrong.add(name);
                      }
                    } catch (DepsolveException e) {
                      wrong.add(e.getMessage());
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void theSourcesOfThisHostAreRead() throws IOException {
    List<Source> sources = new AdapterHostSources(Adapter.of(SCRIPT, cache)).read();
    assertTrue(sources.stream().allMatch(Source::system));
    assertEquals(
        sources.size(), sources.stream().map(Source::id).collect(Collectors.toSet()).size());
  }

  @Test
  @Tag("archive")
  void aWholeSystemIsSolvedFromTheArchiveOfThisHost() throws Exception {
    SolveRequest system =
        new SolveRequest(
            new AdapterHostSources(Adapter.of(SCRIPT, cache)).read(),
            List.of(PackageRequest.any("nginx-light"), new PackageRequest("bash", "5*")),
            List.of("ssh-server"),
            true,
            List.of(List.of("chrony", "systemd-timesyncd")),
            List.of("usrmerge"),
            true);
    List<String> names = names(depsolver.solve(system));

    assertTrue(
        names.containsAll(
            Set.of("bash", "dpkg", "libc6", "nginx-light", "openssh-server", "chrony")),
        names.toString());
    assertTrue(!names.contains("usrmerge") && !names.contains("systemd-timesyncd"));
  }
}
