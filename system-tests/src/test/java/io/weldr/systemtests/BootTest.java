package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.systemtests.VirtualMachine.Firmware;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk of each family of packages is composed, started by both kinds of firmware, looked at. */
@Tag("archive")
@Tag("slow")
class BootTest {
  @ParameterizedTest
  @EnumSource
  void aDiskStartsFromBiosAndFromUefi(BootedDistribution distribution) {
    try (ImageFactory factory = new ImageFactory(distribution, "slots = 1")) {
      ImageFactory.Image image = factory.compose("partitioned-disk");
      // Larger than it was made, as the disk of a cloud's machine is.
      Path disk = factory.work().resolve("larger.qcow2");
      Command.must(
          "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", image.file(), disk, "8G");

      String first;
      try (VirtualMachine machine =
          VirtualMachine.ofDisk(disk, "qcow2", Firmware.BIOS, factory.work())) {
        machine.logIn("admin", BootedSystem.PASSWORD);
        BootedSystem system = factory.system(machine);
        system.awaitStarted();
        system.assertAsTheBlueprintSays(image.frozen());
        system.assertFirewall();
        system.assertMaintainable();
        first = system.machineId();
      }
      try (VirtualMachine machine =
          VirtualMachine.ofDisk(disk, "qcow2", Firmware.UEFI, factory.work())) {
        BootedSystem system = factory.system(machine);
        system.awaitStarted();
        assertTrue(system.startedFromUefi());
        assertNotEquals(first, system.machineId());
      }
    }
  }
}
