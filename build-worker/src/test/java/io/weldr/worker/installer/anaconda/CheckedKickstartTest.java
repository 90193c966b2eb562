package io.weldr.worker.installer.anaconda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weldr.worker.build.Jobs;
import io.weldr.worker.installer.CheckedRepository;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.kickstart.KickstartWriter;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.TestMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckedKickstartTest {
  private static final Path PLACE = Path.of("/run/work/repository");
  private static final String SOURCES =
      "url --url=https://example.com/os\nrepo --name=composer-0 --host-source=updates\n";

  @Test
  void aWholeRepositoryTakesThePlaceOfAllSources() throws Exception {
    assertEquals(
        "url --url=file:///run/work/repository\ntimezone UTC --nontp\n%packages --nocore\nbash\n%end\n",
        of(true, SOURCES + "timezone UTC\n%packages\nbash\n%end\n"));
  }

  @Test
  void timeIsKeptAsTheKickstartSaysWhereThatWasSolved() throws Exception {
    String servers = "timezone UTC --ntpservers=a\n";
    String packages = "%packages --nocore\n%end\n";
    String url = "url --url=file:///run/work/repository\n";
    assertEquals(url + servers + packages, of(true, SOURCES + servers + packages));
    PackageSpec chrony = Jobs.pkg("chrony", 0, "4", "1", "x86_64");
    String plain = "timezone UTC\n" + packages;
    assertEquals(url + plain, of(true, SOURCES + plain, chrony));
  }

  @Test
  void releasesWithoutTheOptionGetTheCommand() throws Exception {
    String url = "url --url=file:///run/work/repository\n";
    String packages = "%packages --nocore\n%end\n";
    assertEquals(
        url + "timezone UTC\ntimesource --ntp-disable\n" + packages,
        of("40", true, SOURCES + "timezone UTC\n" + packages));
    String servers = "timezone UTC\ntimesource --ntp-server=a\n" + packages;
    assertEquals(url + servers, of("40", true, SOURCES + servers));
  }

  @Test
  void packagesMadeHereAreBesideTheSources() throws Exception {
    String text = SOURCES + "timezone UTC\n%packages\nbash\n%end\n";
    assertEquals(
        "repo --name=gitrpms --baseurl=file:///run/work/repository\n" + text, of(false, text));
  }

  @Test
  void sourcesOfTheTemplateAreRefusedWhereSignaturesAreAskedFor() {
    String text = SOURCES + "repo --name=more --baseurl=https://example.com/m\n%packages\n%end\n";
    assertThrows(KickstartException.class, () -> of(true, text));
  }

  /** Without the empty lines around sections. */
  private static String of(boolean whole, String text, PackageSpec... packages)
      throws KickstartException, IOException {
    return of("33", whole, text, packages);
  }

  private static String of(String release, boolean whole, String text, PackageSpec... packages)
      throws KickstartException, IOException {
    Distribution fedora = Distribution.load(Path.of("../share/distros/fedora.toml"));
    JobSpec job =
        Jobs.job(
            List.of(packages),
            List.of(new SourceSpec.Host("os"), new SourceSpec.Host("updates")),
            Customizations.NONE,
            TestMode.NONE);
    return KickstartWriter.write(
            CheckedKickstart.of(
                KickstartParser.document(text),
                job,
                new CheckedRepository(PLACE, whole),
                PLACE,
                fedora.forRelease(release)))
        .replaceAll("\n\n+", "\n");
  }
}
