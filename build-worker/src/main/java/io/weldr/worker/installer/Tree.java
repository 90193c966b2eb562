package io.weldr.worker.installer;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The tree of the system that is being made, once it has a shell.
 *
 * <p>Security: everything that happens to the tree happens inside a sandbox whose root it is, with
 * the tree's own programs. A link that a package planted leads nowhere but into the tree. Values
 * are arguments or stdin of constant commands, never part of a script.
 */
final class Tree {
  private static final String HINT =
      "Correct the blueprint; logs/combined.log of the compose has the whole output.";

  private final Sandbox sandbox;

  /**
   * @param path the tree on the host
   */
  Tree(Path path) {
    this(path, OptionalLong.empty());
  }

  /**
   * As above.
   *
   * @param sourceDateEpoch what programs that know it take for the present, in seconds since 1970
   */
  Tree(Path path, OptionalLong sourceDateEpoch) {
    Sandbox plain =
        Sandbox.ofTree(path)
            .with("LC_ALL", "C.UTF-8")
            .with("HOME", "/root")
            .with("DEBIAN_FRONTEND", "noninteractive")
            .with("DEBCONF_NONINTERACTIVE_SEEN", "true")
            // One initramfs at the end instead of one per package that would like it.
            .with("INITRD", "No")
            .with("SYSTEMD_OFFLINE", "1");
    this.sandbox =
        sourceDateEpoch.isPresent()
            ? plain.with("SOURCE_DATE_EPOCH", Long.toString(sourceDateEpoch.getAsLong()))
            : plain;
  }

  private Tree(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /** This tree, with a directory of the host that programs in it can read. */
  Tree seeing(Path host, String inside) {
    return new Tree(sandbox.readOnly(host, inside));
  }

  /** A run of a program of the tree, for callers that judge its end themselves. */
  Subprocess command(List<String> argv) {
    return sandbox.command(argv);
  }

  /**
   * Runs a program of the tree.
   *
   * @param problem what cannot be done if it fails, e.g. {@code the user "x" cannot be added}
   * @throws BuildException CUSTOMIZATION_FAILED with the problem and the program's last line
   */
  void run(String problem, String... argv)
      throws BuildException, IOException, InterruptedException {
    check(problem, command(List.of(argv)));
  }

  /** As {@link #run(String, String...)}, with something to read. */
  void feed(String problem, String stdin, String... argv)
      throws BuildException, IOException, InterruptedException {
    feed(problem, stdin.getBytes(StandardCharsets.UTF_8), argv);
  }

  private void feed(String problem, byte[] stdin, String... argv)
      throws BuildException, IOException, InterruptedException {
    check(problem, command(List.of(argv)).stdin(stdin));
  }

  /** Whether a program of the tree ends with 0. */
  boolean succeeds(String... argv) throws IOException, InterruptedException {
    return command(List.of(argv)).run().exitStatus() == 0;
  }

  /** What a program of the tree prints; empty when it fails. */
  Optional<List<String>> lines(String... argv) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    int status = command(List.of(argv)).output(lines::add).errors(line -> {}).run().exitStatus();
    return status == 0 ? Optional.of(List.copyOf(lines)) : Optional.empty();
  }

  /** Whether a path leads to something, links followed. */
  boolean has(String path) throws IOException, InterruptedException {
    return succeeds("/usr/bin/test", "-e", path);
  }

  /** Whether a file has a line that is exactly this. */
  boolean hasLine(String path, String line) throws IOException, InterruptedException {
    return succeeds("/usr/bin/grep", "-qxF", "-e", line, "--", path);
  }

  /** What the system calls itself; {@code Linux} when it says nothing that can be printed. */
  String title() throws IOException, InterruptedException {
    return release("PRETTY_NAME").filter(name -> name.matches("[ -~]{1,80}")).orElse("Linux");
  }

  /** A value of os-release(5). */
  Optional<String> release(String variable) throws IOException, InterruptedException {
    return lines("/bin/sh", "-euc", "set -a; . /etc/os-release; printenv \"$1\"", "sh", variable)
        .filter(lines -> lines.size() == 1 && !lines.getFirst().isBlank())
        .map(List::getFirst);
  }

  /**
   * Makes or replaces a file that belongs to root and everybody may read, and its directories.
   *
   * @param path absolute, in the tree
   */
  void write(String path, String content) throws BuildException, IOException, InterruptedException {
    write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** As {@link #write(String, String)}. */
  void write(String path, byte[] content) throws BuildException, IOException, InterruptedException {
    feed(
        "the file " + path + " cannot be written",
        content,
        "/bin/sh",
        "-euc",
        "umask 022; mkdir -p -- \"$(dirname -- \"$1\")\"; cat > \"$1\"; chmod 0644 -- \"$1\"",
        "write",
        path);
  }

  /** A failure that the blueprint's owner can mend. */
  static BuildException refused(String message) {
    return new BuildException(FailureCode.CUSTOMIZATION_FAILED, message, HINT);
  }

  private static void check(String problem, Subprocess process)
      throws BuildException, IOException, InterruptedException {
    try {
      process.check();
    } catch (SubprocessException e) {
      List<String> lines = e.lastLines();
      String reason = lines.isEmpty() ? e.reason() : lines.getLast();
      throw new BuildException(FailureCode.CUSTOMIZATION_FAILED, problem + ": " + reason, HINT, e);
    }
  }
}
