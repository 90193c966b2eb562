package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.image.ImageSpec.Disk;
import io.weldr.worker.image.ImageSpec.DiskArchive;
import io.weldr.worker.image.ImageSpec.Format;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a raw disk into what a cloud or a hypervisor takes, by qemu-img on all cores or by tar, and
 * has the result checked.
 *
 * <p>Security: both run in a sandbox that sees the image's directory and nothing else of the host.
 */
public final class DiskFormat {
  private static final Pattern PERCENT = Pattern.compile("\\(([0-9]{1,3})\\.[0-9]{2}/100%\\)");

  /** Formats that qemu-img can check. */
  private static final Set<Format> CHECKED = Set.of(Format.QCOW2, Format.VMDK, Format.VHDX);

  private final Disk disk;
  private final StageReport report;

  public DiskFormat(Disk disk, StageReport report) {
    this.disk = disk;
    this.report = report;
  }

  /** Whether the raw disk is not yet the image. */
  public static boolean isNeeded(Disk disk) {
    return disk.format() != Format.RAW || disk.archive().isPresent();
  }

  /** The name the raw disk must have in its directory. */
  public static String rawName(Disk disk, String imageName) {
    if (disk.archive().isPresent()) {
      return disk.archive().get().innerName();
    }
    return isNeeded(disk) ? "disk.raw" : imageName;
  }

  /**
   * Writes the image beside the raw disk, which is removed.
   *
   * @param image does not exist yet
   */
  public void convert(Path raw, Path image)
      throws BuildException, IOException, InterruptedException {
    if (disk.archive().isPresent()) {
      pack(raw, image, disk.archive().get());
    } else {
      String inside = "/image/" + image.getFileName();
      runQemuImg(image, arguments("/image/" + raw.getFileName(), inside));
      if (CHECKED.contains(disk.format())) {
        runQemuImg(image, List.of("check", "-q", "-f", name(disk.format()), inside));
      }
    }
    Files.delete(raw);
  }

  private List<String> arguments(String raw, String image) {
    List<String> argv = new ArrayList<>(List.of("convert", "-p", "-f", "raw"));
    argv.addAll(List.of("-O", name(disk.format()), "-m", "16"));
    if (disk.format() == Format.QCOW2) {
      argv.add("-c");
    }
    if (!disk.formatOptions().isEmpty()) {
      argv.addAll(List.of("-o", String.join(",", disk.formatOptions())));
    }
    argv.addAll(List.of(raw, image));
    return argv;
  }

  private void runQemuImg(Path image, List<String> arguments)
      throws BuildException, IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("/usr/bin/qemu-img"));
    argv.addAll(arguments);
    Sandbox.ofHostPrograms()
        .writable(image.getParent(), "/image")
        .command(argv)
        .output(this::told)
        .check();
  }

  /** qemu-img shows its progress in one line, with carriage returns. */
  private void told(String line) {
    Matcher matcher = PERCENT.matcher(line);
    boolean progress = false;
    while (matcher.find()) {
      report.progress(Long.parseLong(matcher.group(1)), 100);
      progress = true;
    }
    if (!progress && !line.isBlank()) {
      report.info(line);
    }
  }

  private void pack(Path raw, Path image, DiskArchive archive)
      throws BuildException, IOException, InterruptedException {
    if (archive.compression() != Compression.GZIP || disk.format() != Format.RAW) {
      throw new BuildException(
          FailureCode.INTERNAL,
          "a disk can be packed as raw with gzip only",
          "Correct the descriptor of the output type.");
    }
    Sandbox.ofHostPrograms()
        .writable(image.getParent(), "/image")
        .command(
            "/usr/bin/tar",
            "--create",
            "--sparse",
            "--format=oldgnu",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--mode=0644",
            "--use-compress-program=/usr/bin/pigz -n",
            "--file=/image/" + image.getFileName(),
            "--directory=/image",
            "--",
            raw.getFileName().toString())
        .output(report::info)
        .check();
  }

  private static String name(Format format) {
    return format.name().toLowerCase(Locale.ROOT);
  }
}
