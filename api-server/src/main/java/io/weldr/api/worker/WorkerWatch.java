package io.weldr.api.worker;

import io.grpc.StatusRuntimeException;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.WatchEvent;
import io.weldr.proto.worker.v1.WatchRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Follows the worker's composes on a thread of its own, again and again when the worker is gone.
 */
public final class WorkerWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(WorkerWatch.class.getName());
  private static final long SHORTEST_LOOK_MS = 5;
  private static final long SHORTEST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 2_000;

  private final WorkerClient client;
  private final WorkerListener listener;
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean connected;
  private long pause = SHORTEST_PAUSE_MS;

  private WorkerWatch(WorkerClient client, WorkerListener listener) {
    this.client = client;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("worker-watch").unstarted(this::run);
  }

  static WorkerWatch start(WorkerClient client, WorkerListener listener) {
    WorkerWatch watch = new WorkerWatch(client, listener);
    watch.thread.start();
    return watch;
  }

  /** Whether the listener is up to date: the worker answers and has told of all composes. */
  public boolean connected() {
    return connected;
  }

  private void run() {
    String lastProblem = "";
    while (!closed) {
      String problem = follow();
      connected = false;
      if (!closed) {
        // A worker that is away for long is reported once.
        LOG.log(problem.equals(lastProblem) ? Level.DEBUG : Level.WARNING, problem);
        lastProblem = problem;
        sleep();
      }
    }
  }

  /** Follows one stream to its end; returns why it ended. */
  private String follow() {
    try {
      Iterator<WatchEvent> events =
          client.connect().stub().watch(WatchRequest.getDefaultInstance());
      Optional<Map<UUID, WorkerCompose>> snapshot = Optional.of(new LinkedHashMap<>());
      while (events.hasNext()) {
        snapshot = handle(events.next(), snapshot);
      }
      return "The build worker ended the list of composes";
    } catch (WorkerException e) {
      return e.getMessage();
    } catch (StatusRuntimeException | IllegalArgumentException e) {
      return "The connection to the build worker was lost: " + e.getMessage();
    }
  }

  /** What comes before the end of the snapshot belongs to it; empty once it was told. */
  private Optional<Map<UUID, WorkerCompose>> handle(
      WatchEvent event, Optional<Map<UUID, WorkerCompose>> snapshot) {
    switch (event.getEventCase()) {
      case COMPOSE -> {
        WorkerCompose compose = WorkerCompose.of(event.getCompose());
        snapshot.ifPresentOrElse(
            composes -> composes.put(compose.id(), compose), () -> listener.changed(compose));
      }
      case COMPOSES -> {
        for (Compose each : event.getComposes().getComposesList()) {
          WorkerCompose compose = WorkerCompose.of(each);
          snapshot.ifPresent(composes -> composes.put(compose.id(), compose));
        }
      }
      case DELETED_ID -> {
        UUID id = UUID.fromString(event.getDeletedId());
        snapshot.ifPresentOrElse(composes -> composes.remove(id), () -> listener.deleted(id));
      }
      case SNAPSHOT_END -> {
        snapshot.ifPresent(composes -> listener.snapshot(List.copyOf(composes.values())));
        connected = true;
        pause = SHORTEST_PAUSE_MS;
        return Optional.empty();
      }
      case NOTICES -> listener.notices(List.copyOf(event.getNotices().getSentencesList()));
      case EVENT_NOT_SET -> LOG.log(Level.WARNING, "The build worker sent an unknown event");
    }
    return snapshot;
  }

  /** A worker makes its socket when it starts: the rest of the pause is not waited for then. */
  private void sleep() {
    long end = System.nanoTime() + pause * 1_000_000;
    boolean absent = !client.hasSocket();
    try {
      do {
        Thread.sleep(absent ? Math.max(SHORTEST_LOOK_MS, pause / 10) : pause);
      } while (System.nanoTime() < end && absent && !client.hasSocket());
      // Slowly: a worker that has just come back is found within a tenth of the time it was away.
      pause = Math.min(pause + pause / 10 + 1, LONGEST_PAUSE_MS);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
