package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.http.GoldenFile.Case;
import io.weldr.api.http.GoldenFile.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/**
 * The golden files of one directory below {@code golden} against a server. {@code make golden}
 * writes what the server answers into the files.
 */
final class GoldenCases implements AutoCloseable {
  private static final Path ROOT = Path.of("src/test/resources/io/weldr/api/http/golden");
  private static final boolean WRITE = Boolean.getBoolean("golden.write");

  private final Path directory;
  private final Map<String, String> values;
  private final Start start;

  /** Servers of cases that change nothing, by what was given to them. */
  private final Map<List<Step>, Place> shared = new HashMap<>();

  private final Map<GoldenFile, Map<Step, List<String>>> answered = new HashMap<>();

  /** A server that runs. */
  record Place(Path socket, AutoCloseable server) {}

  /** Starts a server without anything that a case may have left. */
  interface Start {
    Place start() throws Exception;
  }

  /**
   * Starts nothing yet.
   *
   * @param values what {@code {NAME}} stands for in requests and replies
   */
  GoldenCases(String directory, Map<String, String> values, Start start) {
    this.directory = ROOT.resolve(directory);
    this.values = values;
    this.start = start;
  }

  /** A test for every case. */
  Stream<DynamicContainer> tests() throws IOException {
    List<DynamicContainer> containers = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path path : files.filter(path -> path.toString().endsWith(".http")).sorted().toList()) {
        GoldenFile file = GoldenFile.read(path);
        containers.add(
            DynamicContainer.dynamicContainer(
                path.getFileName().toString(),
                Stream.concat(
                    Stream.of(
                        DynamicTest.dynamicTest(
                            "every case names its row and has a title of its own",
                            () -> titles(file))),
                    file.cases.stream()
                        .map(
                            each ->
                                DynamicTest.dynamicTest(
                                    each.title(), path.toUri(), () -> run(file, each))))));
      }
    }
    assertFalse(containers.isEmpty(), directory.toString());
    return containers.stream();
  }

  private static void titles(GoldenFile file) {
    Set<String> seen = new HashSet<>();
    for (Case each : file.cases) {
      assertTrue(each.title().matches(".+ \\[.+]"), each.title());
      assertTrue(seen.add(each.title()), each.title() + " is there twice");
      assertFalse(each.steps().getLast().expected().isEmpty(), each.title());
    }
  }

  /** A case that changes something gets a server of its own, and one version of the API. */
  private void run(GoldenFile file, Case each) throws Exception {
    if (each.changesNothing()) {
      Place place = shared(file);
      for (String version : each.hasVersions() ? List.of("v0", "v1") : List.of("v0")) {
        run(file, each, place, version);
      }
    } else {
      Place place = prepared(file);
      try (AutoCloseable server = place.server()) {
        run(file, each, place, "v" + (file.cases.indexOf(each) % 2));
      }
    }
  }

  private void run(GoldenFile file, Case each, Place place, String version) throws IOException {
    GoldenRun run = new GoldenRun(place.socket(), version, values);
    for (Step step : each.steps()) {
      if (!WRITE) {
        run.check(step);
        continue;
      }
      Optional<List<String>> other = run.other(step);
      if (!step.expected().isEmpty() && other.isPresent()) {
        answered.computeIfAbsent(file, f -> new HashMap<>()).put(step, other.get());
      }
    }
  }

  private Place shared(GoldenFile file) throws Exception {
    if (!shared.containsKey(file.given)) {
      shared.put(file.given, prepared(file));
    }
    return shared.get(file.given);
  }

  private Place prepared(GoldenFile file) throws Exception {
    Place place = start.start();
    GoldenRun run = new GoldenRun(place.socket(), "v1", values);
    for (Step step : file.given) {
      run.check(step);
    }
    return place;
  }

  /** Stops the servers and writes the files, if that is wanted. */
  @Override
  public void close() throws Exception {
    for (Place place : shared.values()) {
      place.server().close();
    }
    for (Map.Entry<GoldenFile, Map<Step, List<String>>> file : answered.entrySet()) {
      file.getKey().rewrite(file.getValue());
    }
  }
}
