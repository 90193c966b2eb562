package io.weldr.worker.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTypeTest {
  private static final Path SHARE = Path.of("../share");
  private static final String GOOD =
      "kind = \"tar\"\nimage_name = \"a.tar.xz\"\ncompression = \"xz\"\n";

  @TempDir Path share;

  @BeforeEach
  void makeDirectory() throws IOException {
    Files.createDirectory(share.resolve("composer"));
    Files.writeString(share.resolve("composer/mine.ks"), "%packages\n");
  }

  @Test
  void theTypeTarIsAsItsFileSays() throws Exception {
    OutputType tar = OutputType.load(SHARE, "tar");

    assertTrue(OutputType.exists(SHARE, "tar"));
    assertEquals("root.tar.xz", tar.imageName());
    assertEquals(new ImageSpec.Tar(Compression.XZ), tar.image());
    assertEquals(Map.of("make_tar", true), tar.arguments());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../tar", "", "TAR", "tar\n", "tar/", "a23456789012345678901234567890123", "none"})
  void whatIsNotTheNameOfATypeIsNotLookedFor(String name) {
    assertFalse(OutputType.exists(SHARE, name));
    assertThrows(IOException.class, () -> OutputType.load(SHARE, name));
  }

  @Test
  void aTypeNeedsTemplateAndDescriptor() throws Exception {
    assertFalse(OutputType.exists(share, "mine"));
    Files.writeString(share.resolve("composer/mine.toml"), GOOD);
    assertTrue(OutputType.exists(share, "mine"));
    Files.delete(share.resolve("composer/mine.ks"));
    assertFalse(OutputType.exists(share, "mine"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind = \"tar\"\ncompression = \"xz\"\n",
        "kind = \"disc\"\nimage_name = \"a\"\ncompression = \"xz\"\n",
        "kind = \"tar\"\nimage_name = \"../a\"\ncompression = \"xz\"\n",
        "kind = \"tar\"\nimage_name = \"a/b\"\ncompression = \"xz\"\n",
        GOOD + "knid = 1\n",
        GOOD + "arguments = 'x'\n",
        "kind = \"disk\"\nimage_name = \"a\"\nformat = \"raw\"\narchive = \"gzip\"\n",
        "kind = "
      })
  void aDescriptorThatIsNotUnderstoodIsRefusedWithItsName(String text) throws Exception {
    Path file = Files.writeString(share.resolve("composer/mine.toml"), text);
    IOException refused = assertThrows(IOException.class, () -> OutputType.load(share, "mine"));
    assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
  }
}
