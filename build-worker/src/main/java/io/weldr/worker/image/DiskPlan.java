package io.weldr.worker.image;

import io.weldr.worker.image.ImageSpec.Firmware;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How a disk is divided: what each firmware starts from, then {@code /boot} if it is a file system
 * of its own, and last the root file system, so that it can grow with the disk.
 *
 * @param bytes size of the disk
 */
public record DiskPlan(long bytes, DiskIds ids, Table table, List<Slot> slots) {
  static final long SECTOR = 512;

  private static final long MIB = 1 << 20;

  /** Sizes of the partitions that have the same one on every disk. */
  public static final long BIOS_BOOT_MIB = 1;

  public static final long EFI_MIB = 100;
  public static final long BOOT_MIB = 1024;

  /** Kinds of partition tables. */
  public enum Table {
    GPT("gpt"),
    MBR("dos");

    private final String label;

    Table(String label) {
      this.label = label;
    }
  }

  /**
   * What a partition is for, with its type in a GPT (UEFI and the UAPI's list of types) and in an
   * MBR.
   */
  public enum Role {
    BIOS_BOOT("21686148-6449-6E6F-744E-656564454649", ""),
    EFI_SYSTEM("C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "ef"),
    BOOT("BC13C2FF-59E6-4262-A352-B275FD6F7172", "83"),
    ROOT("0FC63DAF-8483-4772-8E79-3D69D8477DE4", "83");

    private final String gptType;
    private final String mbrType;

    Role(String gptType, String mbrType) {
      this.gptType = gptType;
      this.mbrType = mbrType;
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
   * @param table an MBR has no BIOS boot partition: GRUB lies between it and the first partition
   * @param firmware what is to start it
   * @param ownBoot whether {@code /boot} is a file system of its own
   * @param rootBytes the least size of the root file system
   * @param alignMib the disk's size becomes a multiple of so many MiB, for the root file system's
   *     good
   */
  public static DiskPlan of(
      DiskIds ids,
      Table table,
      Set<Firmware> firmware,
      boolean ownBoot,
      long rootBytes,
      int alignMib) {
    List<Slot> slots = new ArrayList<>();
    long next = MIB;
    if (firmware.contains(Firmware.BIOS) && table == Table.GPT) {
      slots.add(new Slot(Role.BIOS_BOOT, next, BIOS_BOOT_MIB * MIB));
      next += BIOS_BOOT_MIB * MIB;
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
    return new DiskPlan(disk, ids, table, slots);
  }

  public Optional<Slot> slot(Role role) {
    return slots.stream().filter(slot -> slot.role() == role).findFirst();
  }

  /** Where GRUB's core image lies, in bytes, and how much room it has. */
  Slot coreSlot() {
    return slot(Role.BIOS_BOOT).orElse(new Slot(Role.BIOS_BOOT, SECTOR, MIB - SECTOR));
  }

  /** The partition that {@code /boot/grub} and the kernels lie on. */
  Slot bootSlot() {
    return slot(Role.BOOT).or(() -> slot(Role.ROOT)).orElseThrow();
  }

  /** What sfdisk reads to write the partition table. */
  String sfdiskScript() {
    String id = table == Table.GPT ? guid(ids.disk()) : "0x" + ids.diskSignature();
    StringBuilder script = new StringBuilder("label: " + table.label + "\nlabel-id: " + id);
    script.append("\nunit: sectors\nsector-size: 512\n");
    for (Slot slot : slots) {
      script.append("start=" + slot.start() / SECTOR + ", size=" + slot.bytes() / SECTOR);
      script.append(table == Table.GPT ? gptFields(slot.role()) : mbrFields(slot)).append('\n');
    }
    return script.toString();
  }

  private String gptFields(Role role) {
    return ", type=%s, uuid=%s, name=\"%s\""
        .formatted(role.gptType, guid(ids.partition(role)), role.title());
  }

  /** Some BIOSes start only from a disk with an active partition. */
  private String mbrFields(Slot slot) {
    return ", type=" + slot.role().mbrType + (slot.equals(bootSlot()) ? ", bootable" : "");
  }

  private static String guid(UUID id) {
    return id.toString().toUpperCase(Locale.ROOT);
  }
}
