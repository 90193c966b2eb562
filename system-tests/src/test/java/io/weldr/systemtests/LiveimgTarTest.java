package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a liveimg-tar holds: a system that an installer unpacks and makes bootable with the kernel
 * and the boot loader's programs that are in it, and that is not bootable before.
 */
@Tag("archive")
class LiveimgTarTest {
  private static final String BLUEPRINT =
      """
      name = "liveimg"
      description = ""
      [[packages]]
      name = "linux-image-cloud-amd64"
      [customizations]
      hostname = "unpacked.example.com"
      """;

  @Test
  void itHasAllThatAnInstallerNeedsToMakeItBootable() throws IOException {
    try (RunningComposer composer = RunningComposer.start("slots = 1", "xz_level = 0")) {
      assertEquals(200, composer.curl().postToml("/api/v1/blueprints/new", BLUEPRINT).status());
      String id = composer.curl().compose("liveimg", "liveimg-tar", "");
      JsonNode entry = composer.awaitEnd(id, Duration.ofMinutes(20));
      assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + composer.log(id));

      Path archive = composer.results(id).resolve("root.tar.xz");
      List<String> names = Command.must("tar", "-tf", archive).lines().toList();
      assertTrue(names.stream().anyMatch(name -> name.startsWith("./boot/vmlinuz-")));
      assertTrue(names.stream().anyMatch(name -> name.startsWith("./boot/initrd.img-")));
      assertTrue(names.contains("./usr/sbin/grub-install"), "the boot loader's programs");
      assertTrue(names.contains("./usr/sbin/grub-mkconfig"));

      assertFalse(names.contains("./boot/grub/grub.cfg"), "no boot loader is set up");
      assertFalse(names.stream().anyMatch(name -> name.startsWith("./etc/ssh/ssh_host_")));
      assertFalse(names.contains("./var/lib/systemd/random-seed"));

      assertEquals("unpacked.example.com\n", read(archive, "./etc/hostname"));
      assertEquals("", read(archive, "./etc/machine-id"));
      assertTrue(read(archive, "./etc/shadow").lines().anyMatch(l -> l.matches("root:[!*].*")));
      if (names.contains("./etc/fstab")) {
        List<String> mounts =
            read(archive, "./etc/fstab").lines().filter(line -> !line.startsWith("#")).toList();
        assertEquals(List.of(), mounts, "file systems are the installer's");
      }
      String config = Files.readString(composer.results(id).resolve("config.toml"));
      assertTrue(config.contains("make_tar = true"), config);
    }
  }

  private static String read(Path archive, String name) {
    return Command.must("tar", "-xOf", archive, name);
  }
}
