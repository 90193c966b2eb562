package io.weldr.worker.image;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is made of an installed tree: the part of a descriptor that the image builders read. */
public sealed interface ImageSpec {
  /** Content is planned for with room for the structures of a file system. */
  long FILE_SYSTEM_PERCENT = 120;

  /**
   * Bytes to plan for while the image is made. Images of disks and file systems are sparse, so a
   * wanted size costs nothing; one that is converted or packed exists twice for a while.
   *
   * @param treeBytes of the installed tree
   */
  long workBytes(long treeBytes);

  /** Whether the tree gets a file system of its own, whose size a client can choose. */
  boolean hasFileSystem();

  /** The tree in one archive; its size is that of the content. */
  record Tar(Compression compression) implements ImageSpec {
    @Override
    public long workBytes(long treeBytes) {
      return compression == Compression.NONE ? treeBytes : treeBytes / 2;
    }

    @Override
    public boolean hasFileSystem() {
      return false;
    }
  }

  /**
   * A file system without a partition table around it.
   *
   * @param fsType as mkfs names it, e.g. {@code ext4}
   * @param label of the file system; may be empty
   */
  record Filesystem(String fsType, String label) implements ImageSpec {
    @Override
    public long workBytes(long treeBytes) {
      return treeBytes * FILE_SYSTEM_PERCENT / 100;
    }

    @Override
    public boolean hasFileSystem() {
      return true;
    }
  }

  /**
   * A disk with a partition table.
   *
   * @param formatOptions words after {@code qemu-img convert -o}, {@code name=value} or {@code
   *     name}
   * @param firmware what can boot it; none = the disk does not boot by itself
   * @param alignMib the disk's size is a multiple of so many MiB, at least 1
   * @param archive the archive the disk is packed into
   */
  record Disk(
      Format format,
      List<String> formatOptions,
      Set<Firmware> firmware,
      int alignMib,
      Optional<DiskArchive> archive)
      implements ImageSpec {
    public Disk {
      formatOptions = List.copyOf(formatOptions);
      firmware = Set.copyOf(firmware);
    }

    @Override
    public long workBytes(long treeBytes) {
      int copies = format == Format.RAW && archive.isEmpty() ? 1 : 2;
      return copies * treeBytes * FILE_SYSTEM_PERCENT / 100;
    }

    @Override
    public boolean hasFileSystem() {
      return true;
    }
  }

  /**
   * A live system on an ISO 9660 image.
   *
   * @param squashfs compression of the file system that the live system runs from
   */
  record Iso(Compression squashfs) implements ImageSpec {
    @Override
    public long workBytes(long treeBytes) {
      return 2 * treeBytes;
    }

    @Override
    public boolean hasFileSystem() {
      return true;
    }
  }

  /** Formats of disks. */
  enum Format {
    RAW,
    QCOW2,
    VMDK,
    VPC,
    VHDX
  }

  /** What starts a machine from a disk. */
  enum Firmware {
    BIOS,
    UEFI
  }

  /**
   * A tar archive with the disk as its only member.
   *
   * @param innerName name of the member
   */
  record DiskArchive(String innerName, Compression compression) {}
}
