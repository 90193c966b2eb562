package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.LiveKind;
import io.weldr.worker.kickstart.BootLoader;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveMediumTest {
  private static BootLoader bootLoader(String append) {
    return new BootLoader("none", Optional.of(append), OptionalLong.empty(), Optional.empty());
  }

  @Test
  void everyEntryHasTheArgumentsOfTheTemplate() {
    String menu =
        LiveMedium.menu(
            "Debian", bootLoader("console=ttyS0,115200 a={b}"), LiveKind.LIVE_BOOT, "D-12");
    assertEquals(
        """
        set default=0
        set timeout=60
        serial --unit=0 --speed=115200
        terminal_input console serial
        terminal_output console serial
        menuentry 'Start Debian' {
          linux /images/pxeboot/vmlinuz boot=live console=ttyS0,115200 'a={b}'
          initrd /images/pxeboot/initrd.img
        }
        menuentry 'Test this medium' {
          linux /images/pxeboot/vmlinuz boot=live verify-checksums console=ttyS0,115200 'a={b}'
          initrd /images/pxeboot/initrd.img
        }
        menuentry 'Start Debian in basic graphics mode' {
          linux /images/pxeboot/vmlinuz boot=live nomodeset console=ttyS0,115200 'a={b}'
          initrd /images/pxeboot/initrd.img
        }
        """,
        menu);
  }

  @Test
  void dracutFindsTheMediumByItsVolumeId() {
    String menu =
        LiveMedium.menu("Fedora", BootLoader.DEFAULT, LiveKind.DRACUT, "Fedora-42-x86_64");
    assertTrue(menu.contains("root=live:CDLABEL=Fedora-42-x86_64 rd.live.image"), menu);
    assertTrue(menu.startsWith("set default=1\n"), menu);
    assertTrue(menu.contains("menuentry 'Test this medium and start Fedora' {\n"), menu);
    assertTrue(menu.contains("rd.live.check"), menu);
  }

  @Test
  void aTitleStaysATitle() {
    String hostile = "x' { reboot } '$(id)";
    String menu = LiveMedium.menu(hostile, BootLoader.DEFAULT, LiveKind.LIVE_BOOT, "x");
    assertTrue(menu.contains("menuentry 'Start x'\\'' { reboot } '\\''$(id)' {\n"), menu);
  }

  @ParameterizedTest
  @CsvSource({
    "Debian GNU/Linux-12-x86_64, Debian-GNU-Linux-12-x86_64",
    "Fedora Linux-42-x86_64, Fedora-Linux-42-x86_64",
    "A name that is much too long for it-1, A-name-that-is-much-too-long-for"
  })
  void volumeIdsAreWhatIso9660Takes(String text, String id) {
    assertEquals(id, LiveMedium.volumeId(text));
  }
}
