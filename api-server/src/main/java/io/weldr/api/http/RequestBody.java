package io.weldr.api.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * The body of a request, read at once, within a time limit and from a budget of memory that all
 * requests share: many big bodies at once are refused, small ones never are.
 */
final class RequestBody {
  /** What a body claims to be. */
  enum Form {
    JSON,
    TOML,
    OTHER,
    /** The request has no Content-Type header. */
    UNSTATED
  }

  /** Bytes of every body that are not counted. */
  private static final int SMALL = 1 << 14;

  private static final Semaphore BUDGET = new Semaphore(16 << 20);

  private RequestBody() {}

  /** The form by the Content-Type header, whatever parameters it has. */
  static Form form(ServerRequest request) {
    String header = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    String type = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (type.isEmpty()) {
      return Form.UNSTATED;
    }
    if (type.equals("text/x-toml") || type.equals("application/toml")) {
      return Form.TOML;
    }
    return type.equals("application/json")
            || (type.startsWith("application/") && type.endsWith("+json"))
        ? Form.JSON
        : Form.OTHER;
  }

  /**
   * Reads the whole body and parses it.
   *
   * @param parser gets an empty array when there is no body; the server's limit of size holds
   *     already
   */
  static <T> T parse(ServerRequest request, Function<byte[], T> parser) {
    if (!request.content().hasEntity()) {
      return parser.apply(new byte[0]);
    }
    Reading reading = new Reading();
    try {
      byte[] body = reading.all(request);
      return body.length <= SMALL ? parser.apply(body) : HeavyWork.inTurn(() -> parser.apply(body));
    } finally {
      BUDGET.release(reading.taken);
    }
  }

  /** One body, and how much of the budget it took. */
  private static final class Reading {
    private int taken;

    byte[] all(ServerRequest request) {
      ClientConnection client = ClientConnection.current();
      client.waitsForBody();
      try {
        // Not closed on failure: closing would wait for the rest.
        InputStream body = request.content().inputStream();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] block = new byte[SMALL];
        for (int read = body.read(block); read >= 0; read = body.read(block)) {
          take(bytes.size() + read);
          bytes.write(block, 0, read);
        }
        return bytes.toByteArray();
      } catch (RequestException | ApiException e) {
        throw e;
      } catch (NumberFormatException e) {
        throw badFraming(e);
      } catch (IOException | RuntimeException e) {
        // The client went away, or was too slow and was disconnected.
        throw new CloseConnectionException("the request body did not come", e);
      } finally {
        client.works();
      }
    }

    /** The length of a chunk is not a number: nothing after it can be understood. */
    private static RequestException badFraming(NumberFormatException cause) {
      return RequestException.builder()
          .type(DirectHandler.EventType.BAD_REQUEST)
          .message("Chunk size is invalid")
          .cause(cause)
          .setKeepAlive(false)
          .build();
    }

    private void take(int size) {
      int wanted = Math.max(0, size - SMALL) - taken;
      if (wanted > 0 && !BUDGET.tryAcquire(wanted)) {
        throw ApiException.ofTransport(
            Status.SERVICE_UNAVAILABLE_503, "Too many big requests at once; try again later.");
      }
      taken += Math.max(0, wanted);
    }
  }
}
