package io.weldr.worker.image;

import java.io.IOException;
import java.util.List;

/**
 * An EFI program for a machine.
 *
 * @param format what GRUB calls it
 * @param fileName what the firmware looks for on removable media
 */
record EfiTarget(String format, String fileName) {
  /** Without them a kernel that is started from UEFI has no screen before its own drivers work. */
  static final List<String> MODULES = List.of("all_video");

  static EfiTarget ofThisMachine() throws IOException {
    String machine = System.getProperty("os.arch");
    return switch (machine) {
      case "amd64" -> new EfiTarget("x86_64-efi", "BOOTX64.EFI");
      case "aarch64" -> new EfiTarget("arm64-efi", "BOOTAA64.EFI");
      default -> throw new IOException("no UEFI images can be made on " + machine);
    };
  }
}
