package io.weldr.api.http;

import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.Failure;
import io.weldr.proto.worker.v1.Progress;
import io.weldr.proto.worker.v1.StageTime;
import io.weldr.proto.worker.v1.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The compose routes as the contract has them, case by case: {@code golden/compose}. */
class ComposeGoldenTest {
  private static final String COMMIT = "0123456789".repeat(4);
  private static final long CREATED_MS = 1_795_391_957_123L;

  /** Composes in the order they were created; those of other states have no files but a log. */
  private static final List<String> WORLD =
      List.of("finished", "failed", "damaged", "running", "waiting");

  @TempDir static Path directory;
  private static GoldenCases cases;

  private static String id(String name) {
    return "0a1b2c3d-0000-4000-8000-00000000000" + WORLD.indexOf(name);
  }

  @BeforeAll
  static void prepare() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : WORLD) {
      values.put(name, id(name));
      values.put(name.toUpperCase(Locale.ROOT), id(name).toUpperCase(Locale.ROOT));
    }
    values.put("COMMIT", COMMIT);
    cases = new GoldenCases("compose", values, ComposeGoldenTest::start);
  }

  @AfterAll
  static void stop() throws Exception {
    cases.close();
  }

  private static GoldenCases.Place start() throws Exception {
    ComposeServer server = ComposeServer.in(Files.createTempDirectory(directory, "server"));
    fill(server);
    return new GoldenCases.Place(server.socket, server);
  }

  @TestFactory
  Stream<DynamicContainer> everyCase() throws IOException {
    return cases.tests();
  }

  private static void fill(ComposeServer server) throws Exception {
    server.blueprint("unsolvable", "[[packages]]\nname = \"nope\"\nversion = \"*\"\n");
    server.blueprint("nogroup", "[[groups]]\nname = \"nogroup\"\n");
    server.blueprint(
        "partitions", "[[customizations.filesystem]]\nmountpoint = \"/var\"\nsize = 1\n");
    server.blueprint("fedora", "distro = \"fedora-41\"\n");
    for (String name : WORLD) {
      server.worker.put(compose(name));
    }
    files(server.results.resolve(id("finished")), true);
    files(server.results.resolve(id("failed")), false);
    Path damaged = Files.createDirectories(server.results.resolve(id("damaged")));
    Files.writeString(
        damaged.resolve("blueprint.toml"),
        "name = \"web\"\ndescription = \"\"\nversion = \"0.0.7\"\n");
    Files.writeString(damaged.resolve("tar.ks"), "");
    log(server.results.resolve(id("running")), "live line 1\nlive line 2\n");
    server.worker.put(compose("damaged"));
    server.worker.put(compose("waiting").toBuilder().setBlueprintVersion("0.0.2").build());
    server.awaitCompose(id("waiting"));
    while (!server
        .http("GET", "/api/v1/compose/status/" + id("waiting"))
        .text()
        .contains("\"version\":\"0.0.2\"")) {
      Thread.sleep(1);
    }
  }

  private static Compose compose(String name) {
    long created = CREATED_MS + WORLD.indexOf(name) * 1000L;
    Compose.Builder compose =
        Compose.newBuilder()
            .setComposeId(id(name))
            .setBlueprintName("web")
            .setBlueprintVersion("0.0.1")
            .setOutputType("tar")
            .setCreatedMs(created);
    return switch (name) {
      case "finished" ->
          compose
              .setState(State.STATE_FINISHED)
              .setStartedMs(created + 100)
              .setFinishedMs(created + 900)
              .setImageName("root.tar.xz")
              .setImageSize(10)
              .addStages(StageTime.newBuilder().setStage("test").setMilliseconds(700))
              .build();
      case "failed" ->
          compose
              .setState(State.STATE_FAILED)
              .setStartedMs(created + 100)
              .setFinishedMs(created + 900)
              .setFailure(failure("NO_SPACE", "image", "no space is left", "free 2 GiB"))
              .build();
      case "damaged" ->
          compose
              .setBlueprintName("unknown")
              .setBlueprintVersion("0.0.0")
              .setOutputType("unknown")
              .setState(State.STATE_FAILED)
              .setFinishedMs(created)
              .setFailure(failure("DAMAGED", "", "its files are damaged", "delete it"))
              .build();
      case "running" ->
          compose
              .setState(State.STATE_RUNNING)
              .setStartedMs(created + 100)
              .setProgress(Progress.newBuilder().setStage("install").setPercent(40))
              .build();
      default -> compose.setState(State.STATE_WAITING).build();
    };
  }

  private static Failure failure(String code, String stage, String message, String hint) {
    return Failure.newBuilder()
        .setCode(code)
        .setStage(stage)
        .setMessage(message)
        .setHint(hint)
        .build();
  }

  private static void files(Path result, boolean image) throws IOException {
    log(result, "first line\nlast line\n");
    Map<String, String> files =
        Map.of(
            "COMMIT",
            COMMIT,
            "STATUS",
            image ? "FINISHED\n" : "FAILED\n",
            "blueprint.toml",
            "name = \"web\"\nversion = \"0.0.1\"\n",
            "frozen.toml",
            "name = \"web\"\ndescription = \"\"\nversion = \"0.0.1\"\n",
            "deps.toml",
            "[[packages]]\nname = \"bash\"\nepoch = 1\nversion = \"5.2\"\nrelease = \"3\"\n"
                + "arch = \"amd64\"\n",
            "config.toml",
            "make_tar = true\n",
            "tar.ks",
            "%packages\n",
            "final-kickstart.ks",
            "%packages\n%end\n",
            "times.toml",
            "created = 1.5\n");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(result.resolve(file.getKey()), file.getValue());
    }
    if (image) {
      Path written = Files.writeString(result.resolve("root.tar.xz"), "TEST IMAGE");
      Files.setLastModifiedTime(written, FileTime.from(Instant.parse("2026-11-23T01:02:03Z")));
    }
  }

  private static void log(Path result, String text) throws IOException {
    Path logs = Files.createDirectories(result.resolve("logs"));
    Files.writeString(logs.resolve("combined.log"), text);
  }
}
