package io.weldr.api.compose;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Reads along the logs of running composes, on a thread of its own, and tells their lines. */
final class LiveLogs implements AutoCloseable {
  private static final Logger LOG = System.getLogger(LiveLogs.class.getName());
  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final int BLOCK = 1 << 15;
  private static final int BLOCKS_AT_ONCE = 8;

  /** The worker adds why a compose failed just after it told that it failed. */
  private static final int READS_AFTER_THE_END = 4;

  private final ComposeCatalog catalog;
  private final ResultFiles results;
  private final ComposeEvents events;
  private final Map<UUID, Tail> tails = new HashMap<>();
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
  private final Thread thread;

  LiveLogs(ComposeCatalog catalog, ResultFiles results, ComposeEvents events) {
    this.catalog = catalog;
    this.results = results;
    this.events = events;
    this.thread = Thread.ofVirtual().name("live-logs").start(this::run);
  }

  /** How far a log was read. */
  private static final class Tail {
    private long position;
    private int readsAfterTheEnd;

    Tail(long position) {
      this.position = position;
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        readAll();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "logs are not followed any more");
    }
  }

  private void readAll() {
    List<ComposeEntry> running = catalog.running();
    running.forEach(entry -> tails.computeIfAbsent(entry.id(), id -> new Tail(start(entry))));
    Set<UUID> alive = running.stream().map(ComposeEntry::id).collect(Collectors.toSet());
    for (UUID id : List.copyOf(tails.keySet())) {
      Tail tail = tails.get(id);
      boolean atEnd = read(id, tail, alive.contains(id));
      if (!alive.contains(id) && atEnd && ++tail.readsAfterTheEnd == READS_AFTER_THE_END) {
        tails.remove(id);
      }
    }
  }

  /** What was logged before this server started is not told. */
  private long start(ComposeEntry entry) {
    if (!catalog.ranBefore(entry.id())) {
      return 0;
    }
    Optional<FileChannel> file = results.logFile(entry.id());
    if (file.isEmpty()) {
      return 0;
    }
    try (FileChannel log = file.get()) {
      return log.size();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a log without a size", e);
      return 0;
    }
  }

  /** Reads what is new, but only so much at once; whether this was all. */
  private boolean read(UUID id, Tail tail, boolean growing) {
    Optional<FileChannel> file = results.logFile(id);
    if (file.isEmpty()) {
      return true;
    }
    try (FileChannel log = file.get()) {
      for (int i = 0; i < BLOCKS_AT_ONCE; i++) {
        int read = log.read(block.clear(), tail.position);
        int taken = taken(read, growing);
        if (taken <= 0) {
          return true;
        }
        events.logged(id, lines(taken));
        tail.position += taken;
      }
      return false;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a log that cannot be read", e);
      return true;
    }
  }

  /** Up to the last line end; all of it when it has none and no more will come or fit. */
  private int taken(int read, boolean growing) {
    for (int i = read - 1; i >= 0; i--) {
      if (block.get(i) == '\n') {
        return i + 1;
      }
    }
    return growing && read < BLOCK ? 0 : read;
  }

  private List<String> lines(int length) {
    String text = new String(block.array(), 0, length, StandardCharsets.UTF_8);
    return new ArrayList<>(text.lines().toList());
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
