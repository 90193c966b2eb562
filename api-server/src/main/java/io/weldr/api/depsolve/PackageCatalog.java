package io.weldr.api.depsolve;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.depsolve.DepsolveException.Reason;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Keeps an index of what the sources offer. A thread of its own brings it up to date; whoever asks
 * gets the one that is there. A source that cannot be reached keeps the packages it had, and is
 * among the {@link #problems}. Thread-safe.
 */
public final class PackageCatalog implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PackageCatalog.class.getName());
  private static final Pattern FILE = Pattern.compile("[0-9a-f]{32}\\.index");

  /** Also how soon a source that could not be reached is tried again. */
  private static final Duration ROUND = Duration.ofMinutes(10);

  private static final Duration ANY_AGE = Duration.ofDays(3650);
  private static final Duration SHORT_WAIT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Adapter adapter;
  private final SourceStore sources;
  private final Duration freshness;
  private final Duration firstWait;
  private final CompletableFuture<PackageIndex> first = new CompletableFuture<>();
  private volatile PackageIndex index = PackageIndex.empty();
  private volatile List<String> problems = List.of();
  private volatile boolean closed;
  private Thread refresher = Thread.ofVirtual().unstarted(() -> {});

  /**
   * Starts nothing yet.
   *
   * @param freshness metadata that is older is fetched again
   * @param firstWait how long a request waits for the first index
   */
  public PackageCatalog(
      Adapter adapter, SourceStore sources, Duration freshness, Duration firstWait) {
    this.adapter = adapter;
    this.sources = sources;
    this.freshness = freshness;
    this.firstWait = firstWait;
  }

  /** Begins to keep the index up to date; first with what is on disk, whatever its age. */
  public void start() {
    refresher = Thread.ofVirtual().name("package-catalog").start(this::refreshForEver);
  }

  private void refreshForEver() {
    update();
    while (!closed) {
      refresh(freshness);
      try {
        Thread.sleep(ROUND);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /**
   * Takes in which sources there are now; fetches only of those that were never fetched. Waits for
   * it, but not for a slow server that is being asked already.
   */
  public void sourcesChanged() throws InterruptedException {
    Thread.ofVirtual().name("package-catalog").start(this::update).join(SHORT_WAIT);
  }

  private void update() {
    refresh(ANY_AGE);
  }

  private synchronized void refresh(Duration oldest) {
    if (closed) {
      return;
    }
    List<Source> wanted = sources.list();
    try (AdapterProcess process = adapter.serve()) {
      JsonNode result =
          AdapterMessages.result(
              process.ask(AdapterMessages.index(1, wanted, oldest), PATIENCE), 1);
      String file = result.path("file").asText();
      if (!FILE.matcher(file).matches()) {
        throw new AdapterException("The package adapter named no index");
      }
      index = PackageIndex.open(adapter.cache().resolve("index").resolve(file));
      problems = problems(result);
    } catch (AdapterException | DepsolveException | IOException e) {
      if (!closed) {
        LOG.log(Level.WARNING, "The list of packages could not be renewed", e);
        problems = List.of("The list of packages could not be renewed: " + e.getMessage());
      }
    }
    first.complete(index);
  }

  private static List<String> problems(JsonNode result) {
    List<String> problems = new ArrayList<>();
    result.path("problems").forEach(problem -> problems.add(problem.path("message").asText()));
    return List.copyOf(problems);
  }

  /** Which sources could not be read the last time, and why; one sentence each. */
  public List<String> problems() {
    return problems;
  }

  /**
   * The present index. Waits while there has never been one.
   *
   * @throws DepsolveException when there is none, because no source could be read yet
   */
  public PackageIndex index() throws DepsolveException {
    try {
      first.get(firstWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new DepsolveException(
          Reason.SOURCE,
          "The lists of packages are still being fetched; try again in a minute.",
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("only completed with a value", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DepsolveException(Reason.INTERNAL, "interrupted", e);
    }
    PackageIndex present = index;
    List<String> failed = problems;
    if (present.size() == 0 && !failed.isEmpty()) {
      throw new DepsolveException(Reason.SOURCE, failed.getFirst());
    }
    return present;
  }

  /** Ends the thread; an index that is being made is given up. */
  @Override
  public void close() {
    closed = true;
    refresher.interrupt();
  }
}
