package io.weldr.worker.build;

import io.weldr.worker.host.Failpoint;
import io.weldr.worker.spec.JobEvent;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Appends to the job's {@code events.jsonl}, which the worker follows. */
final class JobEvents implements Closeable {
  private final FileChannel channel;

  JobEvents(Path jobDirectory) throws IOException {
    this.channel =
        FileChannel.open(
            jobDirectory.resolve(JobEvent.FILE),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Appends one line; the last event of a job is on the disk when this returns. */
  synchronized void append(JobEvent event) throws IOException {
    ByteBuffer line = ByteBuffer.wrap((event.toLine() + "\n").getBytes(StandardCharsets.UTF_8));
    Failpoint.BEFORE_EVENT.hit();
    while (line.hasRemaining()) {
      channel.write(line);
    }
    Failpoint.EVENT_WRITTEN.hit();
    if (event instanceof JobEvent.Finished || event instanceof JobEvent.Failed) {
      channel.force(true);
      Failpoint.EVENT_SYNCED.hit();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
