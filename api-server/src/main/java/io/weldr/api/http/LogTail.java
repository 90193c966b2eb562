package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The end of a log that may still grow, as text, in constant memory.
 *
 * @param begin offset of the first byte to send
 * @param end offset behind the last one
 */
record LogTail(FileChannel log, long begin, long end) {
  private static final int BLOCK = 1 << 15;

  /** The last kibibytes of a log, without the line that this cuts. */
  static LogTail of(FileChannel log, int kibibytes) throws IOException {
    long end = log.size();
    long begin = Math.max(0, end - kibibytes * 1024L);
    return new LogTail(log, begin == 0 ? 0 : nextLine(log, begin, end), end);
  }

  private static long nextLine(FileChannel log, long begin, long end) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (long position = begin; position < end; ) {
      block.clear().limit((int) Math.min(BLOCK, end - position));
      int read = log.read(block, position);
      for (int i = 0; i < read; i++) {
        if (block.get(i) == '\n') {
          return position + i + 1;
        }
      }
      if (read <= 0) {
        return end;
      }
      position += read;
    }
    return end;
  }

  /** Sends it; bytes that are not UTF-8 are replaced. */
  void send(ServerRequest request, ServerResponse response) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8"));
    response.header(HeaderValues.create("X-Content-Type-Options", "nosniff"));
    ClientConnection client = ClientConnection.current();
    if (Replies.isHead(request) || begin == end) {
      response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, length(client)));
      response.send(new byte[0]);
      return;
    }
    try (OutputStream out = response.outputStream()) {
      write(out, client);
      client.waitsForReader();
    } catch (IOException | RuntimeException e) {
      // The status line is sent, so only closing is left.
      throw new CloseConnectionException("a log was not sent whole", e);
    }
  }

  /** Bytes that are sent: what is replaced has another length. */
  private long length(ClientConnection client) {
    Counter counter = new Counter();
    try {
      write(counter, client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counter.bytes;
  }

  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int one) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int offset, int length) {
      bytes += length;
    }
  }

  private void write(OutputStream out, ClientConnection client) throws IOException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
    CharBuffer characters = CharBuffer.allocate(BLOCK);
    boolean last = false;
    for (long position = begin; !last; ) {
      bytes.limit((int) Math.min(bytes.capacity(), bytes.position() + end - position));
      int read = log.read(bytes, position);
      position += Math.max(0, read);
      last = read <= 0 || position >= end;
      decoder.decode(bytes.flip(), characters, last);
      bytes.compact();
      client.waitsForReader();
      text.write(characters.flip().toString());
      client.works();
      characters.clear();
    }
    decoder.flush(characters);
    text.write(characters.flip().toString());
    client.waitsForReader();
    text.flush();
  }
}
