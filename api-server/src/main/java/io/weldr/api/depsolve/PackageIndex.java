package io.weldr.api.depsolve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What the sources offer at one moment, by name. Names are in memory, everything else stays in the
 * file, whose format {@code share/depsolve/shared/index.py} describes. Immutable.
 */
public final class PackageIndex {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Comparator<String> ORDER =
      String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder());
  private static final byte[] MAGIC = "WELDRPX1".getBytes(StandardCharsets.US_ASCII);
  private static final int FOOTER = MAGIC.length + 3 * Long.BYTES;
  private static final int BLOCK = 1 << 18;
  private static final int LONGEST_RECORD = 64 << 20;

  private final Path file;

  /** As in the file: 60,000 strings would take five times as much. */
  private final byte[] names;

  /** Where each name begins, and where one after the last would. */
  private final int[] starts;

  private final long[] ends;

  private PackageIndex(Path file, byte[] names, int[] starts, long[] ends) {
    this.file = file;
    this.names = names;
    this.starts = starts;
    this.ends = ends;
  }

  /** An index of nothing. */
  static PackageIndex empty() {
    return new PackageIndex(Path.of("/nonexistent"), new byte[0], new int[1], new long[0]);
  }

  /**
   * Reads the names.
   *
   * @throws IOException when the file cannot be read or is not such an index
   */
  static PackageIndex open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer footer = read(channel, channel.size() - FOOTER, FOOTER);
      byte[] magic = new byte[MAGIC.length];
      footer.get(magic);
      int count = Math.toIntExact(footer.getLong());
      int nameBytes = Math.toIntExact(footer.getLong());
      long records = footer.getLong();
      int endBytes = Math.multiplyExact(count, Long.BYTES);
      if (!Arrays.equals(magic, MAGIC)
          || records + nameBytes + endBytes + FOOTER != channel.size()) {
        throw new IOException(file + " is not an index of packages");
      }
      byte[] names = read(channel, records, nameBytes).array();
      int[] starts = starts(names);
      long[] ends = new long[count];
      read(channel, records + nameBytes, endBytes).asLongBuffer().get(ends);
      if (count == 0) {
        return empty();
      }
      if (starts.length != count + 1 || ends[count - 1] != records) {
        throw new IOException(file + " is not an index of packages");
      }
      return new PackageIndex(file, names, starts, ends);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new IOException(file + " is not an index of packages", e);
    }
  }

  private static int[] starts(byte[] names) {
    IntStream behindLineFeeds =
        IntStream.range(0, names.length).filter(i -> names[i] == '\n').map(i -> i + 1);
    return IntStream.concat(IntStream.of(0), behindLineFeeds).toArray();
  }

  private static ByteBuffer read(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, position + buffer.position());
      if (read < 0) {
        throw new EOFException("an index of packages ends early");
      }
    }
    return buffer.flip();
  }

  /** How many names there are. */
  public int size() {
    return ends.length;
  }

  /** The name at a place of the order: by lower-cased name. */
  public String name(int place) {
    int start = starts[place];
    int length = starts[place + 1] - 1 - start;
    return new String(names, start, length, StandardCharsets.US_ASCII);
  }

  /**
   * Places of the names that one of the patterns matches, ascending, each once.
   *
   * @param patterns names in which {@code *} stands for any characters
   */
  public int[] places(Collection<String> patterns) {
    BitSet found = new BitSet(size());
    for (String pattern : new HashSet<>(patterns)) {
      NameGlob glob = new NameGlob(pattern);
      if (glob.exact()) {
        place(pattern).ifPresent(found::set);
      } else {
        IntStream.range(0, size())
            .filter(i -> glob.matches(names, starts[i], starts[i + 1] - 1))
            .forEach(found::set);
      }
    }
    return found.stream().toArray();
  }

  private OptionalInt place(String name) {
    int low = 0;
    int high = size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = ORDER.compare(name(middle), name);
      if (order == 0) {
        return OptionalInt.of(middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return OptionalInt.empty();
  }

  /** Takes what {@link #read} finds, one after the other. */
  public interface Reader {
    void take(Project project) throws IOException;
  }

  /**
   * Reads what is at these places, one at a time.
   *
   * @throws IOException when the file cannot be read, or by the reader
   */
  public void read(int[] places, Reader reader) throws IOException {
    if (places.length == 0) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      for (int from = 0; from < places.length; ) {
        int to = from + 1;
        while (to < places.length && joins(places, from, to)) {
          to++;
        }
        readBlock(channel, places, from, to, reader);
        from = to;
      }
    }
  }

  /** Whether the record at {@code to} follows the one before it, and fits into a block with it. */
  private boolean joins(int[] places, int from, int to) {
    return places[to] == places[to - 1] + 1 && ends[places[to]] - start(places[from]) <= BLOCK;
  }

  private long start(int place) {
    return place == 0 ? 0 : ends[place - 1];
  }

  /** Records that follow one another take one call of the system. */
  private void readBlock(FileChannel channel, int[] places, int from, int to, Reader reader)
      throws IOException {
    long start = start(places[from]);
    long length = ends[places[to - 1]] - start;
    if (length <= 0 || length > LONGEST_RECORD) {
      throw new IOException(file + " is not an index of packages");
    }
    byte[] block = read(channel, start, (int) length).array();
    for (int i = from; i < to; i++) {
      int offset = Math.toIntExact(start(places[i]) - start);
      int end = Math.toIntExact(ends[places[i]] - start);
      reader.take(project(places[i], block, offset, end - offset));
    }
  }

  private Project project(int place, byte[] block, int offset, int length) throws IOException {
    JsonNode record = JSON.readTree(block, offset, length);
    String name = name(place);
    List<Build> builds = new ArrayList<>();
    for (JsonNode build : record.path("builds")) {
      builds.add(
          new Build(
              new PackageVersion(
                  name,
                  build.path("epoch").asLong(),
                  build.path("version").asText(),
                  build.path("release").asText(),
                  build.path("architecture").asText()),
              Instant.ofEpochSecond(build.path("time").asLong()),
              build.path("license").asText()));
    }
    return new Project(
        name,
        record.path("summary").asText(),
        record.path("description").asText(),
        record.path("homepage").asText(),
        builds);
  }
}
