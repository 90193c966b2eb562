package io.weldr.worker.installer;

import io.weldr.worker.image.IsoImage;
import io.weldr.worker.image.LiveKind;
import io.weldr.worker.kickstart.BootLoader;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a medium with a live system says of itself, and how it starts.
 *
 * @param kind what finds the root file system on it
 * @param kernel base name of the kernel in the tree's {@code /boot}
 * @param ramFileSystem likewise
 * @param volumeId of the ISO image: system, release and machine
 * @param menu GRUB's configuration
 */
public record LiveMedium(
    LiveKind kind, String kernel, String ramFileSystem, String volumeId, String menu) {
  /** ISO 9660 has no room for more. */
  private static final int LONGEST_VOLUME_ID = 32;

  private static final long DEFAULT_TIMEOUT = 60;
  private static final String NO_GRAPHICS = "nomodeset";

  /**
   * Looks at a tree that is installed and configured. One made with dracut gets an initial RAM file
   * system that finds the medium; Debian's has found it since live-boot was installed.
   *
   * @throws BuildException when it lacks a kernel, or what starts a live system
   */
  public static LiveMedium of(Path path, BootLoader bootLoader, StageReport report)
      throws BuildException, IOException, InterruptedException {
    Tree tree = new Tree(path);
    LiveKind kind =
        LiveKind.of(path)
            .orElseThrow(
                () ->
                    new BuildException(
                        FailureCode.PACKAGE_MISSING,
                        "the image has nothing that starts a live system",
                        "Have the template install live-boot (Debian) or dracut-live."));
    Kernel kernel = Kernel.of(tree, report).getFirst();
    if (kind == LiveKind.DRACUT) {
      report.info("Making the initial RAM file system of the live system");
      tree.run(
          "the initial RAM file system of the live system cannot be made",
          "/usr/bin/dracut",
          "--force",
          "--no-hostonly",
          "--add",
          "dmsquash-live pollcdrom",
          "/boot/initramfs-" + kernel.version() + ".img",
          kernel.version());
      kernel = Kernel.of(tree, report).getFirst();
    }
    String volumeId = volumeId(tree);
    return new LiveMedium(
        kind,
        kernel.kernel(),
        kernel.ramFileSystem(),
        volumeId,
        menu(tree.title(), bootLoader, kind, volumeId));
  }

  private static String volumeId(Tree tree) throws IOException, InterruptedException {
    String name = tree.release("NAME").orElse("Linux");
    String version = tree.release("VERSION_ID").map(text -> "-" + text).orElse("");
    String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
    return volumeId(name + version + "-" + machine);
  }

  /** Allowed are letters, digits, {@code _} and {@code -}. */
  static String volumeId(String text) {
    String id = text.replaceAll("[^A-Za-z0-9_]", "-");
    return id.substring(0, Math.min(id.length(), LONGEST_VOLUME_ID));
  }

  /**
   * The entry that tests the medium first is what starts when nobody chooses, if it goes on to
   * start the system.
   */
  static String menu(String title, BootLoader bootLoader, LiveKind kind, String volumeId) {
    List<String> words = bootLoader.append().map(GrubConfiguration::words).orElse(List.of());
    GrubConfiguration grub = new GrubConfiguration(title, words, bootLoader.timeout());
    String live = kind.arguments(volumeId);
    String test =
        kind.startsAfterCheck() ? "Test this medium and start " + title : "Test this medium";
    return "set default=%d\nset timeout=%d\n"
            .formatted(
                kind.startsAfterCheck() ? 1 : 0, bootLoader.timeout().orElse(DEFAULT_TIMEOUT))
        + grub.terminal()
        + entry("Start " + title, grub, live)
        + entry(test, grub, live + " " + kind.check())
        + entry("Start " + title + " in basic graphics mode", grub, live + " " + NO_GRAPHICS);
  }

  private static String entry(String name, GrubConfiguration grub, String live) {
    return """
        menuentry %s {
          linux %s %s %s
          initrd %s
        }
        """
        .formatted(
            GrubConfiguration.quoted(name),
            IsoImage.KERNEL,
            live,
            grub.argumentText(),
            IsoImage.RAM_DISK);
  }
}
