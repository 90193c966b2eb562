package io.weldr.worker.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.Composes;
import io.weldr.proto.worker.v1.WatchEvent;
import io.weldr.worker.job.ComposeFeed;
import io.weldr.worker.job.ComposeRecord;
import io.weldr.worker.job.JobQueue;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends one watcher what happens, no faster than it reads. A watcher that falls too far behind is
 * disconnected; the queue never waits for it.
 */
final class WatchStream {
  private static final long PAUSE_MILLIS = 250;

  /** Bytes; with the largest compose behind it far from the 4 MiB that a receiver takes. */
  private static final int FULL_MESSAGE = 1 << 18;

  private final Supplier<JobQueue> queue;
  private final ServerCallStreamObserver<WatchEvent> client;
  private final Semaphore ready = new Semaphore(0);

  private WatchStream(Supplier<JobQueue> queue, ServerCallStreamObserver<WatchEvent> client) {
    this.queue = queue;
    this.client = client;
  }

  /** Starts sending; returns at once. */
  static void start(Supplier<JobQueue> queue, ServerCallStreamObserver<WatchEvent> client) {
    WatchStream stream = new WatchStream(queue, client);
    client.setOnReadyHandler(stream.ready::release);
    client.setOnCancelHandler(stream.ready::release);
    Thread.ofVirtual().name("watch").start(stream::run);
  }

  private void run() {
    JobQueue queue = this.queue.get();
    ComposeFeed feed = queue.watch();
    try {
      send(feed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      queue.unwatch(feed);
    }
  }

  private void send(ComposeFeed feed) throws InterruptedException {
    sendSnapshot(feed);
    client.onNext(ComposeMessages.SNAPSHOT_END);
    while (!client.isCancelled() && !feed.cutOff()) {
      awaitReady(feed);
      Optional<ComposeFeed.Change> change = feed.next(PAUSE_MILLIS);
      change.map(ComposeMessages::event).ifPresent(client::onNext);
    }
    if (!client.isCancelled()) {
      client.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("the watcher reads too slowly; watch again")
              .asRuntimeException());
    }
  }

  /** In few messages: each costs both sides more than many composes do. */
  private void sendSnapshot(ComposeFeed feed) throws InterruptedException {
    Composes.Builder message = Composes.newBuilder();
    int size = 0;
    for (ComposeRecord record : feed.snapshot()) {
      Compose compose = ComposeMessages.compose(record);
      message.addComposes(compose);
      size += compose.getSerializedSize();
      if (size > FULL_MESSAGE) {
        send(message, feed);
        message.clear();
        size = 0;
      }
    }
    send(message, feed);
  }

  private void send(Composes.Builder message, ComposeFeed feed) throws InterruptedException {
    awaitReady(feed);
    client.onNext(WatchEvent.newBuilder().setComposes(message).build());
  }

  private void awaitReady(ComposeFeed feed) throws InterruptedException {
    while (!client.isReady() && !client.isCancelled() && !feed.cutOff()) {
      boolean woken = ready.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      if (woken) {
        ready.drainPermits();
      }
    }
  }
}
