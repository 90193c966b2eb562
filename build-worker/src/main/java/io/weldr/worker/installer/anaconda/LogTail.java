package io.weldr.worker.installer.anaconda;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.Consumer;

/** The lines that a growing file gets, in bounded memory. The file need not be there yet. */
final class LogTail {
  private static final int LONGEST = 8192;
  private static final Set<java.nio.file.OpenOption> READING =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Path file;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long offset;

  LogTail(Path file, Consumer<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * Passes on the lines that are whole now; bytes beyond {@value #LONGEST} of a line are dropped.
   */
  void read() throws IOException {
    try (FileChannel channel = FileChannel.open(file, READING)) {
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      for (int n = channel.read(buffer, offset); n > 0; n = channel.read(buffer, offset)) {
        offset += n;
        take(buffer.flip());
        buffer.clear();
      }
    } catch (NoSuchFileException e) {
      // Not begun yet.
      return;
    }
  }

  /** As {@link #read}, and then what the last line has without its end. */
  void finish() throws IOException {
    read();
    if (line.size() > 0) {
      emit();
    }
  }

  /** Bytes read so far. */
  long offset() {
    return offset;
  }

  private void take(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n') {
        emit();
      } else if (line.size() < LONGEST) {
        line.write(next);
      }
    }
  }

  private void emit() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    lines.accept(text);
  }
}
