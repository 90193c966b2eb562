package io.weldr.api.http;

import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import io.weldr.api.Stopwatch;
import io.weldr.api.depsolve.Adapter;
import io.weldr.api.depsolve.AdapterDepsolver;
import io.weldr.api.depsolve.AdapterHostSources;
import io.weldr.api.depsolve.AdapterSourceProbe;
import io.weldr.api.depsolve.PackageCatalog;
import io.weldr.api.depsolve.RpmRelease;
import io.weldr.api.depsolve.TinyArchive;
import io.weldr.api.source.HostSources;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceKeys;
import io.weldr.api.source.SourceStore;
import io.weldr.api.source.SourceType;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures the package routes over the socket: {@code PackageBenchmark generated|rpm|host
 * [DIRECTORY]}, with 20,000 generated packages for apt or for dnf, or with the sources of this
 * host. Not a test; run it by hand on a quiet machine, with the options of the installed program.
 */
public final class PackageBenchmark {
  private static final Path DEPSOLVE = Path.of("share/depsolve").toAbsolutePath();
  private static final int PACKAGES = 20_000;
  private static final int SOLVED = 46;
  private static final int ROUNDS = 400;
  private static final int LOOPING = 4;

  private final PrintStream out = System.out;
  private final RunningServer server;
  private final List<String> names;

  private PackageBenchmark(RunningServer server, List<String> names) {
    this.server = server;
    this.names = names;
  }

