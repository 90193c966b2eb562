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
import java.util.stream.IntStream;

/**
 * What the sources offer at one moment, by name. Names are in memory, everything else stays in the
 * file, whose format {@code share/depsolve/aptsolver/index.py} describes. Immutable.
 */
public final class PackageIndex {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Comparator<String> ORDER =
      String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder());
  private static final byte[] MAGIC = "WELDRPX1".getBytes(StandardCharsets.US_ASCII);
  private static final int FOOTER = MAGIC.length + 3 * Long.BYTES;
  private static final int LONGEST_RECORD = 64 << 20;

  private final Path file;
  private final String[] names;
  private final long[] ends;

  private PackageIndex(Path file, String[] names, long[] ends) {
    this.file = file;
    this.names = names;
    this.ends = ends;
  }

  /** An index of nothing. */
  static PackageIndex empty() {
    return new PackageIndex(Path.of("/nonexistent"), new String[0], new long[0]);
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
      byte[] block = read(channel, records, nameBytes).array();
      String[] names = new String(block, StandardCharsets.US_ASCII).split("\n");
      long[] ends = new long[count];
      read(channel, records + nameBytes, endBytes).asLongBuffer().get(ends);
      if (count == 0) {
        return empty();
      }
      if (names.length != count || ends[count - 1] != records) {
        throw new IOException(file + " is not an index of packages");
      }
      return new PackageIndex(file, names, ends);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new IOException(file + " is not an index of packages", e);
    }
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
    return names.length;
  }

  /** The name at a place of the order: by lower-cased name. */
  public String name(int place) {
    return names[place];
  }

  /**
   * Places of the names that one of the patterns matches, ascending, each once.
   *
   * @param patterns names in which {@code *} stands for any characters
   */
  public int[] places(Collection<String> patterns) {
    BitSet found = new BitSet(names.length);
    for (String pattern : new HashSet<>(patterns)) {
      NameGlob glob = new NameGlob(pattern);
      if (glob.exact()) {
        int place = Arrays.binarySearch(names, pattern, ORDER);
        if (place >= 0) {
          found.set(place);
        }
      } else {
        IntStream.range(0, names.length).filter(i -> glob.matches(names[i])).forEach(found::set);
      }
    }
    return found.stream().toArray();
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
      for (int place : places) {
        reader.take(project(channel, place));
      }
    }
  }

  private Project project(FileChannel channel, int place) throws IOException {
    long start = place == 0 ? 0 : ends[place - 1];
    long length = ends[place] - start;
    if (length <= 0 || length > LONGEST_RECORD) {
      throw new IOException(file + " is not an index of packages");
    }
    JsonNode record = JSON.readTree(read(channel, start, (int) length).array());
    List<Build> builds = new ArrayList<>();
    for (JsonNode build : record.path("builds")) {
      builds.add(
          new Build(
              new PackageVersion(
                  names[place],
                  build.path("epoch").asLong(),
                  build.path("version").asText(),
                  build.path("release").asText(),
                  build.path("architecture").asText()),
              Instant.ofEpochSecond(build.path("time").asLong()),
              build.path("license").asText()));
    }
    return new Project(
        names[place],
        record.path("summary").asText(),
        record.path("description").asText(),
        record.path("homepage").asText(),
        builds);
  }
}
