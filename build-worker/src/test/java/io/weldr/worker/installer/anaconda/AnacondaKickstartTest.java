package io.weldr.worker.installer.anaconda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.kickstart.KickstartWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnacondaKickstartTest {
  private static final Map<String, List<String>> HOST =
      Map.of(
          "fedora", List.of("--baseurl=http://example.com/f", "--proxy=http://proxy:3128"),
          "updates", List.of("--metalink=https://example.com/m?arch=x86_64"));

  @Test
  void sourcesOfTheHostGetTheirAddresses() throws Exception {
    assertEquals(
        """
        url --url=http://example.com/f --proxy=http://proxy:3128
        repo --name=composer-0 --metalink="https://example.com/m?arch=x86_64"
        """,
        translated("url --host-source=fedora\nrepo --name=composer-0 --host-source=updates\n"));
  }

  @Test
  void optionsOfOurOwnAreLeftOut() throws Exception {
    assertEquals(
        "url --url=http://example.com/x --noverifyssl\n",
        translated("url --url=http://example.com/x --noverifyssl --nosignature\n"));
  }

  @Test
  void theRestStaysAsItIs() throws Exception {
    String text =
        """
        timezone Europe/Vienna --ntpservers=a,b
        user --name=x --gecos="say \\"url --host-source=y\\""
        """;
    assertEquals(
        KickstartParser.document(text + "%packages\n%end\n"),
        KickstartParser.document(
            KickstartWriter.write(
                AnacondaKickstart.of(
                    KickstartParser.document(text + "%packages\n%end\n"), Map.of()))));
  }

  @Test
  void directoriesOfTheHostAreTheOnesOfSources() throws Exception {
    String commands =
        """
        url --url=file:///mnt/media/os
        repo --name=a --baseurl="file:///srv/more packages/../x"
        repo --name=b --baseurl=https://example.com/file:///tmp/x
        logging --baseurl=file:///tmp/y
        """;
    assertEquals(
        List.of(Path.of("/mnt/media/os"), Path.of("/srv/x")),
        AnacondaKickstart.directories(KickstartParser.document(commands + "%packages\n%end\n")));
  }

  @Test
  void debianPackagesAndUnknownSourcesAreRefused() {
    assertThrows(
        KickstartException.class,
        () -> translated("url --url=http://deb.example.com/debian --suites=bookworm\n"));
    assertThrows(KickstartException.class, () -> translated("url --host-source=gone\n"));
  }

  /** The commands, without the empty section that every kickstart has. */
  private static String translated(String commands) throws KickstartException {
    String text =
        KickstartWriter.write(
            AnacondaKickstart.of(KickstartParser.document(commands + "%packages\n%end\n"), HOST));
    return text.substring(0, text.indexOf("%packages")).stripTrailing() + "\n";
  }
}
