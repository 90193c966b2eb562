package io.weldr.worker.rpc;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * File descriptors kept for the moment when there are no others: giving one back lets a waiting
 * connection be accepted and closed, instead of staying in the backlog and waking the accept loop
 * for ever.
 */
final class DescriptorReserve implements AutoCloseable {
  private static final int COUNT = 5;

  private final Deque<FileInputStream> spare = new ArrayDeque<>();

  DescriptorReserve() {
    refill();
  }

  /** Gives one descriptor back to the process, if one is left. */
  synchronized void release() throws IOException {
    FileInputStream one = spare.poll();
    if (one != null) {
      one.close();
    }
  }

  /** Takes descriptors again as far as there are any. */
  synchronized void refill() {
    try {
      while (spare.size() < COUNT) {
        spare.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      // Still none to be had; the next call tries again.
      return;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    while (!spare.isEmpty()) {
      release();
    }
  }
}
