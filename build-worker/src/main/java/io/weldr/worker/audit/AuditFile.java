package io.weldr.worker.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.host.Failpoint;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file that records are appended to, and the older ones beside it: {@code NAME.1} is the newest
 * of them. A file that somebody else moves away, as logrotate does, is followed by a new one with
 * the next record.
 *
 * <p>Security: see {@link AuditLog}; each file that is opened is checked like the first.
 */
final class AuditFile implements Closeable {
  private static final Logger LOG = System.getLogger(AuditFile.class.getName());
  private static final int LONGEST_TAIL = 64 * 1024;
  private static final JsonFactory JSON = new JsonFactory();

  private final Path path;
  private final AuditLog.Rotation rotation;
  private FileChannel channel;
  private Map<String, Object> identity;
  private boolean torn;
  private long rotateAt;

  private AuditFile(Path path, AuditLog.Rotation rotation) throws IOException {
    this.path = path;
    this.rotation = rotation;
    open();
  }

  static AuditFile open(Path path, AuditLog.Rotation rotation) throws IOException {
    return new AuditFile(path, rotation);
  }

  /** Number of the last whole record, in this file or else in those beside it; 0 = none. */
  long lastSequence() throws IOException {
    long last = Tail.of(path).sequence();
    if (last > 0) {
      return last;
    }
    try (var beside = Files.newDirectoryStream(path.getParent(), path.getFileName() + "[.-]*")) {
      for (Path older : beside) {
        if (Files.isRegularFile(older, LinkOption.NOFOLLOW_LINKS)) {
          last = Math.max(last, Tail.of(older).sequence());
        }
      }
    }
    return last;
  }

  /** Appends one line, to a new file if this one is full or was moved away. */
  void append(String line) throws IOException {
    if (movedAway()) {
      // What another program moved is complete before the next record is.
      channel.force(true);
      replace();
    } else if (channel.size() > 0 && channel.size() + line.length() > rotateAt) {
      rotate();
    }
    // After a full disk or a power cut the file may end within a line; the next record begins anew.
    String whole = torn ? "\n" + line : line;
    torn = true;
    ByteBuffer bytes = ByteBuffer.wrap(whole.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    torn = false;
  }

  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void open() throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    FileChannel opened = FileChannel.open(path, options, mode);
    try {
      identity = requirePrivate();
      torn = Tail.of(path).torn();
      DurableFiles.syncDirectory(path.getParent());
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    channel = opened;
    rotateAt = rotation.mostBytes();
  }

  private boolean movedAway() throws IOException {
    try {
      return !identity.equals(identity());
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private Map<String, Object> identity() throws IOException {
    return Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
  }

  private void rotate() throws IOException {
    try {
      Failpoint.AUDIT_BEFORE_SYNC.hit();
      channel.force(true);
      Failpoint.AUDIT_SYNCED.hit();
      for (int number = rotation.keep(); number > 1; number--) {
        if (Files.exists(older(number - 1), LinkOption.NOFOLLOW_LINKS)) {
          rename(older(number - 1), older(number));
        }
      }
      rename(path, older(1));
    } catch (IOException e) {
      // A record is worth more than a bound: go on in the same file, and try again later.
      LOG.log(Level.WARNING, path + " is full and cannot be put aside", e);
      rotateAt = channel.size() + rotation.mostBytes();
      return;
    }
    replace();
  }

  private static void rename(Path from, Path to) throws IOException {
    Failpoint.AUDIT_BEFORE_RENAME.hit();
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Failpoint.AUDIT_RENAMED.hit();
  }

  /** The old file stays open until there is a new one. */
  private void replace() throws IOException {
    FileChannel old = channel;
    open();
    old.close();
  }

  private Path older(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  private Map<String, Object> requirePrivate() throws IOException {
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
    return identity();
  }

  /** Where a file ended: the number of its last whole record, and whether half a line follows. */
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
      List<String> lines = text.lines().toList().reversed();
      long last =
          lines.stream()
              .mapToLong(Tail::sequenceOf)
              .filter(number -> number > 0)
              .findFirst()
              .orElse(0);
      return new Tail(last, length > 0 && !text.endsWith("\n"));
    }

    /** 0 when the line is no whole record. */
    private static long sequenceOf(String line) {
      long sequence = 0;
      try (JsonParser json = JSON.createParser(line)) {
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
          if (token == JsonToken.VALUE_NUMBER_INT && "seq".equals(json.currentName())) {
            sequence = json.getLongValue();
          }
        }
        return sequence;
      } catch (IOException e) {
        return 0;
      }
    }
  }
}
