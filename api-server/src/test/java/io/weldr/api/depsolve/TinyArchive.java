package io.weldr.api.depsolve;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceKeys;
import io.weldr.api.source.SourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The signed archive of {@code src/test/python/tinyrepo.py} behind a web server on loopback. */
public final class TinyArchive implements AutoCloseable {
  private final HttpServer server;
  private final String key;

  /**
   * Makes the archive.
   *
   * @param directory an existing directory
   */
  public TinyArchive(Path directory) throws IOException, InterruptedException {
    Path root = Files.createDirectory(directory.resolve("tiny"));
    Process maker =
        new ProcessBuilder("/usr/bin/python3", "-B", "src/test/python/tinyrepo.py", root.toString())
            .start();
    key = new String(maker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (maker.waitFor() != 0) {
      throw new IOException(
          new String(maker.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }
    Files.writeString(directory.resolve("tiny.asc"), key);
    server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            directory.toAbsolutePath(),
            OutputLevel.NONE);
    server.start();
  }

  /**
   * The address of a file in the directory: {@code tiny} is the archive, {@code tiny.asc} its key.
   */
  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + path;
  }

  /** The armoured key that signs the archive. */
  public String key() {
    return key;
  }

  public Source source() {
    return new Source(
        "tiny",
        "Tiny",
        SourceType.APT,
        false,
        url("tiny"),
        List.of("stable"),
        List.of("main"),
        true,
        true,
        Optional.empty(),
        SourceKeys.inline(List.of(key)));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
