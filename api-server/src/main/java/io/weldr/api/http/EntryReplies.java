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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Replies with lists of composes. The JSON of an entry is made once and kept while the entry is the
 * same object, and so is what an unfiltered list is made of: clients poll lists of thousands that
 * hardly change.
 */
final class EntryReplies {
  private static final int BLOCK = 1 << 17;

  /** From so many on the JSON of entries is made on all cores. */
  private static final int MANY = 2048;

  /** So many outdated forms may be kept, besides one for each compose there is. */
  private static final int SPARE = 1024;

  private final ApiVersion version;
  private final Composes composes;
  private final Map<UUID, Form> forms = new ConcurrentHashMap<>();
  private final Map<String, Selection> selections = new ConcurrentHashMap<>();

  /**
   * An entry and its JSON.
   *
   * @param json with a comma behind it
   */
  private record Form(ComposeEntry entry, byte[] json) {}

  /**
   * Some of the composes.
   *
   * @param composes all there were when they were chosen
   * @param json of those chosen
   */
  private record Selection(List<ComposeEntry> composes, List<byte[]> json) {}

  EntryReplies(ApiVersion version, Composes composes) {
    this.version = version;
    this.composes = composes;
  }

  /** An empty reply; give it its members in the order of their names. */
  Reply reply() {
    List<ComposeEntry> all = composes.entries();
    if (forms.size() > 2 * all.size() + SPARE) {
      forms.clear();
    }
    return new Reply(all);
  }

  private List<byte[]> selected(
      List<ComposeEntry> all, String name, UnaryOperator<List<ComposeEntry>> choice) {
    Selection known = selections.get(name);
    if (known == null || known.composes() != all) {
      known = new Selection(all, json(choice.apply(all)));
      selections.put(name, known);
    }
    return known.json();
  }

  private List<byte[]> json(List<ComposeEntry> entries) {
    // Thousands at once are those of the first list after a start.
    Stream<ComposeEntry> all = entries.size() < MANY ? entries.stream() : entries.parallelStream();
    return all.map(this::json).toList();
  }

  private byte[] json(ComposeEntry entry) {
    Form known = forms.get(entry.id());
    if (known != null && known.entry() == entry) {
      return known.json();
    }
    byte[] json = Json.write(new EntryJson(version, entry));
    json[json.length - 1] = ',';
    forms.put(entry.id(), new Form(entry, json));
    return json;
  }

  /** A JSON object, put together from pieces. */
  final class Reply {
    private final List<ComposeEntry> all;
    private final List<byte[]> pieces = new ArrayList<>();
    private String before = "{";

    private Reply(List<ComposeEntry> all) {
      this.all = all;
    }

    private void add(String text) {
      pieces.add(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void name(String name) {
      add(before + "\"" + name + "\":");
      before = ",";
    }

    Reply value(String name, Object tree) {
      name(name);
      add(Json.text(tree));
      return this;
    }

    Reply list(String name, List<ComposeEntry> entries) {
      return pieces(name, json(entries));
    }

    /**
     * A list that is the same as long as the composes are.
     *
     * @param choice takes all composes, oldest first; the same one for every list of this name
     */
    Reply list(String name, UnaryOperator<List<ComposeEntry>> choice) {
      return pieces(name, selected(all, name, choice));
    }

    private Reply pieces(String name, List<byte[]> list) {
      name(name);
      add("[");
      if (!list.isEmpty()) {
        pieces.addAll(list.subList(0, list.size() - 1));
        byte[] last = list.getLast();
        pieces.add(Arrays.copyOf(last, last.length - 1));
      }
      add("]");
      return this;
    }

    void send(ServerRequest request, ServerResponse response) {
      add("}\n");
      long length = 0;
      for (byte[] piece : pieces) {
        length += piece.length;
      }
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
