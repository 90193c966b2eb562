package io.weldr.api.depsolve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child process that answers lines with lines. Constant arguments, an environment made from
 * nothing, working directory {@code /}. Its stderr goes to the log. Not thread-safe.
 */
final class AdapterProcess implements AutoCloseable {
  /** A solution of 20,000 packages has about 6 MB. */
  static final int LONGEST_ANSWER = 64 << 20;

  private static final Logger LOG = System.getLogger(AdapterProcess.class.getName());
  private static final int LONGEST_LOG_LINE = 2_000;
  private static final List<String> PROXIES =
      List.of("http_proxy", "https_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY");

  private final Process process;
  private final InputStream answers;
  private final OutputStream requests;

  private AdapterProcess(Process process) {
    this.process = process;
    this.answers = process.getInputStream();
    this.requests = process.getOutputStream();
    Thread.ofVirtual().name("adapter-stderr").start(this::logErrors);
  }

  /**
   * Starts the adapter.
   *
   * @param script its Python program
   * @param home the only directory it may write
   * @throws AdapterException when it cannot be started
   */
  static AdapterProcess start(Path script, Path home, List<String> arguments)
      throws AdapterException {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/python3", "-I", "-B", script.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    Map<String, String> environment = builder.environment();
    Map<String, String> ours = Map.copyOf(environment);
    environment.clear();
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("LANG", "C.UTF-8");
    environment.put("HOME", home.toString());
    PROXIES.stream()
        .filter(ours::containsKey)
        .forEach(name -> environment.put(name, ours.get(name)));
    try {
      return new AdapterProcess(builder.redirectError(Redirect.PIPE).start());
    } catch (IOException e) {
      throw new AdapterException("The package adapter cannot be started: " + e.getMessage(), e);
    }
  }

  /**
   * Sends one line and waits for one.
   *
   * @param request without line break
   * @throws AdapterException when there is no answer in time; the process is of no use any more
   */
  String ask(String request, Duration patience) throws AdapterException {
    return within(
        patience,
        () -> {
          requests.write((request + "\n").getBytes(StandardCharsets.UTF_8));
          requests.flush();
          return line();
        });
  }

  /** Waits for one line without a request. */
  String answer(Duration patience) throws AdapterException {
    return within(patience, this::line);
  }

  private interface Exchange {
    String run() throws IOException;
  }

  private String within(Duration patience, Exchange exchange) throws AdapterException {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("adapter")
        .start(
            () -> {
              try {
                answer.complete(exchange.run());
              } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
              }
            });
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AdapterException(
          "The package adapter did not answer within " + patience.toSeconds() + " seconds", e);
    } catch (ExecutionException e) {
      throw new AdapterException("The package adapter ended: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AdapterException("interrupted", e);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 16);
    byte[] buffer = new byte[1 << 16];
    while (line.size() < LONGEST_ANSWER) {
      // One answer per request: nothing follows the line break.
      int read = answers.read(buffer);
      if (read < 0) {
        throw new IOException("it closed its output; is its Python module installed?");
      }
      line.write(buffer, 0, read);
      if (buffer[read - 1] == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
    }
    throw new IOException("its answer is longer than " + LONGEST_ANSWER + " bytes");
  }

  private void logErrors() {
    try (InputStream errors = process.getErrorStream()) {
      byte[] buffer = new byte[LONGEST_LOG_LINE];
      for (int read = errors.read(buffer); read >= 0; read = errors.read(buffer)) {
        LOG.log(
            Level.WARNING,
            "package adapter: {0}",
            new String(buffer, 0, read, StandardCharsets.UTF_8).strip());
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "stderr of the package adapter", e);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    // Killing closes the pipes, which ends a thread that still reads from them.
    process.destroyForcibly();
  }
}
