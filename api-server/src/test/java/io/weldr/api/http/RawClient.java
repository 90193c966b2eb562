package io.weldr.api.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly the bytes it is told to, over one connection. */
public final class RawClient implements AutoCloseable {
  private final SocketChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).flip();

  RawClient(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
  }

  /** One request over a connection of its own. */
  public static Reply ask(Path socket, String method, String target, String... headersAndBody)
      throws IOException {
    try (RawClient client = new RawClient(socket)) {
      client.send(request(method, target, headersAndBody));
      return client.reply(method.equals("HEAD"));
    }
  }

  /**
   * The text of a request.
   *
   * @param headersAndBody header lines; what does not look like one is the body, which comes last
   */
  static String request(String method, String target, String... headersAndBody) {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    String body = "";
    boolean host = false;
    for (String part : headersAndBody) {
      if (part.matches("[A-Za-z-]+:.*")) {
        head.append(part).append("\r\n");
        host |= part.startsWith("Host:");
      } else {
        body = part;
      }
    }
    if (!host) {
      head.append("Host: localhost\r\n");
    }
    if (!body.isEmpty()) {
      head.append("Content-Length: ")
          .append(body.getBytes(StandardCharsets.UTF_8).length)
          .append("\r\n");
    }
    return head + "\r\n" + body;
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  Reply reply() throws IOException {
    return reply(false);
  }

  Reply reply(boolean head) throws IOException {
    int status = status();
    Map<String, String> headers = headers();
    return new Reply(status, headers, new Reply.Body(head ? new byte[0] : body(headers)));
  }

  /** Reads a reply of status 200 and keeps nothing of it. */
  void skipReply() throws IOException {
    int status = status();
    body(headers(), OutputStream.nullOutputStream());
    if (status != 200) {
      throw new IOException("the server answered with status " + status);
    }
  }

  private int status() throws IOException {
    return Integer.parseInt(line().split(" ", 3)[1]);
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] parts = line.split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
    return headers;
  }

  /** Reads status line and headers of a reply. */
  void head() throws IOException {
    while (!line().isEmpty()) {
      // up to the empty line
    }
  }

  /** The next chunk of a body; empty behind the last one. */
  String chunkText() throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    copy(chunk(), chunk);
    line();
    return chunk.toString(StandardCharsets.UTF_8);
  }

  /** Reads a first part of a reply. */
  void readSome() throws IOException {
    line();
  }

  /** Reads the rest of a chunked reply whose first line is read, and keeps nothing of it. */
  void replyRest() throws IOException {
    head();
    for (int size = chunk(); size > 0; size = chunk()) {
      copy(size, OutputStream.nullOutputStream());
      line();
    }
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body(headers, body);
    return body.toByteArray();
  }

  private void body(Map<String, String> headers, OutputStream to) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      for (int size = chunk(); size > 0; size = chunk()) {
        copy(size, to);
        line();
      }
      line();
    } else {
      copy(Integer.parseInt(headers.getOrDefault("content-length", "0")), to);
    }
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line().strip(), 16);
  }

  private void copy(int length, OutputStream to) throws IOException {
    for (int left = length; left > 0; ) {
      fill();
      int part = Math.min(left, buffer.remaining());
      to.write(buffer.array(), buffer.position(), part);
      buffer.position(buffer.position() + part);
      left -= part;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = read(); b != '\n'; b = read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private int read() throws IOException {
    fill();
    return buffer.get() & 0xff;
  }

  /** Waits until there is something to take from the buffer. */
  private void fill() throws IOException {
    if (!buffer.hasRemaining()) {
      buffer.clear();
      int read = channel.read(buffer);
      buffer.flip();
      if (read < 0) {
        throw new EOFException("the server closed the connection");
      }
    }
  }

  /** Whether the server closes the connection, waiting for it, with nothing more to read. */
  boolean isClosedByServer() throws IOException {
    try {
      read();
      return false;
    } catch (EOFException e) {
      return true;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).contains("reset");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
