package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.systemtests.VirtualMachine.Firmware;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk composed from Debian's archive is started by both kinds of firmware and looked at. */
@Tag("archive")
@Tag("slow")
class BootTest {
  @Test
  void aDiskOfDebianStartsFromBiosAndFromUefi() {
    try (ImageFactory factory = new ImageFactory("slots = 1")) {
      ImageFactory.Image image = factory.compose("partitioned-disk");
      // Larger than it was made, as the disk of a cloud's machine is.
      Path disk = factory.work().resolve("larger.qcow2");
      Command.must(
          "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", image.file(), disk, "8G");

      String first;
      try (VirtualMachine machine =
          VirtualMachine.ofDisk(disk, "qcow2", Firmware.BIOS, factory.work())) {
        machine.logIn("admin", BootedSystem.PASSWORD);
        BootedSystem system = new BootedSystem(machine, factory.key());
        system.awaitStarted();
        system.assertAsTheBlueprintSays(image.frozen());
        system.assertMaintainable();
        first = system.machineId();
      }
      try (VirtualMachine machine =
          VirtualMachine.ofDisk(disk, "qcow2", Firmware.UEFI, factory.work())) {
        BootedSystem system = new BootedSystem(machine, factory.key());
        system.awaitStarted();
        assertTrue(system.startedFromUefi());
        assertNotEquals(first, system.machineId());
      }
    }
  }
}
