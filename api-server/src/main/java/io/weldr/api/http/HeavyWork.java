package io.weldr.api.http;

import java.util.concurrent.Semaphore;

/**
 * Work that takes many times the size of its input in memory, such as parsing a large document: one
 * at a time, however many clients ask for it.
 */
final class HeavyWork {
  private static final Semaphore TURN = new Semaphore(1, true);

  private HeavyWork() {}

  /** Something that may fail in its own way. */
  interface Task<T, E extends Exception> {
    T run() throws E;
  }

  /** Runs a task when it is its turn. */
  static <T, E extends Exception> T inTurn(Task<T, E> task) throws E {
    TURN.acquireUninterruptibly();
    try {
      return task.run();
    } finally {
      TURN.release();
    }
  }
}
