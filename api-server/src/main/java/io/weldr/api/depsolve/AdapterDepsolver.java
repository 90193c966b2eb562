package io.weldr.api.depsolve;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.depsolve.DepsolveException.Reason;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Solves with the host's package manager in a child process, {@code share/depsolve/*.py serve}. A
 * child that dies or hangs costs the request it was working on at most; the next one gets a new
 * child. Requests are answered one after the other; equal requests on unchanged metadata from
 * memory. Metadata is fetched by others, so no request waits for a server that it does not need.
 * Thread-safe.
 */
public final class AdapterDepsolver implements Depsolver, AutoCloseable {
  /** With slow mirrors the first fetch of the metadata takes minutes. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Duration FRESH = Duration.ofMinutes(2);
  private static final Duration ANY_AGE = Duration.ofDays(3650);

  private final Adapter adapter;
  private final Duration freshness;
  private final Duration patience;
  private final MetadataFetch fetch;
  private final SolutionMemory memory = new SolutionMemory();
  private Optional<AdapterProcess> child = Optional.empty();
  private volatile Optional<MetadataRenewal> renewal = Optional.empty();
  private long asked;

  /**
   * Starts nothing yet.
   *
   * @param freshness metadata that is older is fetched again before solving; requests may want it
   *     fresher
   */
  public AdapterDepsolver(Adapter adapter, Duration freshness) {
    this(adapter, freshness, PATIENCE);
  }

  AdapterDepsolver(Adapter adapter, Duration freshness, Duration patience) {
    this.adapter = adapter;
    this.freshness = freshness;
    this.patience = patience;
    this.fetch = new MetadataFetch(adapter, patience);
  }

  /**
   * Solves for requests that do not want it fresh on the metadata there is, whatever its age, while
   * it is kept up to date in the background. Its first solution is prepared now.
   *
   * @param sources the sources requests will name
   */
  public void keepUpToDate(SourceStore sources) {
    renewal = Optional.of(new MetadataRenewal(adapter, sources, freshness, this::open));
  }

  private synchronized void open(List<Source> sources) throws DepsolveException {
    memory.forgetMetadata();
    solveNow(SolveRequest.of(sources, List.of(), List.of()));
  }

  @Override
  public void sourcesChanged() {
    renewal.ifPresent(MetadataRenewal::sourcesChanged);
  }

  @Override
  public List<SolvedPackage> solve(SolveRequest request) throws DepsolveException {
    Duration stale = renewal.isPresent() ? ANY_AGE : freshness;
    Duration oldest = request.fresh() && stale.compareTo(FRESH) > 0 ? FRESH : stale;
    // Nobody who asks again waits for a solver that works for others.
    Optional<List<SolvedPackage>> known = memory.recall(request, oldest);
    if (known.isPresent()) {
      return known.get();
    }
    if (!memory.hasMetadata(request.sources(), oldest)) {
      fetch.fetch(request.sources(), oldest);
    }
    return solveNow(request);
  }

  /** On the metadata there is; it is there unless somebody removed it just now. */
  private synchronized List<SolvedPackage> solveNow(SolveRequest request) throws DepsolveException {
    JsonNode refreshed = ask(AdapterMessages.refresh(++asked, request, ANY_AGE));
    memory.metadata(request, refreshed);
    Optional<List<SolvedPackage>> known = memory.recall(request, ANY_AGE);
    if (known.isPresent()) {
      return known.get();
    }
    JsonNode answer = ask(AdapterMessages.solve(++asked, request, ANY_AGE));
    List<SolvedPackage> packages = AdapterMessages.packages(answer);
    memory.solution(request, answer.path("snapshot").asText(), packages);
    return packages;
  }

  /** Tries a second child when the first one fails: it may have died long ago. */
  private JsonNode ask(String request) throws DepsolveException {
    try {
      return AdapterMessages.result(exchange(request), asked);
    } catch (AdapterException e) {
      endChild();
    }
    try {
      return AdapterMessages.result(exchange(request), asked);
    } catch (AdapterException e) {
      endChild();
      throw new DepsolveException(Reason.INTERNAL, e.getMessage(), e);
    }
  }

  private String exchange(String request) throws AdapterException {
    if (child.filter(AdapterProcess::alive).isEmpty()) {
      endChild();
      child = Optional.of(adapter.serve());
    }
    return child.get().ask(request, patience);
  }

  /** For tests: the present child. */
  synchronized Optional<Long> childPid() {
    return child.map(AdapterProcess::pid);
  }

  @Override
  public void close() {
    renewal.ifPresent(MetadataRenewal::close);
    endChild();
  }

  private synchronized void endChild() {
    child.ifPresent(AdapterProcess::close);
    child = Optional.empty();
  }
}
