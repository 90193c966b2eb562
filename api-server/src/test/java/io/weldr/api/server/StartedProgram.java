package io.weldr.api.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own. */
final class StartedProgram implements AutoCloseable {
  private final Process process;
  private final BufferedReader errors;
  private final StringBuilder seen = new StringBuilder();

  private StartedProgram(Process process) {
    this.process = process;
    this.errors = process.errorReader(StandardCharsets.UTF_8);
  }

  static StartedProgram start(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    builder.environment().putAll(environment);
    return new StartedProgram(builder.start());
  }

  long pid() {
    return process.pid();
  }

  /** Waits for a line on standard error that contains a text; fails when the program ends first. */
  void awaitLine(String text) throws IOException {
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      seen.append(line).append('\n');
      if (line.contains(text)) {
        return;
      }
    }
    throw new AssertionError("the program ended before it said " + text + ":\n" + seen);
  }

  /** Waits for the end of a program that does not start; what it wrote to standard error. */
  String awaitFailure(int status) throws IOException, InterruptedException {
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      seen.append(line).append('\n');
    }
    if (process.waitFor() != status) {
      throw new AssertionError("ended with " + process.exitValue() + ":\n" + seen);
    }
    return seen.toString();
  }

  String standardOutput() throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The first line of the reply to a request for the status. */
  static String statusLine(Path socket) throws IOException {
    return get(socket, "/api/status").lines().findFirst().orElse("");
  }

  /** What comes at once of the reply to a GET, at most 8 KiB. */
  static String get(Path socket, String target) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(
          StandardCharsets.US_ASCII.encode(
              "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      ByteBuffer reply = ByteBuffer.allocate(8192);
      channel.read(reply);
      return StandardCharsets.US_ASCII.decode(reply.flip()).toString();
    }
  }

  /** Asks it to end, as systemd does; its exit status. */
  int terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
