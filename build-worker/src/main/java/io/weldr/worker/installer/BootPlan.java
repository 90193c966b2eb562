package io.weldr.worker.installer;

import io.weldr.worker.image.FileSystemType;
import java.util.Optional;
import java.util.UUID;

/**
 * The file systems an installed system will find itself on.
 *
 * @param root UUID of {@code /}
 * @param rootType type of {@code /}
 * @param boot UUID of {@code /boot} if it is a file system of its own
 * @param efiSerial serial number of the EFI system partition, {@code 12AB-34CD}, if there is one
 */
public record BootPlan(
    UUID root, FileSystemType rootType, Optional<UUID> boot, Optional<String> efiSerial) {
  /** The file with what is mounted when the system starts (fstab(5)). */
  String fstab() {
    StringBuilder lines = new StringBuilder();
    lines.append(
        "UUID=%s / %s defaults 0 %d%n".formatted(root, rootType.title(), rootType.checked()));
    boot.ifPresent(id -> lines.append("UUID=%s /boot ext4 defaults 0 2%n".formatted(id)));
    efiSerial.ifPresent(
        serial -> lines.append("UUID=%s /boot/efi vfat umask=0077 0 0%n".formatted(serial)));
    return lines.toString();
  }
}
