package io.weldr.api.blueprint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** What one fsync and one new file cost on a disk, so that other numbers can be read beside it. */
public final class DiskSpeed {
  private static final int TIMES = 200;
  private static final int BLOCK = 4096;

  private DiskSpeed() {}

  /** Median milliseconds of writing 4 KiB over old content and making it durable. */
  public static double fsyncMillis(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "fsync", "");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(TIMES * BLOCK));
      channel.force(true);
      double[] millis = new double[TIMES];
      for (int i = 0; i < TIMES; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(BLOCK), (long) i * BLOCK);
        channel.force(false);
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
      return median(millis);
    } finally {
      Files.delete(file);
    }
  }

  /** Median milliseconds of making an empty file. */
  public static double newFileMillis(Path directory) throws IOException {
    Path files = Files.createTempDirectory(directory, "files");
    double[] millis = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      long start = System.nanoTime();
      Files.createFile(files.resolve(String.valueOf(i)));
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    for (int i = 0; i < TIMES; i++) {
      Files.delete(files.resolve(String.valueOf(i)));
    }
    Files.delete(files);
    return median(millis);
  }

  private static double median(double[] millis) {
    Arrays.sort(millis);
    return millis[TIMES / 2];
  }
}
