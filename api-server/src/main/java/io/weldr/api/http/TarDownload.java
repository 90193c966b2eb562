package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.compose.ArchiveFile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.attribute.FileTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Files as a tar archive that is made while it is sent, in constant memory. When it cannot be sent
 * whole the connection is closed before its end, so that no client takes a part for the whole.
 *
 * @param fileName what the client should call it; letters, digits, dots and hyphens
 */
record TarDownload(String fileName, List<ArchiveFile> files) {
  private static final int BLOCK = 1 << 16;

  /** Unit of a tar archive, in bytes. */
  private static final int RECORD = 512;

  private static final int END = 2 * RECORD;

  void send(ServerRequest request, ServerResponse response) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/x-tar"));
    // Clients take what follows the first "filename=": nothing may stand before it, nor quotes.
    response.header(
        HeaderValues.create(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=" + fileName));
    if (Replies.isHead(request)) {
      response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, length()));
      response.send(new byte[0]);
      return;
    }
    try {
      OutputStream out = new PatientStream(response.outputStream(), ClientConnection.current());
      write(new BufferedOutputStream(out, BLOCK));
    } catch (IOException | RuntimeException e) {
      throw new CloseConnectionException("an archive was not finished", e);
    }
  }

  /** Bytes of the archive, without reading the files. */
  private long length() {
    long length = END;
    for (ArchiveFile file : files) {
      length += headerLength(file) + (file.size() + RECORD - 1) / RECORD * RECORD;
    }
    return length;
  }

  /** Long names and big numbers take records of their own. */
  private static long headerLength(ArchiveFile file) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try {
      archive(header).putArchiveEntry(entry(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return header.size();
  }

  private static TarArchiveOutputStream archive(OutputStream out) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    return tar;
  }

  /** Closes the stream only when all of it is written: that tells the client so. */
  private void write(OutputStream out) throws IOException {
    TarArchiveOutputStream tar = archive(out);
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (ArchiveFile file : files) {
      if (file.isDirectory()) {
        tar.putArchiveEntry(entry(file));
        tar.closeArchiveEntry();
      } else {
        add(file, tar, block);
      }
    }
    tar.close();
  }

  private static void add(ArchiveFile file, TarArchiveOutputStream tar, ByteBuffer block)
      throws IOException {
    try (FileChannel channel = file.open()) {
      tar.putArchiveEntry(entry(file));
      for (long left = file.size(); left > 0; ) {
        block.clear().limit((int) Math.min(BLOCK, left));
        int read = channel.read(block);
        if (read <= 0) {
          throw new IOException(file.name() + " became shorter");
        }
        tar.write(block.array(), 0, read);
        left -= read;
      }
      tar.closeArchiveEntry();
    }
  }

  private static TarArchiveEntry entry(ArchiveFile file) {
    TarArchiveEntry entry = new TarArchiveEntry(file.name());
    entry.setSize(file.size());
    entry.setMode(file.mode());
    entry.setUserId(file.uid());
    entry.setGroupId(file.gid());
    entry.setLastModifiedTime(FileTime.from(file.lastModified().truncatedTo(ChronoUnit.SECONDS)));
    return entry;
  }
}
