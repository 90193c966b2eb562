package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * GRUB's programs and files, those of the tree: the host needs none, and what starts a system is as
 * old as the system.
 *
 * <p>Security: the tree's programs run in a sandbox whose root is the tree and that can write one
 * directory of the host. What they left there is read as data, only if it is a regular file.
 *
 * @param scratch a directory for what they make
 */
record GrubPrograms(Path tree, Path scratch, StageReport report) {
  private static final String INSIDE = "/run/grub-image";
  private static final long MOST_BYTES = 4 << 20;

  private static final List<String> MODULES =
      List.of(
          "part_gpt",
          "part_msdos",
          "fat",
          "normal",
          "linux",
          "search",
          "configfile",
          "echo",
          "boot",
          "test",
          "serial",
          "terminal");

  /** {@code grub} or {@code grub2}, as the distribution calls directory and programs. */
  String name() {
    return Files.isExecutable(tree.resolve("usr/bin/grub2-mkimage")) ? "grub2" : "grub";
  }

  /**
   * Makes a program that a firmware starts.
   *
   * @param format as GRUB calls it, {@code i386-pc}
   * @param directory of its modules below {@code /usr/lib/grub}
   * @param file name in the scratch directory
   * @param configuration what it does first
   * @param modules besides those that every image has
   * @throws BuildException when the tree lacks the program or the modules
   */
  void makeImage(
      String format, String directory, String file, String configuration, List<String> modules)
      throws BuildException, IOException, InterruptedException {
    String program = "/usr/bin/" + name() + "-mkimage";
    String moduleDirectory = "/usr/lib/grub/" + directory;
    require(program);
    require(moduleDirectory);
    Files.writeString(scratch.resolve("early.cfg"), configuration);
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of(program, "-O", format));
    argv.addAll(List.of("-d", moduleDirectory, "-c", INSIDE + "/early.cfg"));
    argv.addAll(List.of("-p", "/boot/" + name(), "-o", INSIDE + "/" + file, "--"));
    argv.addAll(MODULES);
    argv.addAll(modules);
    run(argv);
    check(file);
  }

  /** Copies a file of the tree into the scratch directory. */
  void copy(String path, String file) throws IOException, InterruptedException {
    run(List.of("/bin/cp", "--", path, INSIDE + "/" + file));
    check(file);
  }

  /** What a file in the scratch directory holds. */
  ByteBuffer read(String file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(check(file))).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Only for the message: what is there is run inside the tree. */
  private void require(String path) throws BuildException {
    if (!Files.exists(tree.resolve(path.substring(1)), LinkOption.NOFOLLOW_LINKS)) {
      throw new BuildException(
          FailureCode.PACKAGE_MISSING,
          "the image has no " + path + ", a part of GRUB, and could not start",
          "The packages under [boot] in the distribution's file in share/distros must bring it;"
              + " or choose an output type that starts no machine.");
    }
  }

  private void run(List<String> argv) throws IOException, InterruptedException {
    Sandbox.ofTree(tree).writable(scratch, INSIDE).command(argv).output(report::info).check();
  }

  private Path check(String name) throws IOException {
    Path file = scratch.resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
      throw new IOException("the tree's GRUB did not make a usable " + name);
    }
    return file;
  }
}
