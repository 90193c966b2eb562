package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weldr.worker.image.ImageSpec;
import io.weldr.worker.image.OutputType;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnacondaRulesTest {
  private static final Path SHARE = Path.of("../share").toAbsolutePath().normalize();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tar | timezone Mars/Olympus_Mons",
        "tar | timezone ../../../etc/passwd",
        "tar | timezone --utc Europe",
        "tar | text",
        "qcow2 | vnc --password=x",
        "tar | liveimg --url=http://example.com/x",
        "qcow2 | ostreesetup --osname=x",
        "qcow2 | nfs --server=x --dir=/y",
        "ext4-filesystem | autopart",
        "ext4-filesystem | part /home --size=100",
        "live-iso | part /boot --size=100",
        "live-iso | lang en_US.UTF-8",
        "live-iso | bootloader --extlinux",
      })
  void whatWouldGoWrongIsRefused(String type, String command) throws Exception {
    assertThrows(KickstartException.class, () -> check(type, command, "bash-1-1.noarch"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tar | timezone US/Eastern --utc",
        "tar | timezone --nontp UTC",
        "qcow2 | autopart --type=lvm",
        "qcow2 | part /home --size=100",
        "ext4-filesystem | part swap --recommended",
        "live-iso | part / --size=100",
        "tar | bootloader --disabled",
      })
  void whatAnacondaCanMakeIsNot(String type, String command) {
    assertDoesNotThrow(() -> check(type, command, "dracut-live-57-1.x86_64"));
  }

  private static void check(String type, String command, String entry)
      throws KickstartException, IOException {
    ImageSpec image = OutputType.load(SHARE, type).image();
    AnacondaRules.check(
        KickstartParser.document(command + "\n%packages\n" + entry + "\n%end\n"), image);
  }
}
