package io.weldr.api.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Writes replies to a connection in large pieces. Helidon's own writer hands a unix socket 8 KiB at
 * a time, which costs a long reply more than half of its time.
 */
final class ChannelWriter implements DataWriter {
  /** What the class library copies out of the heap at once; it keeps as much for each processor. */
  private static final int PIECE = 1 << 17;

  private final SocketChannel channel;
  private final OutputStream out = new Pieces();

  ChannelWriter(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public void write(BufferData... buffers) {
    writeNow(buffers);
  }

  @Override
  public void write(BufferData buffer) {
    writeNow(buffer);
  }

  @Override
  public void writeNow(BufferData... buffers) {
    for (BufferData buffer : buffers) {
      writeNow(buffer);
    }
  }

  @Override
  public void writeNow(BufferData buffer) {
    buffer.writeTo(out);
  }

  /** The channel, piece by piece. */
  private final class Pieces extends OutputStream {
    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      try {
        int end = offset + length;
        for (int at = offset; at < end; at += PIECE) {
          ByteBuffer piece = ByteBuffer.wrap(bytes, at, Math.min(PIECE, end - at));
          while (piece.hasRemaining()) {
            channel.write(piece);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
