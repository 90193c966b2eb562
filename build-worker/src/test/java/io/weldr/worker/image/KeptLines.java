package io.weldr.worker.image;

import io.weldr.worker.spec.StageReport;
import java.util.List;

/** Keeps what it is told. */
public record KeptLines(List<String> lines) implements StageReport {
  @Override
  public void info(String line) {
    lines.add(line);
  }

  @Override
  public void warning(String line) {
    lines.add(line);
  }

  @Override
  public void progress(long done, long total) {}
}
