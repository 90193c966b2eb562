package io.weldr.worker.build;

import io.weldr.worker.host.WorkArea;
import io.weldr.worker.image.DiskFormat;
import io.weldr.worker.image.DiskIds;
import io.weldr.worker.image.DiskImage;
import io.weldr.worker.image.DiskPlan;
import io.weldr.worker.image.DiskPlan.Role;
import io.weldr.worker.image.FilesystemImage;
import io.weldr.worker.image.ImageSpec.Disk;
import io.weldr.worker.image.ImageSpec.Filesystem;
import io.weldr.worker.image.ImageSpec.Firmware;
import io.weldr.worker.image.ImageSpec.Iso;
import io.weldr.worker.image.ImageSpec.Tar;
import io.weldr.worker.image.IsoImage;
import io.weldr.worker.image.OutputType;
import io.weldr.worker.image.TarImage;
import io.weldr.worker.image.TreeSize;
import io.weldr.worker.image.TreeTimes;
import io.weldr.worker.installer.BootPlan;
import io.weldr.worker.installer.LiveMedium;
import io.weldr.worker.kickstart.BootLoader;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** The stages of a compose that turn its tree into its image. */
final class ImageBuild {
  private static final long MIB = 1 << 20;

  private final OutputType type;
  private final DiskRequest request;
  private final BootLoader bootLoader;
  private final DiskIds ids;
  private final JobSettings settings;
  private final Path tree;
  private final Path image;

  /**
   * @param bootLoader how a live system starts
   * @param ids of everything on the image that has an identity
   * @param tree removed once the image holds all of it
   * @param image does not exist yet, nor does its directory
   */
  ImageBuild(
      OutputType type,
      DiskRequest request,
      BootLoader bootLoader,
      DiskIds ids,
      JobSettings settings,
      Path tree,
      Path image) {
    this.type = type;
    this.request = request;
    this.bootLoader = bootLoader;
    this.ids = ids;
    this.settings = settings;
    this.tree = tree;
    this.image = image;
  }

  /** What the tree must know of the disk it will be on; empty when it will not be on one. */
  Optional<BootPlan> bootPlan() {
    return switch (type.image()) {
      case Disk disk ->
          Optional.of(
              new BootPlan(
                  ids.fileSystem(Role.ROOT),
                  request.rootType(),
                  request.ownBoot() ? Optional.of(ids.fileSystem(Role.BOOT)) : Optional.empty(),
                  disk.firmware().contains(Firmware.UEFI)
                      ? Optional.of(ids.efiSerial())
                      : Optional.empty()));
      case Tar tar -> Optional.empty();
      case Filesystem filesystem -> Optional.empty();
      case Iso iso -> Optional.empty();
    };
  }

  /** Writes the image. */
  void run(Progress progress) throws BuildException, IOException, InterruptedException {
    Files.createDirectory(image.getParent());
    if (times().isPresent()) {
      TreeTimes.clamp(tree, times().getAsLong());
    }
    String sentence = "Writing the image " + type.imageName();
    switch (type.image()) {
      case Tar tar -> {
        TarImage archive =
            new TarImage(tar.compression(), settings.xzLevel().orElse(TarImage.DEFAULT_LEVEL));
        progress.during(Stage.IMAGE, sentence, report -> archive.write(tree, image, report));
      }
      case Filesystem filesystem -> {
        FilesystemImage file =
            new FilesystemImage(ids, filesystem.label(), request.rootMib() * MIB, times());
        progress.during(Stage.IMAGE, sentence, report -> file.write(tree, image, report));
      }
      case Disk disk -> run(disk, progress);
      case Iso iso -> run(iso, progress);
    }
  }

  private void run(Iso iso, Progress progress)
      throws BuildException, IOException, InterruptedException {
    Path medium = Files.createDirectory(settings.workDir().resolve("medium"));
    Path scratch = Files.createDirectory(settings.workDir().resolve("boot"));
    IsoImage[] prepared = new IsoImage[1];
    progress.during(
        Stage.IMAGE,
        "Packing the live system",
        report -> {
          LiveMedium live = LiveMedium.of(tree, bootLoader, report);
          prepared[0] =
              new IsoImage(ids, live.kind(), live.volumeId(), live.menu(), iso.squashfs(), times());
          prepared[0].prepare(tree, live.kernel(), live.ramFileSystem(), medium, report);
        });
    progress.during(
        Stage.CONVERT,
        "Writing the image " + type.imageName(),
        report -> prepared[0].write(tree, medium, scratch, image, report));
  }

  private void run(Disk disk, Progress progress)
      throws BuildException, IOException, InterruptedException {
    Path raw = image.resolveSibling(DiskFormat.rawName(disk, type.imageName()));
    DiskPlan plan = plan(disk);
    progress.during(
        Stage.IMAGE,
        "Writing a disk of %d MiB".formatted(plan.bytes() / MIB),
        report -> {
          Path scratch = Files.createDirectory(settings.workDir().resolve("boot"));
          new DiskImage(
                  plan,
                  request.rootType(),
                  request.rootLabel().orElse("root"),
                  disk.firmware(),
                  times())
              .write(tree, raw, scratch, report);
        });
    if (DiskFormat.isNeeded(disk)) {
      progress.during(
          Stage.CONVERT,
          "Converting the disk to " + type.imageName(),
          report -> {
            // Before there is a second copy of its content.
            WorkArea.remove(tree);
            new DiskFormat(disk, report).convert(raw, image);
          });
    }
  }

  private DiskPlan plan(Disk disk) throws IOException {
    long root = Math.max(request.rootMib() * MIB, TreeSize.of(tree).ext4Bytes());
    return DiskPlan.of(
        ids, request.table(), disk.firmware(), request.ownBoot(), root, disk.alignMib());
  }

  private OptionalLong times() {
    return settings.sourceDateEpoch();
  }
}
