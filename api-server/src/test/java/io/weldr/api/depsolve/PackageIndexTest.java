package io.weldr.api.depsolve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageIndexTest {
  @TempDir Path directory;

  /** An index in the adapter's format with one small record per name. */
  private static byte[] file(List<String> names) {
    StringBuilder records = new StringBuilder();
    ByteBuffer ends = ByteBuffer.allocate(names.size() * Long.BYTES);
    for (String name : names) {
      records.append("{\"summary\":\"about ").append(name).append("\",\"builds\":[]}");
      ends.putLong(records.length());
    }
    byte[] block =
        String.join("", names.stream().map(name -> name + "\n").toList())
            .getBytes(StandardCharsets.US_ASCII);
    byte[] text = records.toString().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(text.length + block.length + ends.capacity() + 32)
        .put(text)
        .put(block)
        .put(ends.array())
        .put("WELDRPX1".getBytes(StandardCharsets.US_ASCII))
        .putLong(names.size())
        .putLong(block.length)
        .putLong(text.length)
        .array();
  }

  private PackageIndex open(byte[] content) throws IOException {
    return PackageIndex.open(Files.write(directory.resolve("x.index"), content));
  }

  private PackageIndex of(String... names) throws IOException {
    return open(file(List.of(names)));
  }

  @Test
  void namesAreFoundInTheOrderOfTheAdapterUpperAndLowerCase() throws IOException {
    PackageIndex index = of("a", "Foo", "foo", "foo-x", "foo.x", "foo_x", "fooX", "zz");
    for (int place = 0; place < index.size(); place++) {
      assertArrayEquals(new int[] {place}, index.places(List.of(index.name(place))));
    }
    assertArrayEquals(new int[0], index.places(List.of("FOO", "fo", "zzz", "")));
    assertArrayEquals(new int[] {1, 2, 7}, index.places(List.of("z*", "F*o", "f*o", "foo")));
    List<String> read = new ArrayList<>();
    index.read(new int[] {7, 0}, project -> read.add(project.name() + ": " + project.summary()));
    assertEquals(List.of("zz: about zz", "a: about a"), read);
  }

  @Test
  void anEmptyIndexHasNothing() throws IOException {
    assertEquals(0, of().size());
    assertArrayEquals(new int[0], of().places(List.of("*", "a")));
  }

  @Test
  void globsMatchAsTheFileSystemsDo() {
    Random random = new Random(20261123);
    for (int round = 0; round < 20_000; round++) {
      String pattern = text(random, "ab*", 7);
      String name = text(random, "ab", 9);
      PathMatcher expected = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      byte[] bytes = ("<" + name + ">").getBytes(StandardCharsets.US_ASCII);
      assertEquals(
          expected.matches(Path.of(name)),
          new NameGlob(pattern).matches(bytes, 1, bytes.length - 1),
          pattern + " on " + name);
    }
  }

  private static String text(Random random, String alphabet, int longest) {
    return IntStream.range(0, random.nextInt(longest))
        .mapToObj(i -> String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))))
        .reduce("", String::concat);
  }

  @Test
  void whatIsCutOrChangedIsRefused() throws IOException {
    byte[] good = file(List.of("a", "b", "c"));
    assertEquals(3, open(good).size());
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThrows(IOException.class, () -> open(cut), "cut to " + length);
    }
    for (int at = good.length - 32; at < good.length; at++) {
      byte[] changed = good.clone();
      changed[at] ^= (byte) 0x81;
      assertThrows(IOException.class, () -> open(changed), "changed at " + at);
    }
  }
}
