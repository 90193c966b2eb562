package io.weldr.worker.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.DiskPlan.Role;
import io.weldr.worker.image.DiskPlan.Slot;
import io.weldr.worker.image.DiskPlan.Table;
import io.weldr.worker.image.ImageSpec.Firmware;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiskPlanTest {
  private static final long MIB = 1 << 20;
  private static final DiskIds IDS = new DiskIds("test");

  @Test
  void theRootFileSystemIsLastSoThatItCanGrow() {
    DiskPlan plan =
        DiskPlan.of(IDS, Table.GPT, Set.of(Firmware.BIOS, Firmware.UEFI), true, 1500 * MIB, 1);
    assertEquals(
        List.of(Role.BIOS_BOOT, Role.EFI_SYSTEM, Role.BOOT, Role.ROOT),
        plan.slots().stream().map(Slot::role).toList());
    assertEquals(plan.bytes(), plan.slots().getLast().start() + 1500 * MIB + MIB);
  }

  @Test
  void partitionsAreAlignedAndDoNotOverlapWhateverIsAskedFor() {
    for (Set<Firmware> firmware : sets()) {
      for (boolean boot : new boolean[] {false, true}) {
        for (int align : List.of(1, 7, 1024)) {
          DiskPlan plan = DiskPlan.of(IDS, Table.GPT, firmware, boot, 1000 * MIB + 1, align);
          long next = MIB;
          for (Slot slot : plan.slots()) {
            assertEquals(next, slot.start());
            assertEquals(0, slot.start() % MIB);
            assertEquals(0, slot.bytes() % MIB);
            next += slot.bytes();
          }
          assertEquals(plan.bytes(), next + MIB);
          assertEquals(0, plan.bytes() % (align * MIB));
          assertTrue(plan.slots().getLast().bytes() >= 1000 * MIB + 1);
        }
      }
    }
  }

  private static List<Set<Firmware>> sets() {
    return List.of(
        Set.of(), Set.of(Firmware.BIOS), Set.of(Firmware.UEFI), EnumSet.allOf(Firmware.class));
  }

  @Test
  void theSameSeedGivesTheSameIdentifiersAndAnotherSeedOthers() {
    DiskIds same = new DiskIds("test");
    DiskIds other = new DiskIds("other");
    assertEquals(IDS.fileSystem(Role.ROOT), same.fileSystem(Role.ROOT));
    assertNotEquals(IDS.fileSystem(Role.ROOT), other.fileSystem(Role.ROOT));
    assertNotEquals(IDS.fileSystem(Role.ROOT), IDS.fileSystem(Role.BOOT));
    assertNotEquals(IDS.fileSystem(Role.ROOT), IDS.partition(Role.ROOT));
    assertEquals(4, IDS.disk().version());
    assertEquals(2, IDS.disk().variant());
    assertTrue(IDS.efiSerial().matches("[0-9A-F]{4}-[0-9A-F]{4}"), IDS.efiSerial());
  }
}
