package io.weldr.api.depsolve;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.source.Source;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last solutions, by the snapshot of the metadata they were found in. Only the adapter of this
 * server changes that metadata, so until it is too old a solution can be given again without
 * asking. Thread-safe.
 */
final class SolutionMemory {
  private static final int MOST = 64;

  private final Map<List<Source>, Metadata> metadata = limited();
  private final Map<Question, List<SolvedPackage>> solutions = limited();

  /**
   * @param fetched when, in the time of {@link System#nanoTime}
   */
  private record Metadata(String snapshot, long fetched) {}

  private record Question(String snapshot, SolveRequest request) {}

  private static <K, V> Map<K, V> limited() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > MOST;
      }
    };
  }

  /** A solution found in metadata that is not older than this. */
  synchronized Optional<List<SolvedPackage>> recall(SolveRequest request, Duration oldest) {
    return present(request.sources(), oldest)
        .flatMap(
            present ->
                Optional.ofNullable(solutions.get(new Question(present.snapshot(), request))));
  }

  /** Whether the metadata of these sources is there, and not older than this. */
  synchronized boolean hasMetadata(List<Source> sources, Duration oldest) {
    return present(sources, oldest).isPresent();
  }

  private Optional<Metadata> present(List<Source> sources, Duration oldest) {
    return Optional.ofNullable(metadata.get(sources))
        .filter(present -> System.nanoTime() - present.fetched() < oldest.toNanos());
  }

  /** Takes the answer to a refresh. */
  synchronized void metadata(SolveRequest request, JsonNode refreshed) {
    long age = Duration.ofSeconds(refreshed.path("age").asLong()).toNanos();
    metadata.put(
        request.sources(),
        new Metadata(refreshed.path("snapshot").asText(), System.nanoTime() - age));
  }

  /**
   * Metadata was changed by somebody else; solutions stay, for when it turns out to be the same.
   */
  synchronized void forgetMetadata() {
    metadata.clear();
  }

  synchronized void solution(SolveRequest request, String snapshot, List<SolvedPackage> packages) {
    solutions.put(new Question(snapshot, request), packages);
  }
}
