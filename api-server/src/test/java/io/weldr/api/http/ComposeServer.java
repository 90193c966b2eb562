package io.weldr.api.http;

import io.weldr.api.blueprint.BlueprintParser;
import io.weldr.api.blueprint.BlueprintStore;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.blueprint.GitRemotes;
import io.weldr.api.compose.ComposePlanner;
import io.weldr.api.compose.Distribution;
import io.weldr.api.compose.HostRelease;
import io.weldr.api.compose.OutputTypes;
import io.weldr.api.compose.ResultFiles;
import io.weldr.api.compose.WorkerComposes;
import io.weldr.api.depsolve.DepsolveException;
import io.weldr.api.depsolve.DepsolveException.Reason;
import io.weldr.api.depsolve.PackageVersion;
import io.weldr.api.depsolve.SolveRequest;
import io.weldr.api.depsolve.SolvedPackage;
import io.weldr.api.source.ExampleSource;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.SourceStore;
import io.weldr.api.worker.FakeWorker;
import io.weldr.api.worker.WorkerClient;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The server with everything behind its compose routes but package manager and worker: every
 * package solves but {@code nope}, every group but {@code nogroup}, and {@link FakeWorker} keeps
 * the composes.
 */
final class ComposeServer implements AutoCloseable {
  private static final Path SHARE = Path.of("../share");
  private static final HostRelease HOST = new HostRelease(List.of("debian"), "12", "x86_64");

  final Path socket;
  final Path results;
  final FakeWorker worker;
  private final BlueprintStore blueprints;
  private final WorkerClient client;
  private final WorkerComposes composes;
  private final ApiServer server;

  private ComposeServer(Path directory) throws IOException, InterruptedException {
    socket = directory.resolve("api.socket");
    results = Files.createDirectories(directory.resolve("results"));
    worker = new FakeWorker(directory.resolve("worker.socket"));
    blueprints = BlueprintStore.open(Files.createDirectories(directory.resolve("blueprints")));
    blueprint("web", "");
    client =
        new WorkerClient(
            directory.resolve("worker.socket"),
            (int) Files.getAttribute(directory, "unix:uid"),
            "1.0");
    OutputTypes types = types(Files.createDirectories(directory.resolve("share")));
    SourceStore sources =
        SourceStore.open(
            directory.resolve("sources"), PackageFamily.APT, () -> List.of(ExampleSource.debian()));
    ComposePlanner planner =
        new ComposePlanner(
            blueprints.repository()::newest,
            types,
            Distribution.read(SHARE.resolve("distros"), HOST),
            sources,
            ComposeServer::solve,
            new GitRemotes(List.of(), Optional.empty()));
    ResultFiles files = new ResultFiles(results);
    composes = new WorkerComposes(() -> planner, client, files, Optional.empty());
    server =
        ApiServer.start(
            UnixDomainSocketAddress.of(socket),
            new Resources(
                new StatusResource("weldr-composer", "0.1.0", List::of),
                blueprints,
                composes,
                types,
                files,
                FakePackages.nothing(directory),
                20),
            Limits.standard());
    awaitWorker();
  }

  /** Waits until the server knows all composes of the worker. */
  void awaitWorker() throws InterruptedException {
    while (!composes.workerAnswers()) {
      Thread.sleep(1);
    }
  }

  /** The worker goes away and comes back. */
  void restartWorker() throws IOException, InterruptedException {
    worker.stop();
    while (composes.workerAnswers()) {
      Thread.sleep(1);
    }
    worker.start();
  }

  static ComposeServer in(Path directory) throws IOException, InterruptedException {
    return new ComposeServer(directory);
  }

  /** The type of the project, and one that is disabled. */
  private static OutputTypes types(Path share) throws IOException {
    for (String file : List.of("tar.ks", "tar.toml")) {
      Files.copy(SHARE.resolve("composer").resolve(file), share.resolve(file));
    }
    Files.writeString(share.resolve("elsewhere.ks"), "%packages\n");
    Files.writeString(
        share.resolve("elsewhere.toml"),
        "kind = 'tar'\nimage_name = 'e.img'\ncompression = 'xz'\ndisabled_on = ['x86_64']\n");
    return OutputTypes.read(share, HOST.machine(), Optional::empty, () -> false);
  }

  private static List<SolvedPackage> solve(SolveRequest request) throws DepsolveException {
    if (request.groups().contains("nogroup")) {
      throw new DepsolveException(Reason.UNKNOWN_GROUP, "Group id 'nogroup' does not exist.");
    }
    if (request.packages().stream().anyMatch(wanted -> wanted.name().equals("nope"))) {
      throw new DepsolveException(Reason.UNSOLVABLE, "nope: there is no such package");
    }
    return request.packages().stream()
        .map(
            wanted ->
                new SolvedPackage(
                    new PackageVersion(wanted.name(), 0, "1.0", "1", "all"),
                    "debian",
                    "ab".repeat(32),
                    "pool/" + wanted.name() + ".deb",
                    100,
                    1000))
        .toList();
  }

  /** Commits a blueprint of this name and these tables. */
  void blueprint(String name, String toml) {
    String head = "name = \"" + name + "\"\ndescription = \"\"\nversion = \"0.0.1\"\n";
    blueprints.repository().save(BranchName.MASTER, BlueprintParser.fromToml(head + toml));
  }

  /** Starts a compose; its id. */
  String start(String blueprint) throws IOException {
    return http(
            "POST",
            "/api/v1/compose",
            RunningServer.JSON,
            "{\"blueprint_name\":\"%s\",\"compose_type\":\"tar\"}".formatted(blueprint))
        .json()
        .path("build_id")
        .asText();
  }

  /** Waits until the server has heard of a compose of the worker. */
  void awaitCompose(String id) throws IOException, InterruptedException {
    while (http("GET", "/api/v1/compose/status/" + id).json().path("uuids").isEmpty()) {
      Thread.sleep(1);
    }
  }

  Reply http(String method, String target, String... headersAndBody) throws IOException {
    return RawClient.ask(socket, method, target, headersAndBody);
  }

  /** Ends what is served over HTTP; the rest stays. */
  void stopServing() {
    server.close();
  }

  @Override
  public void close() throws InterruptedException {
    stopServing();
    composes.close();
    client.close();
    worker.close();
    blueprints.close();
  }
}
