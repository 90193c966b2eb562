package io.weldr.api.compose;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;

/**
 * An image, open for reading. It stays readable when the compose is deleted meanwhile.
 *
 * @param name base name
 * @param size bytes
 */
public record ImageFile(String name, long size, Instant lastModified, FileChannel channel)
    implements AutoCloseable {

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