  /** Runs all measurements. */
  public static void main(String[] arguments) throws Exception {
    Path directory =
        arguments.length > 1
            ? Files.createDirectories(Path.of(arguments[1]))
            : Files.createTempDirectory("packages");
    Path cache = Files.createDirectories(directory.resolve("cache"));
    Adapter apt = Adapter.of(DEPSOLVE.resolve("apt.py"), cache);
    if (arguments.length > 0 && arguments[0].equals("host")) {
      List<String> wanted =
          List.of("nginx-light", "openssh-server", "systemd-sysv", "cloud-init", "firewalld");
      run(directory, apt, PackageFamily.APT, new AdapterHostSources(apt), List.of(), wanted);
      return;
    }
    if (arguments.length > 0 && arguments[0].equals("rpm")) {
      rpm(directory, cache);
      System.exit(0);
    }
    Path archive = Files.createDirectories(directory.resolve("archive"));
    String packages = generated();
    Files.writeString(archive.resolve("Packages"), packages);
    Files.writeString(archive.resolve("Release"), release(packages));
    var web =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            archive.toAbsolutePath(),
            OutputLevel.NONE);
    web.start();
    // A chain: package 45 needs the 45 before it.
    List<String> wanted = List.of(name(SOLVED - 1));
    List<Source> added = List.of(source(web.getAddress().getPort()));
    run(directory, apt, PackageFamily.APT, HostSources.none(), added, wanted);
    // The web server's thread is still there.
    System.exit(0);
  }

  private static void rpm(Path directory, Path cache) throws Exception {
    RpmRelease release = new RpmRelease("9", "platform:el9");
    Adapter dnf = Adapter.of(DEPSOLVE.resolve("dnf.py"), cache, release);
    List<String> wanted = List.of(name(SOLVED - 1));
    try (TinyArchive archive = new TinyArchive(directory, PackageFamily.RPM, PACKAGES)) {
      List<Source> added = List.of(archive.source());
      run(directory, dnf, PackageFamily.RPM, HostSources.none(), added, wanted);
    }
  }

  private static void run(
      Path directory,
      Adapter adapter,
      PackageFamily family,
      HostSources ofHost,
      List<Source> added,
      List<String> wanted)
      throws Exception {
    SourceStore sources = SourceStore.open(directory.resolve("sources"), family, ofHost);
    for (Source source : added) {
      sources.save(source);
    }
    try (AdapterDepsolver depsolver = new AdapterDepsolver(adapter, Duration.ofHours(6));
        PackageCatalog catalog =
            new PackageCatalog(adapter, sources, Duration.ofHours(6), Duration.ofMinutes(5))) {
      long start = System.nanoTime();
      catalog.start();
      int count = catalog.index().size();
      Stopwatch.print(count + " packages, first list after", Stopwatch.millisSince(start));
      RunningServer server =
          RunningServer.in(
              directory,
              new PackageAccess(
                  sources, new AdapterSourceProbe(adapter), catalog, depsolver, "debian-12"));
      try (server) {
        new PackageBenchmark(server, wanted).measure(count);
      }
    }
  }

  private void measure(int count) throws Exception {
    long start = System.nanoTime();
    String solve = "/api/v1/projects/depsolve/" + String.join(",", names);
    int solved = server.get(solve).json().path("projects").size();
    Stopwatch.print("depsolve of " + solved + ", cold", Stopwatch.millisSince(start));
    each("depsolve, repeated", i -> solve);
    each("depsolve, another each time", 40, i -> solve + "," + some(i));
    each("projects/list, any page", i -> page("projects", i, count));
    each("modules/list, any page", i -> page("modules", i, count));
    each("modules/list/*a*b*", i -> "/api/v1/modules/list/*a*b*");
    each("projects/info, 20 names", 100, i -> "/api/v1/projects/info/" + twenty());
    out.println("resident before everything is listed: " + resident(ProcessHandle.current()));
    everything(count);
    each("status, idle", i -> "/api/status");
    whileOthersLoop(solve, count);
    out.println("resident: " + resident(ProcessHandle.current()));
    ProcessHandle.current()
        .children()
        .forEach(child -> out.println("resident, adapter: " + resident(child)));
  }

  private void everything(int count) throws IOException {
    long start = System.nanoTime();
    try (RawClient client = new RawClient(server.socket)) {
      ask(client, "/api/v1/projects/list?limit=" + count);
    }
    Stopwatch.print("projects/list, everything", Stopwatch.millisSince(start));
  }

  private String some(int i) throws IOException {
    String at = "/api/v1/modules/list?limit=1&offset=" + (i * 397 + 11);
    return server.get(at).json().at("/modules/0/name").asText();
  }

  private String twenty() throws IOException {
    List<String> found = new ArrayList<>();
    server
        .get("/api/v1/modules/list?offset=5000")
        .json()
        .path("modules")
        .forEach(module -> found.add(module.path("name").asText()));
    return String.join(",", found);
  }

  private static String page(String what, int i, int count) {
    return "/api/v1/" + what + "/list?offset=" + (int) ((long) i * 7919 % count);
  }

  private interface Target {
    String at(int round) throws IOException;
  }

  private void each(String what, Target target) throws Exception {
    each(what, ROUNDS, target);
  }

  private void each(String what, int rounds, Target target) throws Exception {
    List<String> targets = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      targets.add(target.at(i));
    }
    try (RawClient client = new RawClient(server.socket)) {
      Stopwatch.measure(what, rounds, i -> ask(client, targets.get(i)));
    }
  }

  private static void ask(RawClient client, String target) throws IOException {
    client.send(RawClient.request("GET", target));
    client.skipReply();
  }

  private void whileOthersLoop(String solve, int count) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> others =
        IntStream.range(0, 2 * LOOPING)
            .mapToObj(
                i -> Thread.ofPlatform().start(() -> loop(done, i < LOOPING, i, solve, count)))
            .toList();
    each("status, while 8 others loop", 1000, i -> "/api/status");
    done.set(true);
    for (Thread other : others) {
      other.join();
    }
  }

  private void loop(AtomicBoolean done, boolean lists, int number, String solve, int count) {
    try (RawClient client = new RawClient(server.socket)) {
      for (int i = number; !done.get(); i += LOOPING) {
        String target = lists ? page("projects", i, count) : solve + "," + some(i % 45);
        ask(client, target);
      }
    } catch (IOException e) {
      out.println("a client of the load failed: " + e);
    }
  }

  private static String resident(ProcessHandle process) {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM") || line.startsWith("VmRSS"))
          .map(line -> line.replaceAll("\\s+", " "))
          .collect(Collectors.joining(", "));
    } catch (IOException e) {
      return "gone";
    }
  }

  private static String release(String packages) throws Exception {
    byte[] content = packages.getBytes(StandardCharsets.UTF_8);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
    return "Date: Mon, 01 Jan 2024 00:00:00 UTC\nSHA256:\n %s %d Packages\n"
        .formatted(HexFormat.of().formatHex(digest), content.length);
  }

  private static String name(int number) {
    return "generated-%05d".formatted(number);
  }

  private static String generated() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PACKAGES; i++) {
      text.append("Package: ").append(name(i)).append("\nVersion: 1.").append(i).append("-1\n");
      if (i % SOLVED > 0) {
        text.append("Depends: ").append(name(i - 1)).append('\n');
      }
      text.append("Architecture: all\nFilename: pool/").append(i).append(".deb\nSize: 1000\n");
      text.append("SHA256: ").append("%064x".formatted(i)).append('\n');
      text.append("Description: generated package number ").append(i);
      text.append("\n It has a description of some length,\n in two lines.\n\n");
    }
    return text.toString();
  }

  private static Source source(int port) {
    return new Source(
        "generated",
        "Generated",
        SourceType.APT,
        false,
        "http://127.0.0.1:" + port,
        List.of("/"),
        List.of(),
        false,
        true,
        Optional.empty(),
        SourceKeys.none());
  }
}
