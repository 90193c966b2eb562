package io.weldr.worker.build;

import io.weldr.worker.image.ImageSpec;

/** Which images can be made. */
public final class ImageBuilders {
  private ImageBuilders() {}

  /** Whether there is a builder for it. */
  public static boolean supports(ImageSpec image) {
    return switch (image) {
      case ImageSpec.Tar tar -> true;
      case ImageSpec.Filesystem filesystem -> filesystem.fsType().equals("ext4");
      case ImageSpec.Disk disk -> true;
      case ImageSpec.Iso iso -> true;
    };
  }
}
