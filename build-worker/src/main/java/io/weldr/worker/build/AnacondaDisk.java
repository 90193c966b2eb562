package io.weldr.worker.build;

import io.weldr.worker.host.DeviceMapper;
import io.weldr.worker.image.DiskFormat;
import io.weldr.worker.image.ImageSpec;
import io.weldr.worker.image.OutputType;
import io.weldr.worker.image.RootSize;
import io.weldr.worker.installer.anaconda.AnacondaInstaller;
import io.weldr.worker.installer.anaconda.AnacondaTarget;
import io.weldr.worker.installer.anaconda.HostRepositories;
import io.weldr.worker.kickstart.Command;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.Partition;
import io.weldr.worker.kickstart.RequiredPartitions;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The recipe for disks where Anaconda installs: it partitions them and makes them bootable. */
final class AnacondaDisk {
  private static final long MIB = 1 << 20;

  /** Beside the partitions: the tables, and what alignment takes. */
  private static final long TABLES = 2;

  /** What {@code reqpart} takes at most, and {@code --add-boot}; in MiB as in lorax-composer. */
  private static final long FIRMWARE = 500;

  private static final long BOOT = 1024;

  /** A partition without a size, {@code --recommended} swap for example. */
  private static final long UNSIZED = 2048;

  private final JobSpec job;
  private final JobSettings settings;
  private final OutputType type;
  private final ImageSpec.Disk disk;

  AnacondaDisk(JobSpec job, JobSettings settings, OutputType type, ImageSpec.Disk disk) {
    this.job = job;
    this.settings = settings;
    this.type = type;
    this.disk = disk;
  }

  /**
   * Installs and converts.
   *
   * @param image does not exist yet, nor does its directory
   */
  void make(Kickstart kickstart, Path image, Progress progress)
      throws BuildException, KickstartException, IOException, InterruptedException {
    Files.createDirectory(image.getParent());
    long bytes = mebibytes(kickstart, RootSize.mebibytes(job), disk.alignMib()) * MIB;
    Path made = image.resolveSibling(DeviceMapper.diskName(job.composeId()) + ".img");
    AnacondaInstaller installer =
        new AnacondaInstaller(
            settings.anaconda().get(),
            job,
            settings,
            kickstart,
            HostRepositories.of(job, settings),
            new AnacondaTarget.Disk(made, bytes));

    progress.during(Stage.FETCH, "Anaconda will fetch the packages", installer::fetch);
    progress.during(
        Stage.INSTALL,
        "Installing %d packages into a disk of %d MiB"
            .formatted(job.packages().size(), bytes / MIB),
        installer::install);
    progress.during(Stage.CONFIGURE, "Finishing the disk", installer::configure);
    Path raw = Files.move(made, image.resolveSibling(DiskFormat.rawName(disk, type.imageName())));
    if (DiskFormat.isNeeded(disk)) {
      progress.during(
          Stage.CONVERT,
          "Converting the disk to " + type.imageName(),
          report -> new DiskFormat(disk, report).convert(raw, image));
    }
  }

  /**
   * The size of the disk for what the kickstart puts on it. Read without the rest of the commands:
   * Anaconda knows options that the direct installer does not.
   *
   * @param rootMib size of a system whose kickstart leaves sizes to Anaconda
   * @param alignMib the size is a multiple of so many MiB
   */
  static long mebibytes(Kickstart kickstart, long rootMib, int alignMib) {
    long size = TABLES;
    boolean sized = false;
    for (Command command : kickstart.commands()) {
      switch (command.name()) {
        case Partition.NAME, Partition.LONG_NAME -> {
          size += size(command.arguments());
          sized = true;
        }
        case RequiredPartitions.NAME ->
            size += FIRMWARE + (command.arguments().contains("--add-boot") ? BOOT : 0);
        default -> {
          // Takes no room, or room within a partition.
        }
      }
    }
    if (!sized) {
      size += rootMib + FIRMWARE + BOOT + UNSIZED;
    }
    return (size + alignMib - 1) / alignMib * alignMib;
  }

  /** The value of {@code --size}, in one word with it or in the next. */
  static long size(List<String> words) {
    String option = "--size";
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String value = word.startsWith(option + "=") ? word.substring(option.length() + 1) : "";
      if (word.equals(option) && i + 1 < words.size()) {
        value = words.get(i + 1);
      }
      if (value.matches("[0-9]{1,9}")) {
        return Long.parseLong(value);
      }
    }
    return UNSIZED;
  }
}
