package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** The body of a request, read at once and within a time limit. */
final class RequestBody {
  /** What a body claims to be. */
  enum Form {
    JSON,
    TOML,
    OTHER,
    /** The request has no Content-Type header. */
    UNSTATED
  }

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
            || type.startsWith("application/") && type.endsWith("+json")
        ? Form.JSON
        : Form.OTHER;
  }

  /** The whole body; empty when there is none. The server's limit of size holds already. */
  static byte[] bytes(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    ClientConnection client = ClientConnection.current();
    client.waitsForBody();
    try (InputStream body = request.content().inputStream()) {
      return body.readAllBytes();
    } catch (RequestException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The client went away, or was too slow and was disconnected.
      throw new CloseConnectionException("the request body did not come", e);
    } finally {
      client.works();
    }
  }
}
