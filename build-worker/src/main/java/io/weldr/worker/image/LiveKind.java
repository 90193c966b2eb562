package io.weldr.worker.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What finds the root file system of a live system on its medium, from the initial RAM disk. */
public enum LiveKind {
  /** Debian's live-boot(7). */
  LIVE_BOOT(
      "live/filesystem.squashfs", "usr/share/initramfs-tools/scripts/live", "verify-checksums"),

  /** Dracut's dmsquash-live, see dracut.cmdline(7). */
  DRACUT("LiveOS/squashfs.img", "usr/lib/dracut/modules.d/90dmsquash-live", "rd.live.check");

  private final String squashfs;
  private final String sign;
  private final String check;

  LiveKind(String squashfs, String sign, String check) {
    this.squashfs = squashfs;
    this.sign = sign;
    this.check = check;
  }

  /** The one a tree has. */
  public static Optional<LiveKind> of(Path tree) {
    for (LiveKind kind : values()) {
      if (Files.exists(tree.resolve(kind.sign))) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Arguments of the kernel that start the live system. */
  public String arguments(String volumeId) {
    return switch (this) {
      case LIVE_BOOT -> "boot=live";
      case DRACUT -> "root=live:CDLABEL=" + volumeId + " rd.live.image rd.live.overlay.overlayfs=1";
    };
  }

  /** The argument that has the medium tested before it is used. */
  public String check() {
    return check;
  }

  /** Whether the system starts once the medium has passed the test; live-boot restarts instead. */
  public boolean startsAfterCheck() {
    return this == DRACUT;
  }

  /** Where the root file system lies on the medium. */
  String squashfs() {
    return squashfs;
  }
}
