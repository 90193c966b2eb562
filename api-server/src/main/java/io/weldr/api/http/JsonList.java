package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A reply whose list may be very long: {@code {BEFORE"key":[…]AFTER}}. A short one is sent whole, a
 * long one as it is made, so it takes no more memory than its longest item.
 *
 * @param before members of the object in front of the list, as JSON, with a comma behind each
 * @param after members of the object behind the list, with a comma in front of each
 */
record JsonList(String before, String key, String after) {
  private static final int SHORT = 256;
  private static final int FEW = 20;
  private static final int BLOCK = 1 << 16;

  /** Writes the items. */
  interface Items {
    void writeTo(Sink sink) throws IOException;
  }

  /** Takes one item after the other. */
  static final class Sink {
    private final OutputStream out;
    private boolean first = true;

    private Sink(OutputStream out) {
      this.out = out;
    }

    void add(Object item) throws IOException {
      if (!first) {
        out.write(',');
      }
      first = false;
      byte[] json = Json.write(item);
      out.write(json, 0, json.length - 1);
    }
  }

  /**
   * Sends the reply.
   *
   * @param count how many items there will be
   * @throws UncheckedIOException when the items of a short list cannot be read
   */
  void send(ServerRequest request, ServerResponse response, int count, Items items) {
    if (count > SHORT) {
      stream(request, response, items);
    } else {
      byte[] body = whole(items);
      response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json"));
      response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, body.length));
      response.send(Replies.isHead(request) ? new byte[0] : body);
    }
  }

  /** As {@link #send}, for items that may be large. */
  void sendLarge(ServerRequest request, ServerResponse response, int count, Items items) {
    if (count > FEW) {
      stream(request, response, items);
    } else {
      send(request, response, count, items);
    }
  }

  private void stream(ServerRequest request, ServerResponse response, Items items) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json"));
    if (Replies.isHead(request)) {
      response.send(new byte[0]);
    } else {
      stream(response, items);
    }
  }

  private byte[] whole(Items items) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      write(body, items);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return body.toByteArray();
  }

  private void stream(ServerResponse response, Items items) {
    ClientConnection client = ClientConnection.current();
    try (OutputStream out =
        new BufferedOutputStream(new PatientStream(response.outputStream(), client), BLOCK)) {
      write(out, items);
    } catch (IOException | RuntimeException e) {
      // The status line is sent, so only closing is left.
      throw new CloseConnectionException("a list was not finished", e);
    }
  }

  private void write(OutputStream out, Items items) throws IOException {
    out.write(ascii("{" + before + "\"" + key + "\":["));
    items.writeTo(new Sink(out));
    out.write(ascii("]" + after + "}\n"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
