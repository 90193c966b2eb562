package io.weldr.worker.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.weldr.worker.host.Failpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The worker's record of who asked root for what: one JSON object per line, numbered without gaps
 * across restarts and files, appended to a file and copied to the journal. A full file is put
 * aside.
 *
 * <p>Security: the file is root's alone, opened without following a link and refused when it is a
 * link, not a plain file, or has a second name. Values are cut and everything but printable ASCII
 * is escaped, so that no value can end a record or speak to a terminal.
 */
public final class AuditLog implements AutoCloseable {
  private static final int LONGEST_VALUE = 256;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final AuditFile file;
  private final PrintStream journal;
  private final Clock clock;
  private long sequence;

  private AuditLog(AuditFile file, PrintStream journal, Clock clock, long lastSequence) {
    this.file = file;
    this.journal = journal;
    this.clock = clock;
    this.sequence = lastSequence;
  }

  /**
   * When a file is put aside for a new one.
   *
   * @param mostBytes of one file
   * @param keep how many older files are kept
   */
  public record Rotation(long mostBytes, int keep) {}

  /**
   * Opens or makes the file.
   *
   * @param journal gets a copy of every line
   * @throws IOException when the file is not one that only root can have made
   */
  public static AuditLog open(Path path, Rotation rotation, PrintStream journal, Clock clock)
      throws IOException {
    AuditFile file = AuditFile.open(path, rotation);
    try {
      return new AuditLog(file, journal, clock, file.lastSequence());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Writes one record. {@code seq} and {@code time} are added in front.
   *
   * @param durable whether the record must survive a power cut before this returns
   * @throws IOException when it could not be written; the caller must then not act
   */
  public synchronized void write(Map<String, Object> fields, boolean durable) throws IOException {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("seq", sequence + 1);
    record.put("time", clock.instant().toString());
    fields.forEach((name, value) -> record.put(name, bounded(value)));
    String line = json(record);
    file.append(line + "\n");
    sequence++;
    if (durable) {
      Failpoint.AUDIT_BEFORE_SYNC.hit();
      file.force();
      Failpoint.AUDIT_SYNCED.hit();
    }
    journal.println("audit: " + line);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static Object bounded(Object value) {
    if (value instanceof String text && text.length() > LONGEST_VALUE) {
      return text.substring(0, LONGEST_VALUE) + "…";
    }
    return value;
  }

  private static String json(Map<String, Object> record) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      for (Map.Entry<String, Object> field : record.entrySet()) {
        json.writeFieldName(field.getKey());
        json.writePOJO(field.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // 0x7f is printable to JSON but not to a terminal.
    return line.toString().replace("\u007f", "\\u007f");
  }
}
