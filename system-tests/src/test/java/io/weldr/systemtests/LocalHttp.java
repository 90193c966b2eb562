package io.weldr.systemtests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Requests without a process of curl's for each, where time is measured. */
record LocalHttp(Path socket) {

  /** The whole reply to a GET, with its head. */
  String get(String path) throws IOException {
    return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  /** The whole reply to a POST of JSON, with its head. */
  String post(String path, String json) throws IOException {
    return ask(
        "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".formatted(path)
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(json.length(), json));
  }

  /** A connection on which a GET was sent. */
  SocketChannel opened(String path) throws IOException {
    return sent("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  private SocketChannel sent(String request) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
    return channel;
  }

  private String ask(String request) throws IOException {
    try (SocketChannel channel = sent(request)) {
      ByteArrayOutputStream reply = new ByteArrayOutputStream();
      ByteBuffer block = ByteBuffer.allocate(1 << 16);
      while (channel.read(block) >= 0) {
        reply.write(block.array(), 0, block.position());
        block.clear();
      }
      return reply.toString(StandardCharsets.UTF_8);
    }
  }
}
