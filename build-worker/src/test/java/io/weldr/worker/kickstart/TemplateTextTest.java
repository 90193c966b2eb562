package io.weldr.worker.kickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTextTest {
  @TempDir private Path directory;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void whatIsIncludedStandsWhereItIsNamed() throws Exception {
    write(
        "common.inc", "lang C.UTF-8\n%post\n%include is for the shell\n%end\n%include more.inc\n");
    write("more.inc", "zerombr");
    Path template = write("a.ks", "shutdown\n%include common.inc\n%packages\n%include pk.inc\n");
    write("pk.inc", "vim");

    String text = TemplateText.read(template);

    assertEquals(
        "shutdown\nlang C.UTF-8\n%post\n%include is for the shell\n%end\nzerombr\n\n%packages\nvim\n",
        text);
    assertEquals(List.of("vim"), KickstartParser.template(text).packages().getFirst().entries());
  }

  @Test
  void linesOfOtherSectionsAreTheirs() throws Exception {
    String text = "%traceback\n%include x\n%end # over\n%pre\n%include y\n%end\n%packages\n";
    assertEquals(text, TemplateText.read(write("a.ks", text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../a.ks",
        "missing.inc",
        "sub/b.inc",
        "link.inc",
        ".",
        "a b",
        "a.ks"
      })
  void onlyFilesBesideTheTemplateCanBeIncluded(String name) throws Exception {
    Files.createSymbolicLink(directory.resolve("link.inc"), Path.of("sub/b.inc"));
    Files.createDirectory(directory.resolve("sub"));
    write("sub/b.inc", "shutdown\n");
    Path template = write("a.ks", "%include " + name + "\n%packages\n");

    KickstartException refused =
        assertThrows(KickstartException.class, () -> TemplateText.read(template));

    assertTrue(refused.getMessage().contains("\"" + name + "\""), refused.getMessage());
  }

  @Test
  void whatIsRenderedCannotInclude() {
    KickstartException refused =
        assertThrows(
            KickstartException.class,
            () -> KickstartParser.document("%include x\n%packages\n%end\n"));
    assertTrue(refused.getMessage().contains("%include"), refused.getMessage());
  }
}
