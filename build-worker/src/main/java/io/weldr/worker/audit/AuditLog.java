package io.weldr.worker.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weldr.worker.host.Failpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The worker's record of who asked root for what: one JSON object per line, numbered without gaps
 * across restarts, appended to a file and copied to the journal.
 *
 * <p>Security: the file is root's alone, opened without following a link and refused when it is a
 * link, not a plain file, or has a second name. Values are cut and everything but printable ASCII
 * is escaped, so that no value can end a record or speak to a terminal.
 */
public final class AuditLog implements AutoCloseable {
  private static final int LONGEST_VALUE = 256;
  private static final int LONGEST_TAIL = 64 * 1024;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final FileChannel file;
  private final PrintStream journal;
  private final Clock clock;
  private long sequence;
  private boolean torn;

  private AuditLog(FileChannel file, PrintStream journal, Clock clock, Tail tail) {
    this.file = file;
    this.journal = journal;
    this.clock = clock;
    this.sequence = tail.sequence();
    this.torn = tail.torn();
  }

  /**
   * Opens or makes the file.
   *
   * @param journal gets a copy of every line
   * @throws IOException when the file is not one that only root can have made
   */
  public static AuditLog open(Path path, PrintStream journal, Clock clock) throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    FileChannel channel = FileChannel.open(path, options, mode);
    try {
      requirePrivate(path);
      return new AuditLog(channel, journal, clock, Tail.of(path));
    } catch (IOException e) {
      channel.close();
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
    append(line + "\n");
    sequence++;
    if (durable) {
      Failpoint.AUDIT_BEFORE_SYNC.hit();
      file.force(false);
      Failpoint.AUDIT_SYNCED.hit();
    }
    journal.println("audit: " + line);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void append(String line) throws IOException {
    // After a full disk or a power cut the file may end within a line; the next record begins anew.
    String whole = torn ? "\n" + line : line;
    torn = true;
    ByteBuffer bytes = ByteBuffer.wrap(whole.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    torn = false;
  }

  private static Object bounded(Object value) {
    if (value instanceof String text && text.length() > LONGEST_VALUE) {
      return text.substring(0, LONGEST_VALUE) + "…";
    }
    return value;
  }

  private static String json(Map<String, Object> record) {
    try {
      // 0x7f is printable to JSON but not to a terminal.
      return MAPPER.writeValueAsString(record).replace("\u007f", "\\u007f");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an audit record has a value that is not plain", e);
    }
  }

  private static void requirePrivate(Path path) throws IOException {
    var found = Files.readAttributes(path, "unix:mode,uid,nlink", LinkOption.NOFOLLOW_LINKS);
    int mode = (int) found.get("mode");
    boolean plain = (mode & 0170000) == 0100000;
    if (!plain
        || (mode & 077) != 0
        || !found.get("uid").equals(0)
        || !found.get("nlink").equals(1)) {
      throw new IOException(
          path + " must be a plain file of root with mode 0600 and one name; move it away");
    }
  }

  /** Where the file ended: the number of the last whole record, and whether half a line follows. */
  private record Tail(long sequence, boolean torn) {
    static Tail of(Path path) throws IOException {
      byte[] end = new byte[LONGEST_TAIL];
      int length;
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
        length = (int) Math.min(file.length(), end.length);
        file.seek(file.length() - length);
        file.readFully(end, 0, length);
      }
      String text = new String(end, 0, length, StandardCharsets.ISO_8859_1);
      long last =
          text.lines().mapToLong(Tail::sequenceOf).filter(number -> number > 0).max().orElse(0);
      return new Tail(last, length > 0 && !text.endsWith("\n"));
    }

    private static long sequenceOf(String line) {
      try {
        return MAPPER.readTree(line).path("seq").asLong();
      } catch (JsonProcessingException e) {
        return 0;
      }
    }
  }
}
