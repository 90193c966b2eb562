package io.weldr.worker.image;

import io.weldr.worker.image.ImageSpec.Firmware;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How a disk is divided: a GPT with what each firmware starts from, then {@code /boot} if it is a
 * file system of its own, and last the root file system, so that it can grow with the disk.
 *
 * @param bytes size of the disk
 */
public record DiskPlan(long bytes, DiskIds ids, List<Slot> slots) {
  static final long SECTOR = 512;

  private static final long MIB = 1 << 20;
  private static final long EFI_MIB = 100;
  private static final long BOOT_MIB = 1024;

  /** What a partition is for, with its type in the GPT (UEFI and the UAPI's list of types). */
  public enum Role {
    BIOS_BOOT("21686148-6449-6E6F-744E-656564454649"),
    EFI_SYSTEM("C12A7328-F81F-11D2-BA4B-00A0C93EC93B"),
    BOOT("BC13C2FF-59E6-4262-A352-B275FD6F7172"),
    ROOT("0FC63DAF-8483-4772-8E79-3D69D8477DE4");

    private final String type;

    Role(String type) {
      this.type = type;
    }

    /** Name of the partition, and what its identifiers are derived from. */
    String title() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A partition.
   *
   * @param start bytes from the disk's beginning
   */
  public record Slot(Role role, long start, long bytes) {}

  public DiskPlan {
    slots = List.copyOf(slots);
  }

  /**
   * Plans a disk.
   *
   * @param firmware what is to start it
   * @param ownBoot whether {@code /boot} is a file system of its own
   * @param rootBytes the least size of the root file system
   * @param alignMib the disk's size becomes a multiple of so many MiB, for the root file system's
   *     good
   */
  public static DiskPlan of(
      DiskIds ids, Set<Firmware> firmware, boolean ownBoot, long rootBytes, int alignMib) {
    List<Slot> slots = new ArrayList<>();
    long next = MIB;
    if (firmware.contains(Firmware.BIOS)) {
      slots.add(new Slot(Role.BIOS_BOOT, next, MIB));
      next += MIB;
    }
    if (firmware.contains(Firmware.UEFI)) {
      slots.add(new Slot(Role.EFI_SYSTEM, next, EFI_MIB * MIB));
      next += EFI_MIB * MIB;
    }
    if (ownBoot) {
      slots.add(new Slot(Role.BOOT, next, BOOT_MIB * MIB));
      next += BOOT_MIB * MIB;
    }
    // The last MiB is for the copy of the partition table.
    long align = alignMib * MIB;
    long disk = (next + rootBytes + MIB + align - 1) / align * align;
    slots.add(new Slot(Role.ROOT, next, disk - MIB - next));
    return new DiskPlan(disk, ids, slots);
  }

  public Optional<Slot> slot(Role role) {
    return slots.stream().filter(slot -> slot.role() == role).findFirst();
  }

  /** The partition that {@code /boot/grub} and the kernels lie on. */
  Slot bootSlot() {
    return slot(Role.BOOT).or(() -> slot(Role.ROOT)).orElseThrow();
  }

  /** What sfdisk reads to write the partition table. */
  String sfdiskScript() {
    StringBuilder script = new StringBuilder("label: gpt\nlabel-id: ");
    script.append(guid(ids.disk())).append("\nunit: sectors\nsector-size: 512\n");
    for (Slot slot : slots) {
      script.append(
          "start=%d, size=%d, type=%s, uuid=%s, name=\"%s\"%n"
              .formatted(
                  slot.start() / SECTOR,
                  slot.bytes() / SECTOR,
                  slot.role().type,
                  guid(ids.partition(slot.role())),
                  slot.role().title()));
    }
    return script.toString();
  }

  private static String guid(UUID id) {
    return id.toString().toUpperCase(Locale.ROOT);
  }
}
