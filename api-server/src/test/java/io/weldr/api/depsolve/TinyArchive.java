package io.weldr.api.depsolve;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceKeys;
import io.weldr.api.source.SourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The signed archive of {@code src/test/python/tinyrepo.py}, or the repository of {@code
 * rpmrepo.py}, behind a web server on loopback.
 */
public final class TinyArchive implements AutoCloseable {
  /** Benchmarks run in the directory above. */
  private static final Path PYTHON =
      Stream.of("src/test/python", "api-server/src/test/python")
          .map(Path::of)
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow();

  private final PackageFamily family;
  private final HttpServer server;
  private final String key;

  /**
   * Makes an archive of Debian packages.
   *
   * @param directory an existing directory
   */
  public TinyArchive(Path directory) throws IOException, InterruptedException {
    this(directory, PackageFamily.APT);
  }

  /**
   * Makes an archive.
   *
   * @param directory an existing directory
   * @param numbers for random RPM packages: how many, and from which seed
   */
  public TinyArchive(Path directory, PackageFamily family, int... numbers)
      throws IOException, InterruptedException {
    this.family = family;
    Path root = Files.createDirectory(directory.resolve("tiny"));
    String script = family == PackageFamily.APT ? "tinyrepo.py" : "rpmrepo.py";
    List<String> command =
        new ArrayList<>(
            List.of("/usr/bin/python3", "-B", PYTHON.resolve(script).toString(), root.toString()));
    Arrays.stream(numbers).mapToObj(String::valueOf).forEach(command::add);
    Process maker = new ProcessBuilder(command).start();
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
        family == PackageFamily.APT ? SourceType.APT : SourceType.YUM_BASEURL,
        false,
        url("tiny"),
        family == PackageFamily.APT ? List.of("stable") : List.of(),
        family == PackageFamily.APT ? List.of("main") : List.of(),
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
