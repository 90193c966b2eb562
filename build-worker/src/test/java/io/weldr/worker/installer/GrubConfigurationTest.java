package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.image.FileSystemType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GrubConfigurationTest {
  private static final UUID ROOT = UUID.fromString("11111111-2222-4333-8444-555555555555");
  private static final UUID BOOT = UUID.fromString("66666666-7777-4888-9999-aaaaaaaaaaaa");
  private static final BootPlan PLAN =
      new BootPlan(ROOT, FileSystemType.EXT4, Optional.empty(), Optional.empty());
  private static final Kernel KERNEL = new Kernel("vmlinuz-6.1.0-1", "initrd.img-6.1.0-1");

  @Test
  void theMenuStartsTheKernelFromTheRootFileSystem() {
    GrubConfiguration grub =
        new GrubConfiguration(
            "Debian", List.of("console=ttyS0,115200n8", "quiet"), OptionalLong.of(7));
    assertEquals(
        """
        # For the first start; update-grub replaces this file.
        set default=0
        set timeout=7
        serial --unit=0 --speed=115200
        terminal_input console serial
        terminal_output console serial
        menuentry 'Debian, 6.1.0-1' {
          search --no-floppy --fs-uuid --set=root 11111111-2222-4333-8444-555555555555
          linux /boot/vmlinuz-6.1.0-1 root=UUID=11111111-2222-4333-8444-555555555555 ro console=ttyS0,115200n8 quiet
          initrd /boot/initrd.img-6.1.0-1
        }
        """,
        grub.menu(PLAN, "/boot", List.of(KERNEL)));
  }

  @Test
  void kernelsOnAFileSystemOfTheirOwnAreLookedForThere() {
    BootPlan plan =
        new BootPlan(ROOT, FileSystemType.EXT4, Optional.of(BOOT), Optional.of("12AB-34CD"));
    String menu =
        new GrubConfiguration("Debian", List.of(), OptionalLong.empty())
            .menu(plan, "", List.of(KERNEL));
    assertTrue(menu.contains("--set=root " + BOOT), menu);
    assertTrue(menu.contains("  linux /vmlinuz-6.1.0-1 root=UUID=" + ROOT + " ro\n"), menu);
    assertEquals(
        """
        UUID=%s / ext4 defaults 0 1
        UUID=%s /boot ext4 defaults 0 2
        UUID=12AB-34CD /boot/efi vfat umask=0077 0 0
        """
            .formatted(ROOT, BOOT),
        plan.fstab());
  }

  @Test
  void wordsAreThoseOfTheKernel() {
    assertEquals(
        List.of("a=b c", "quiet", "d=e"), GrubConfiguration.words("  a=\"b c\"   quiet \"d=e\""));
    assertEquals(List.of("a=b c"), GrubConfiguration.words("a=\"b c"));
    assertEquals(List.of(), GrubConfiguration.words("   "));
  }

  @Test
  void noArgumentEscapesItsPlaceInGrubsMenu() {
    for (String hostile : hostile()) {
      String menu =
          new GrubConfiguration(hostile, List.of(hostile), OptionalLong.empty())
              .menu(PLAN, "/boot", List.of(KERNEL));
      // GRUB's single quotes are the shell's, so a shell can say how the line is read.
      String line = menu.lines().filter(l -> l.startsWith("  linux ")).findFirst().orElseThrow();
      assertEquals(
          List.of("linux", "/boot/vmlinuz-6.1.0-1", "root=UUID=" + ROOT, "ro", hostile),
          shellWords(line));
      assertEquals(8, menu.lines().count(), menu);
    }
  }

  @Test
  void noArgumentEscapesItsPlaceInTheFileThatTheShellReads() throws Exception {
    for (String hostile : hostile()) {
      String defaults =
          new GrubConfiguration(hostile, List.of(hostile, "quiet"), OptionalLong.empty())
              .defaults();
      List<String> said = new ArrayList<>();
      Subprocess.of(
              "/bin/sh",
              "-euc",
              "eval \"$(cat)\"; echo \"$GRUB_DISTRIBUTOR\"; echo \"$GRUB_CMDLINE_LINUX\"")
          .stdin(defaults.getBytes(StandardCharsets.UTF_8))
          .output(said::add)
          .check();
      assertEquals(hostile, said.getFirst());
      assertEquals(List.of(hostile, "quiet"), shellWords(said.getLast()));
    }
  }

  @Test
  void withoutASerialConsoleThereIsNoneInTheMenu() {
    String text =
        new GrubConfiguration("x", List.of("console=tty0"), OptionalLong.empty()).defaults();
    assertFalse(text.contains("serial"), text);
  }

  private static List<String> hostile() {
    return List.of(
        "$(touch /owned)",
        "`id`",
        "a'b",
        "'; reboot; '",
        "a\\",
        "}",
        "${root}",
        "# x",
        "a b",
        "%post",
        "--class=x");
  }

  private static List<String> shellWords(String line) {
    List<String> words = new ArrayList<>();
    try {
      Subprocess.of("/bin/sh", "-euc", "eval \"set -- $1\"; printf '%s\\n' \"$@\"", "sh", line)
          .output(words::add)
          .check();
    } catch (Exception e) {
      throw new AssertionError(line, e);
    }
    return words;
  }
}
