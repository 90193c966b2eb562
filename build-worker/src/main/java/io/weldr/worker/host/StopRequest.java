package io.weldr.worker.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * How the worker asks a job to end by itself, which loses less than killing it: two empty files in
 * the directory of the job. They outlive the worker, so the next one can ask as well.
 *
 * <p>Security: the directory is root's alone. Who does not listen, or not in time, is killed.
 *
 * @param directory of the job
 */
public record StopRequest(Path directory) {
  private Path listening() {
    return directory.resolve("stops-on-request");
  }

  private Path asked() {
    return directory.resolve("CANCEL");
  }

  /** Of the job: from now on it looks whether it {@link #isAsked}. */
  public void listen() throws IOException {
    Files.deleteIfExists(listening());
    Files.createFile(listening());
  }

  /** Of the job: from now on it does not. */
  public void listenNoMore() throws IOException {
    Files.deleteIfExists(listening());
  }

  /** Whether the job would notice. */
  public boolean isHeard() {
    return Files.exists(listening(), LinkOption.NOFOLLOW_LINKS);
  }

  /** Of the worker: asks. */
  public void ask() throws IOException {
    if (!isAsked()) {
      Files.createFile(asked());
    }
  }

  /** Whether the worker wants the end. */
  public boolean isAsked() {
    return Files.exists(asked(), LinkOption.NOFOLLOW_LINKS);
  }

  /** Before another attempt. */
  public void clear() throws IOException {
    Files.deleteIfExists(listening());
    Files.deleteIfExists(asked());
  }
}
