package io.weldr.api.compose;

import io.weldr.api.store.Failpoint;
import io.weldr.api.worker.ComposeStateException;
import io.weldr.api.worker.JobRefusedException;
import io.weldr.api.worker.NoSuchComposeException;
import io.weldr.api.worker.OutcomeUnknownException;
import io.weldr.api.worker.WorkerClient;
import io.weldr.api.worker.WorkerException;
import io.weldr.api.worker.WorkerWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The composes of the build worker: planned here, kept and built there. Thread-safe. */
public final class WorkerComposes implements Composes, AutoCloseable {
  /** The worker's message about a cancelled compose follows its answer at once. */
  private static final Duration CANCEL_SHOWS = Duration.ofSeconds(2);

  /** How long after its start this server has no list of composes to show yet. */
  private static final Duration FIRST_LIST = Duration.ofSeconds(3);

  private final long listedAt = System.nanoTime() + FIRST_LIST.toNanos();
  private final Supplier<ComposePlanner> planner;
  private final WorkerClient worker;
  private final Optional<String> proxy;
  private final ComposeEvents events = new ComposeEvents();
  private final ComposeCatalog catalog;
  private final LiveLogs logs;
  private final WorkerWatch watch;

  /**
   * Begins to follow the worker; it need not run yet.
   *
   * @param planner asked for with the first compose that is started
   * @param proxy for the downloads of composes, where neither a source nor the host has another one
   */
  public WorkerComposes(
      Supplier<ComposePlanner> planner,
      WorkerClient worker,
      ResultFiles results,
      Optional<String> proxy) {
    this.planner = planner;
    this.worker = worker;
    this.proxy = proxy;
    this.catalog = new ComposeCatalog(new ComposeEntries(results)::of, events);
    this.logs = new LiveLogs(catalog, results, events);
    this.watch = worker.watch(catalog);
  }

  @Override
  public StartedCompose start(ComposeRequest request) throws ComposeRefusedException {
    // What is planned depends on how the worker installs.
    awaitFirst();
    ComposePlan plan = planner.get().plan(request);
    try {
      Failpoint.BEFORE_SUBMISSION.hit();
      catalog.queued(worker.submit(PlannedJob.of(plan, proxy)));
      Failpoint.SUBMITTED.hit();
    } catch (JobRefusedException e) {
      throw new ComposeRefusedException(
          "BuildFailed", "The build worker does not accept the compose: " + e.getMessage());
    } catch (OutcomeUnknownException e) {
      if (catalog.find(plan.id()).isEmpty()) {
        throw new ComposeRefusedException(
            "BuildFailed",
            "The build worker got the compose "
                + plan.id()
                + " and does not answer; it may be queued: look for it in compose/status before"
                + " you start another. "
                + e.getMessage());
      }
    } catch (WorkerException | IOException | IllegalArgumentException e) {
      throw new ComposeRefusedException("BuildFailed", e.getMessage());
    }
    return new StartedCompose(plan.id(), plan.warnings());
  }

  /**
   * Waits for the first list of the worker: an answer from none would call composes unknown that
   * are there. When the worker is away that takes some seconds after the start of this server.
   */
  public void awaitFirst() {
    try {
      catalog.awaitFirst(listedAt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public List<ComposeEntry> entries() {
    awaitFirst();
    return catalog.entries();
  }

  @Override
  public Optional<ComposeEntry> find(UUID id) {
    awaitFirst();
    return catalog.find(id);
  }

  @Override
  public void cancel(UUID id)
      throws UnknownComposeException, WrongStateException, ComposeFailureException {
    ask(id, "WAITING or RUNNING", () -> worker.cancel(id));
    try {
      catalog.await(id, entry -> entry.state().ended(), CANCEL_SHOWS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void delete(UUID id)
      throws UnknownComposeException, WrongStateException, ComposeFailureException {
    ask(id, "FINISHED or FAILED", () -> worker.delete(id));
    catalog.remove(id);
  }

  private interface WorkerCall {
    void run() throws WorkerException;
  }

  private static void ask(UUID id, String allowed, WorkerCall call)
      throws UnknownComposeException, WrongStateException, ComposeFailureException {
    try {
      call.run();
    } catch (NoSuchComposeException e) {
      throw new UnknownComposeException(id);
    } catch (ComposeStateException e) {
      throw new WrongStateException(id, allowed);
    } catch (WorkerException e) {
      throw new ComposeFailureException(e.getMessage(), e);
    }
  }

  /** Whether the worker answers at present; lists are as they were last known while it does not. */
  public boolean workerAnswers() {
    return watch.connected();
  }

  /**
   * What an administrator should know about the worker, one sentence each; none while it is away.
   */
  public List<String> notices() {
    return watch.connected() ? catalog.notices() : List.of();
  }

  @Override
  public ComposeEvents events() {
    return events;
  }

  @Override
  public void close() {
    watch.close();
    logs.close();
    events.close();
  }
}
