package io.weldr.worker.job;

import io.weldr.worker.spec.JobEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Follows the events of a job from their beginning. Lines are taken when they are whole; one that
 * is not an event is logged and left out.
 */
final class EventTail {
  private static final Logger LOG = System.getLogger(EventTail.class.getName());
  private static final int LONGEST_LINE = 64 * 1024;

  private final Path file;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long position;

  EventTail(Path file) {
    this.file = file;
  }

  /** Events since the last call; none when the file is not there yet. */
  List<JobEvent> next() throws IOException {
    List<JobEvent> events = new ArrayList<>();
    Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try (FileChannel channel = FileChannel.open(file, options)) {
      channel.position(position);
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      while (channel.read(buffer) > 0) {
        buffer.flip();
        position += buffer.remaining();
        while (buffer.hasRemaining()) {
          accept(buffer.get(), events);
        }
        buffer.clear();
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return events;
  }

  private void accept(byte b, List<JobEvent> events) {
    if (b != '\n') {
      if (line.size() < LONGEST_LINE) {
        line.write(b);
      }
      return;
    }
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    try {
      events.add(JobEvent.fromLine(text));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} has a line that is not an event: {1}", file, e.getMessage());
    }
  }
}
