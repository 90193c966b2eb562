package io.weldr.worker.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TarImageTest {
  /** How a file of each compression begins; a bare archive with the name of its first member. */
  private static final Map<Compression, String> MAGIC =
      Map.of(
          Compression.NONE, "2e2f",
          Compression.XZ, "fd37",
          Compression.ZSTD, "28b5",
          Compression.GZIP, "1f8b");

  @TempDir Path directory;

  @Test
  void everythingAboutAFileIsKept() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Path file = Files.writeString(tree.resolve("file with $(id)"), "content");
    Files.setAttribute(file, "unix:uid", 12345);
    Files.setAttribute(file, "unix:gid", 54321);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    Files.setAttribute(file, "unix:mode", 04711);
    attributes(file).write("note", StandardCharsets.UTF_8.encode("kept"));
    run("/usr/bin/setfacl", "-m", "u:4711:rw", file.toString());
    Path program = Files.writeString(tree.resolve("program"), "x");
    run("/usr/sbin/setcap", "cap_net_raw=ep", program.toString());
    Files.createLink(tree.resolve("other name"), file);
    Files.createSymbolicLink(tree.resolve("link"), Path.of("elsewhere/hostname"));

    Path unpacked = unpacked(written(tree, Compression.XZ));

    Path copy = unpacked.resolve(file.getFileName());
    assertEquals("content", Files.readString(copy));
    assertEquals(12345, Files.getAttribute(copy, "unix:uid"));
    assertEquals(54321, Files.getAttribute(copy, "unix:gid"));
    assertEquals(04000, (int) Files.getAttribute(copy, "unix:mode") & 04000, "the set-user-id bit");
    assertArrayEquals("kept".getBytes(StandardCharsets.UTF_8), attribute(copy, "note"));
    assertTrue(run("/usr/bin/getfacl", "-pn", copy.toString()).contains("user:4711:rw-"));
    assertTrue(
        run("/usr/sbin/getcap", unpacked.resolve("program").toString()).contains("cap_net_raw=ep"));
    assertTrue(Files.isSameFile(copy, unpacked.resolve("other name")));
    assertEquals(Path.of("elsewhere/hostname"), Files.readSymbolicLink(unpacked.resolve("link")));
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void namesAreRelativeAndSortedAndTheArchiveIsTheSameEachTime(Compression compression)
      throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    for (String name : List.of("c", "a", "b")) {
      Files.writeString(tree.resolve(name), name);
    }
    Path first = written(tree, compression);
    assertEquals("./\n./a\n./b\n./c\n", run("/usr/bin/tar", "-tf", first.toString()));
    assertEquals(MAGIC.get(compression), magic(first));
    String checksum = Checksum.sha256(first);
    Files.move(first, directory.resolve("first"));
    Files.delete(first.getParent());

    assertEquals(checksum, Checksum.sha256(written(tree, compression)));
  }

  private static String magic(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return HexFormat.of().formatHex(in.readNBytes(2));
    }
  }

  private Path written(Path tree, Compression compression) throws Exception {
    Path image = Files.createDirectory(directory.resolve("image")).resolve("root.tar");
    List<String> said = new ArrayList<>();
    new TarImage(compression, 0).write(tree, image, new KeptLines(said));
    assertEquals(List.of(), said);
    return image;
  }

  private Path unpacked(Path image) throws Exception {
    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    run(
        "/usr/bin/tar",
        "-xf",
        image.toString(),
        "-C",
        unpacked.toString(),
        "--xattrs",
        "--xattrs-include=*",
        "--acls",
        "-p");
    return unpacked;
  }

  private static UserDefinedFileAttributeView attributes(Path file) {
    return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
  }

  private static byte[] attribute(Path file, String name) throws IOException {
    var buffer = ByteBuffer.allocate(attributes(file).size(name));
    attributes(file).read(name, buffer);
    return buffer.array();
  }

  private static String run(String... argv) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
