package io.weldr.systemtests;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A small, signed RPM distribution with Fedora's names, made out of Debian packages by {@code
 * rpm-distribution/make-distribution} and served on loopback. It is made once and kept below {@code
 * target} for as long as the program and its data are what they were.
 */
final class RpmDistribution implements AutoCloseable {
  private static final Path PROGRAM = Path.of("rpm-distribution").toAbsolutePath();

  private final Path directory;
  private final HttpServer server;

  private RpmDistribution(Path directory) {
    this.directory = directory;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.server =
        SimpleFileServer.createFileServer(
            address, directory.resolve("repo"), SimpleFileServer.OutputLevel.NONE);
    server.start();
  }

  /** Makes it, unless it is there; one process at a time, since test classes run side by side. */
  static synchronized RpmDistribution start() {
    Path cache = Path.of("target/rpm-distribution").toAbsolutePath();
    try (FileChannel lock = lockFile(cache);
        FileLock held = lock.lock()) {
      Path directory = cache.resolve(digest());
      if (!Files.exists(directory.resolve("made"))) {
        Files.createDirectories(directory);
        Command.must(PROGRAM.resolve("make-distribution"), directory);
        Files.createFile(directory.resolve("made"));
      }
      return new RpmDistribution(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileChannel lockFile(Path cache) throws IOException {
    Files.createDirectories(cache);
    return FileChannel.open(
        cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static String digest() throws IOException {
    try (Stream<Path> files = Files.list(PROGRAM)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The repository as a stored user source; its packages must be signed. */
  String source() {
    return source(key());
  }

  /** As {@link #source()}, with these keys. */
  String source(String... keys) {
    ObjectNode source = new ObjectMapper().createObjectNode();
    source.put("id", "fedora").put("name", "Test distribution");
    source.put("url", url());
    source.put("type", "yum-baseurl").put("check_gpg", true).put("check_tls", true);
    List.of("suites", "components", "key_urls", "fetched_keys").forEach(source::putArray);
    List.of(keys).forEach(source.putArray("public_keys")::add);
    return source.toString();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  String key() {
    try {
      return Files.readString(directory.resolve("key.asc"), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
