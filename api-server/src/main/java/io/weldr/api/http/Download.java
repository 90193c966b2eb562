package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * A file as a reply, whole or in part, in constant memory.
 *
 * @param fileName what the client should call it; letters, digits, dots and hyphens
 * @param size bytes
 */
record Download(FileChannel file, String fileName, long size, Instant lastModified) {
  private static final int BLOCK = 1 << 16;

  /** RFC 9110 section 5.6.7. Java's own form of RFC 1123 writes days before the tenth shorter. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  void send(ServerRequest request, ServerResponse response) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/octet-stream"));
    // Clients take what follows the first "filename=": nothing may stand before it, nor quotes.
    response.header(
        HeaderValues.create(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=" + fileName));
    response.header(HeaderValues.create(HeaderNames.LAST_MODIFIED, httpDate()));
    response.header(HeaderValues.create(HeaderNames.ACCEPT_RANGES, "bytes"));
    if (Replies.isHead(request)) {
      response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, size));
      response.send(new byte[0]);
      return;
    }
    switch (ByteRange.parse(range(request), size)) {
      case ByteRange.Request.Whole whole -> stream(response, new ByteRange(0, size));
      case ByteRange.Request.Part part -> {
        response.status(Status.PARTIAL_CONTENT_206);
        response.header(
            HeaderValues.create(HeaderNames.CONTENT_RANGE, part.range().contentRange(size)));
        stream(response, part.range());
      }
      case ByteRange.Request.Beyond beyond -> {
        response.headers().remove(HeaderNames.CONTENT_DISPOSITION);
        response.header(HeaderValues.create(HeaderNames.CONTENT_RANGE, "bytes */" + size));
        throw ApiException.ofTransport(
            Status.REQUESTED_RANGE_NOT_SATISFIABLE_416, "Requested Range Not Satisfiable");
      }
    }
  }

  /** The Range header, unless If-Range names another version of the file. */
  private Optional<String> range(ServerRequest request) {
    Optional<String> condition = request.headers().first(HeaderNames.IF_RANGE);
    return condition.isPresent() && !condition.get().equals(httpDate())
        ? Optional.empty()
        : request.headers().first(HeaderNames.RANGE);
  }

  private String httpDate() {
    return HTTP_DATE.format(lastModified);
  }

  private void stream(ServerResponse response, ByteRange part) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, part.length()));
    if (part.length() == 0) {
      response.send(new byte[0]);
      return;
    }
    ClientConnection client = ClientConnection.current();
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    try (OutputStream out = response.outputStream()) {
      long end = part.first() + part.length();
      for (long position = part.first(); position < end; ) {
        block.clear().limit((int) Math.min(BLOCK, end - position));
        int read = file.read(block, position);
        if (read <= 0) {
          throw new IOException("the file became shorter");
        }
        client.waitsForReader();
        out.write(block.array(), 0, read);
        client.works();
        position += read;
      }
      client.waitsForReader();
    } catch (IOException | RuntimeException e) {
      // The client went away or does not read; the status line is sent, so only closing is left.
      throw new CloseConnectionException("a download was not finished", e);
    }
  }
}
