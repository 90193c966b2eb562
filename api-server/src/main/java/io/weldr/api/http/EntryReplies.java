package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.compose.ComposeEntry;
import io.weldr.api.compose.Composes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Replies with lists of composes. The JSON of an entry is made once and kept while the entry is the
 * same object: clients poll lists of thousands that hardly change.
 */
final class EntryReplies {
  private static final int BLOCK = 1 << 16;

  /** So many outdated forms may be kept, besides one for each compose there is. */
  private static final int SPARE = 1024;

  private final ApiVersion version;
  private final Composes composes;
  private final Map<UUID, Form> forms = new ConcurrentHashMap<>();

  /** An entry and its JSON. */
  private record Form(ComposeEntry entry, byte[] json) {}

  EntryReplies(ApiVersion version, Composes composes) {
    this.version = version;
    this.composes = composes;
  }

  /** An empty reply; give it its members in the order of their names. */
  Reply reply() {
    if (forms.size() > 2 * composes.entries().size() + SPARE) {
      forms.clear();
    }
    return new Reply();
  }

  private byte[] json(ComposeEntry entry) {
    Form known = forms.get(entry.id());
    if (known != null && known.entry() == entry) {
      return known.json();
    }
    byte[] json = piece(ComposeJson.entry(version, entry));
    forms.put(entry.id(), new Form(entry, json));
    return json;
  }

  private static byte[] piece(Object tree) {
    byte[] line = Json.write(tree);
    return Arrays.copyOf(line, line.length - 1);
  }

  /** A JSON object, put together from pieces. */
  final class Reply {
    private final List<byte[]> pieces = new ArrayList<>();
    private String before = "{";

    private void add(String text) {
      pieces.add(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void name(String name) {
      add(before + "\"" + name + "\":");
      before = ",";
    }

    Reply value(String name, Object tree) {
      name(name);
      pieces.add(piece(tree));
      return this;
    }

    Reply list(String name, List<ComposeEntry> entries) {
      name(name);
      add("[");
      byte[] comma = {','};
      for (int i = 0; i < entries.size(); i++) {
        if (i > 0) {
          pieces.add(comma);
        }
        pieces.add(json(entries.get(i)));
      }
      add("]");
      return this;
    }

    void send(ServerRequest request, ServerResponse response) {
      add("}\n");
      long length = pieces.stream().mapToLong(piece -> piece.length).sum();
      response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json"));
      response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, length));
      if (Replies.isHead(request)) {
        response.send(new byte[0]);
        return;
      }
      try (OutputStream out =
          new BufferedOutputStream(
              new PatientStream(response.outputStream(), ClientConnection.current()), BLOCK)) {
        for (byte[] piece : pieces) {
          out.write(piece);
        }
      } catch (IOException | RuntimeException e) {
        // The status line is sent, so only closing is left.
        throw new CloseConnectionException("a list was not finished", e);
      }
    }
  }
}
