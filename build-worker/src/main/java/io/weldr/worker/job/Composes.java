package io.weldr.worker.job;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/**
 * The queue and its supervisor, put together over one state directory that no other worker uses.
 *
 * @param queue accepts, lists and ends composes
 * @param supervisor runs them
 */
public record Composes(JobQueue queue, Supervisor supervisor, FileChannel lock)
    implements AutoCloseable {

  /**
   * Recovers what is there and starts running composes.
   *
   * @throws IOException when the directories cannot be used or another worker uses them
   */
  public static Composes open(
      StateLayout layout,
      Admission admission,
      Recipes recipes,
      JobPolicy policy,
      int slots,
      Clock clock)
      throws IOException, InterruptedException {
    FileChannel lock = lock(layout);
    try {
      ComposeStore store = new ComposeStore(layout);
      List<ComposeRecord> recovered =
          new Recovery(store, policy.cgroups(), policy.limits().control()).composes();
      JobQueue queue = new JobQueue(store, admission, recipes, clock, recovered);
      Supervisor supervisor = new Supervisor(queue, store, policy, clock, slots);
      supervisor.start(leftBehind(recovered));
      return new Composes(queue, supervisor, lock);
    } catch (IOException | InterruptedException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    supervisor.close();
    queue.remember(0);
    lock.close();
  }

  /** Composes that run, and those that have ended without being cleaned up. */
  private static List<UUID> leftBehind(List<ComposeRecord> recovered) {
    return recovered.stream()
        .filter(r -> r.state() == ComposeState.RUNNING || r.cgroup().isPresent())
        .map(ComposeRecord::id)
        .toList();
  }

  private static FileChannel lock(StateLayout layout) throws IOException {
    FileChannel channel =
        FileChannel.open(
            layout.jobs().resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException(layout.lib() + " is in use within this process", e);
    }
    channel.close();
    throw new IOException(layout.lib() + " is in use by another build-worker");
  }
}
