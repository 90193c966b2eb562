package io.weldr.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * A machine started from an image, in QEMU without hardware virtualization: a KVM device may be
 * there and not work. What the machine writes is thrown away with it. It is used through its serial
 * console, and through ssh on a port of the loopback interface.
 */
final class VirtualMachine implements AutoCloseable {
  /** Emulated on a loaded host a system may take minutes to start. */
  static final Duration LONG = Duration.ofMinutes(15);

  private static final Path OVMF = Path.of("/usr/share/OVMF");

  /** What a machine starts from. */
  enum Firmware {
    BIOS,
    UEFI
  }

  private final Process process;
  private final Path console;
  private final int sshPort;

  private VirtualMachine(Process process, Path console, int sshPort) {
    this.process = process;
    this.console = console;
    this.sshPort = sshPort;
  }

  /**
   * Starts a machine from a disk.
   *
   * @param format as QEMU calls it, {@code qcow2}
   * @param work a directory for its files
   * @param more further arguments of QEMU
   */
  static VirtualMachine ofDisk(
      Path image, String format, Firmware firmware, Path work, String... more) {
    List<String> drive =
        List.of("-drive", "file=%s,format=%s,if=virtio,snapshot=on".formatted(image, format));
    List<String> arguments = new ArrayList<>(drive);
    arguments.addAll(List.of(more));
    return start(arguments, firmware, work);
  }

  /** Starts a machine from a CD. */
  static VirtualMachine ofCd(Path image, Firmware firmware, Path work) {
    // A drive that kernels made for clouds know, which lack those of real machines.
    List<String> drive = new ArrayList<>(List.of("-device", "virtio-scsi-pci"));
    drive.addAll(
        List.of("-drive", "file=%s,format=raw,if=none,id=cd,readonly=on".formatted(image)));
    drive.addAll(List.of("-device", "scsi-cd,drive=cd,bootindex=0"));
    return start(drive, firmware, work);
  }

  /** A further disk, for the arguments of {@link #ofDisk}. */
  static String[] secondDisk(Path image) {
    return new String[] {"-drive", "file=%s,format=raw,if=virtio,readonly=on".formatted(image)};
  }

  private static VirtualMachine start(List<String> drives, Firmware firmware, Path work) {
    try {
      int port = freePort();
      Path console = Files.createTempFile(work, "console", ".log");
      List<String> argv =
          new ArrayList<>(
              List.of("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max"));
      argv.addAll(List.of("-smp", "2", "-m", "1536", "-display", "none", "-monitor", "none"));
      argv.addAll(List.of("-serial", "stdio", "-no-reboot", "-device", "virtio-rng-pci"));
      argv.addAll(List.of("-device", "virtio-net-pci,netdev=net"));
      argv.addAll(
          List.of("-netdev", "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:" + port + "-:22"));
      if (firmware == Firmware.UEFI) {
        Path variables = Files.createTempFile(work, "variables", ".fd");
        Files.write(variables, Files.readAllBytes(OVMF.resolve("OVMF_VARS_4M.fd")));
        argv.addAll(flash(OVMF.resolve("OVMF_CODE_4M.fd"), "on"));
        argv.addAll(flash(variables, "off"));
      }
      argv.addAll(drives);
      Process process =
          new ProcessBuilder(argv)
              .redirectErrorStream(true)
              .redirectOutput(console.toFile())
              .start();
      return new VirtualMachine(process, console, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> flash(Path file, String readOnly) {
    return List.of("-drive", "if=pflash,format=raw,readonly=%s,file=%s".formatted(readOnly, file));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What the serial console showed so far, without control sequences. */
  String shown() {
    try {
      return Files.readString(console, StandardCharsets.ISO_8859_1)
          .replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
          .replace("\r", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the serial console shows what the pattern finds. */
  void awaitShown(String regex) {
    Pattern pattern = Pattern.compile(regex);
    await(regex + " on the console", () -> pattern.matcher(shown()).find());
  }

  private void await(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(LONG);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end) || !process.isAlive()) {
        throw new AssertionError("waited for %s; the console:%n%s".formatted(what, shown()));
      }
      try {
        Thread.sleep(300);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Types a line on the serial console. */
  void type(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes an entry of GRUB's menu, once the menu shows it: so many below what would start, or
   * above, if negative.
   */
  void choose(String entry, int below) {
    awaitShown(Pattern.quote(entry));
    // GRUB's keys for the next line and the one before.
    type((below < 0 ? "\u0010" : "\u000e").repeat(Math.abs(below)));
  }

  /** Logs in on the serial console, up to the prompt of the user's shell. */
  void logIn(String user, String password) {
    // The kernel may write on the same lines at any time, and the system speaks its own language.
    awaitShown("login: ");
    type(user);
    awaitShown("(Password|Passwort): ");
    type(password);
    awaitShown(user + "@[^\n]*\\$ ");
  }

  /** Runs a command of the machine as a user whose private key is in a file; its output. */
  String ssh(Path key, String user, String command) {
    Command[] last = new Command[1];
    await(
        "an answer of sshd",
        () -> {
          last[0] =
              Command.run(
                  "ssh",
                  "-F",
                  "/dev/null",
                  "-i",
                  key,
                  "-p",
                  sshPort,
                  "-o",
                  "BatchMode=yes",
                  "-o",
                  "ConnectTimeout=20",
                  "-o",
                  "LogLevel=ERROR",
                  "-o",
                  "StrictHostKeyChecking=no",
                  "-o",
                  "UserKnownHostsFile=/dev/null",
                  user + "@127.0.0.1",
                  command);
          // 255 is ssh's own failure: nobody answers yet.
          return last[0].status() != 255;
        });
    if (last[0].status() != 0) {
      throw new AssertionError(
          "%s ended with %d: %s".formatted(command, last[0].status(), last[0].output()));
    }
    return last[0].output();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    RunningComposer.awaitExit(process);
  }
}
