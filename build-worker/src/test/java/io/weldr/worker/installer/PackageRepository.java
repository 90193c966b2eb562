package io.weldr.worker.installer;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.weldr.worker.image.Checksum;
import io.weldr.worker.spec.SourceSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** A flat, unsigned Debian repository on loopback, with packages made on the spot. */
final class PackageRepository implements AutoCloseable {
  private final Path directory;
  private final HttpServer server;
  private final StringBuilder index = new StringBuilder();

  PackageRepository(Path directory) throws IOException, InterruptedException {
    RealCompose.run("/usr/bin/rm", "-rf", "--", directory.toString());
    this.directory = Files.createDirectories(directory.resolve("flat"));
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.server =
        SimpleFileServer.createFileServer(address, directory, SimpleFileServer.OutputLevel.NONE);
    server.start();
  }

  /** Adds a package for all architectures with one script. */
  void add(String name, String depends, String scriptName, String script)
      throws IOException, InterruptedException {
    Path content = directory.resolve(name + ".d");
    Path control = Files.createDirectories(content.resolve("DEBIAN"));
    String fields =
        """
        Package: %s
        Version: 1.0
        Architecture: all
        Depends: %s
        Maintainer: Nobody <nobody@example.com>
        Description: for a test
        """
            .formatted(name, depends);
    Files.writeString(control.resolve("control"), fields);
    Path file = Files.writeString(control.resolve(scriptName), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path archive = directory.resolve(name + ".deb");
    RealCompose.output("", "/usr/bin/dpkg-deb", "--build", content.toString(), archive.toString());
    index
        .append(fields)
        .append("Filename: flat/%s.deb\n".formatted(name))
        .append("Size: %d\n".formatted(Files.size(archive)))
        .append("SHA256: %s\n\n".formatted(Checksum.sha256(archive)));
    Path list = Files.writeString(directory.resolve("Packages"), index);
    Files.writeString(
        directory.resolve("Release"),
        """
        Suite: flat
        Date: Mon, 23 Nov 2026 00:00:00 UTC
        SHA256:
         %s %d Packages
        """
            .formatted(Checksum.sha256(list), Files.size(list)));
  }

  SourceSpec source() {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    return new SourceSpec.Apt(
        "mine", url, List.of("flat/"), List.of(), false, true, Optional.empty(), List.of());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
