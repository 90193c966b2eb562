package io.weldr.api.http;

import io.weldr.api.blueprint.BlueprintStore;
import io.weldr.api.compose.OutputTypes;
import io.weldr.api.compose.ResultFiles;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The server on a socket in a directory, with a real blueprint repository and fake composes. */
final class RunningServer implements AutoCloseable {
  static final String JSON = "Content-Type: application/json";
  static final String TOML = "Content-Type: text/x-toml";

  // The log manager holds loggers weakly.
  private static final List<Logger> QUIET =
      Stream.of("io.helidon", "io.weldr.api.http").map(Logger::getLogger).toList();

  static {
    QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
  }

  final Path socket;
  final Path results;
  final FakeComposes composes = new FakeComposes();
  private final BlueprintStore blueprints;
  private final ApiServer server;

  private RunningServer(Path directory, Limits limits, PackageAccess packages) throws IOException {
    socket = directory.resolve("api.socket");
    results = Files.createDirectories(directory.resolve("results"));
    blueprints = BlueprintStore.open(Files.createDirectories(directory.resolve("blueprints")));
    server =
        ApiServer.start(
            UnixDomainSocketAddress.of(socket),
            new Resources(
                new StatusResource("weldr-composer", "0.1.0", () -> messages(packages)),
                blueprints,
                composes,
                types(directory),
                new ResultFiles(results),
                packages,
                20),
            limits);
  }

  private static List<String> messages(PackageAccess packages) {
    return Stream.concat(Stream.of("a message"), packages.catalog().problems().stream()).toList();
  }

  private static OutputTypes types(Path directory) throws IOException {
    Path share = Files.createDirectories(directory.resolve("share"));
    for (String name : List.of("tar", "elsewhere")) {
      Files.writeString(share.resolve(name + ".ks"), "%packages\n");
      Files.writeString(
          share.resolve(name + ".toml"),
          "kind = 'tar'\nimage_name = 'root.tar.xz'\ncompression = 'xz'\ndisabled_on = ['%s']\n"
              .formatted(name.equals("tar") ? "none" : "x86_64"));
    }
    return OutputTypes.read(share, "x86_64", Optional::empty, () -> false);
  }

  static RunningServer in(Path directory) throws IOException {
    return in(directory, Limits.standard());
  }

  static RunningServer in(Path directory, Limits limits) throws IOException {
    return new RunningServer(directory, limits, FakePackages.nothing(directory));
  }

  static RunningServer in(Path directory, PackageAccess packages) throws IOException {
    return new RunningServer(directory, Limits.standard(), packages);
  }

  /** Limits that end soon, for clients that must run into them. */
  static Limits impatient(int connections) {
    return new Limits(
        1 << 20,
        connections,
        Duration.ofMillis(300),
        Duration.ofMillis(300),
        Duration.ofMillis(300));
  }

  Reply get(String target, String... headers) throws IOException {
    return RawClient.ask(socket, "GET", target, headers);
  }

  Reply post(String target, String... headersAndBody) throws IOException {
    return RawClient.ask(socket, "POST", target, headersAndBody);
  }

  Reply delete(String target) throws IOException {
    return RawClient.ask(socket, "DELETE", target);
  }

  @Override
  public void close() {
    server.close();
    blueprints.close();
  }
}
