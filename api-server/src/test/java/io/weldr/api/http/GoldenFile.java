package io.weldr.api.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Requests and the replies that the contract demands, in a text file. {@code golden/README.md}
 * describes the format.
 */
final class GoldenFile {
  private final Path path;
  private final List<String> lines;
  final List<Step> given = new ArrayList<>();
  final List<Case> cases = new ArrayList<>();

  /** A sequence of requests to one server. */
  record Case(String title, List<Step> steps) {
    /** Whether a request is meant for every version of the API. */
    boolean hasVersions() {
      return steps.stream().anyMatch(step -> step.target().contains("v*"));
    }

    /** Whether it leaves the server as it was: it reads, or is refused. */
    boolean changesNothing() {
      return steps.stream()
          .allMatch(
              step ->
                  List.of("GET", "HEAD").contains(step.method())
                      || (!step.expected().isEmpty()
                          && step.expected().getFirst().startsWith("< 4")));
    }
  }

  /**
   * A request and its expected reply.
   *
   * @param expected the lines of the reply, as in the file; none when it only has to succeed
   * @param place the line in the file where the reply begins, from 0
   */
  record Step(
      String method,
      String target,
      List<String> headers,
      String body,
      List<String> expected,
      int place) {}

  private GoldenFile(Path path) throws IOException {
    this.path = path;
    this.lines = Files.readAllLines(path);
  }

  static GoldenFile read(Path path) throws IOException {
    GoldenFile file = new GoldenFile(path);
    List<Step> steps = file.given;
    for (int at = 0; at < file.lines.size(); ) {
      String line = file.lines.get(at);
      if (line.startsWith("== ")) {
        String title = line.substring(3).strip();
        steps = title.equals("given") ? file.given : new ArrayList<>();
        if (steps != file.given) {
          file.cases.add(new Case(title, steps));
        }
        at++;
      } else if (line.isBlank() || line.startsWith("#")) {
        at++;
      } else {
        Step step = file.step(at);
        steps.add(step);
        at = step.place() + step.expected().size();
      }
    }
    return file;
  }

  private Step step(int first) {
    String[] words = lines.get(first).split(" ", 2);
    int at = first + 1;
    List<String> headers = new ArrayList<>();
    for (; at < lines.size() && isHeader(lines.get(at)); at++) {
      headers.add(
          switch (lines.get(at)) {
            case "JSON" -> RunningServer.JSON;
            case "TOML" -> RunningServer.TOML;
            default -> lines.get(at);
          });
    }
    List<String> body = startingWith("|", at);
    at += body.size();
    return new Step(
        words[0],
        words[1],
        List.copyOf(headers),
        String.join("\n", body.stream().map(line -> line.substring(1)).toList()),
        startingWith("<", at),
        at);
  }

  private static boolean isHeader(String line) {
    return line.equals("JSON") || line.equals("TOML") || line.matches("[A-Za-z-]+:.*");
  }

  private List<String> startingWith(String mark, int first) {
    return lines.subList(first, lines.size()).stream()
        .takeWhile(line -> line.startsWith(mark))
        .toList();
  }

  /**
   * Writes the file with other replies.
   *
   * @param replies by the step they belong to
   */
  void rewrite(Map<Step, List<String>> replies) throws IOException {
    List<String> written = new ArrayList<>(lines);
    TreeMap<Integer, Step> fromTheEnd = new TreeMap<>((a, b) -> b.compareTo(a));
    replies.keySet().forEach(step -> fromTheEnd.put(step.place(), step));
    for (Step step : fromTheEnd.values()) {
      List<String> old = written.subList(step.place(), step.place() + step.expected().size());
      old.clear();
      old.addAll(replies.get(step));
    }
    Files.write(path, written);
  }
}
