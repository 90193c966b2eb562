package io.weldr.systemtests;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A signed Debian repository of a few empty packages, served on loopback: enough for a compose to
 * be solved and fetched, and ours to break. It has the names every image of the tar type asks for.
 */
final class TinyRepository implements AutoCloseable {
  private static final List<String> PACKAGES =
      List.of(
          "apt",
          "base-files",
          "ca-certificates",
          "dbus",
          "dpkg",
          "passwd",
          "systemd-resolved",
          "systemd-sysv",
          "tiny");

  /** What dpkg looks for before it works, and what the scripts of the tests use. */
  private static final List<String> PROGRAMS =
      List.of(
          "sh",
          "dpkg",
          "dpkg-deb",
          "dpkg-query",
          "dpkg-split",
          "dpkg-trigger",
          "tar",
          "rm",
          "ldconfig",
          "start-stop-daemon",
          "chmod",
          "cat",
          "mkdir",
          "dirname",
          "mv",
          "cp",
          "ls",
          "ln",
          "touch",
          "find",
          "sed",
          "id",
          "chown",
          "diff",
          "grep",
          "test",
          "sleep",
          "setsid",
          "dd",
          "usermod",
          "truncate",
          "mknod");

  /** What an image of these packages can be configured with. */
  private static final Map<String, String> ACCOUNTS =
      Map.of(
          "passwd", "root:x:0:0:root:/root:/bin/sh\n",
          "group", "root:x:0:\n",
          "shadow", "root:*:19000:0:99999:7:::\n",
          "gshadow", "root:*::\n");

  private static TinyRepository shared;

  private final Path directory;
  private final HttpServer server;

  TinyRepository(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory.resolve("repo"));
      Files.createDirectories(directory.resolve("gnupg"));
      Command.must("chmod", "0700", directory.resolve("gnupg"));
      for (String name : PACKAGES) {
        build(name);
      }
      gpg("--quick-generate-key", "tiny", "default", "default", "never");
      index();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::serve);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One for all tests that change nothing of it, whose packages can be installed. */
  static synchronized TinyRepository shared() {
    if (shared == null) {
      shared = new TinyRepository(Installation.privateDirectory("weldr-composer-tiny-"));
      try {
        shared.carryPrograms();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  /**
   * Gives {@code base-files} what dpkg and scripts need, out of the host's own programs, so that
   * packages can really be installed.
   */
  void carryPrograms() throws IOException {
    Path tree = directory.resolve("tree/base-files");
    for (String program : PROGRAMS) {
      Path file = Path.of("/usr/bin", program);
      copy(Files.exists(file) ? file : Path.of("/usr/sbin", program), tree);
    }
    for (String name : List.of("boot", "etc", "root", "var/log", "var/tmp", "tmp")) {
      Files.createDirectories(tree.resolve(name));
    }
    for (Map.Entry<String, String> file : ACCOUNTS.entrySet()) {
      Files.writeString(tree.resolve("etc").resolve(file.getKey()), file.getValue());
    }
    String architecture = Command.must("dpkg", "--print-architecture").strip();
    build("base-files", architecture);
    // The template of file systems asks for a kernel, and does nothing with it.
    build("linux-image-" + architecture);
    index();
  }

  /** With the libraries it names, each below usr, where every directory of the image leads to. */
  private static void copy(Path program, Path tree) throws IOException {
    List<Path> files = new ArrayList<>(List.of(program));
    Command.run("ldd", program)
        .output()
        .lines()
        .flatMap(line -> Stream.of(line.strip().split(" ")))
        .filter(word -> word.startsWith("/"))
        .forEach(word -> files.add(Path.of(word)));
    for (Path file : files) {
      Path inside =
          tree.resolve(file.startsWith("/usr") ? "." : "usr")
              .resolve(Path.of("/").relativize(file));
      Files.createDirectories(inside.getParent());
      if (!Files.exists(inside)) {
        Files.copy(file.toRealPath(), inside, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** Gives a package a script that runs when it is installed. */
  void script(String name, String postinst) throws IOException {
    Path script = directory.resolve("tree").resolve(name).resolve("DEBIAN/postinst");
    Files.createDirectories(script.getParent());
    Files.writeString(script, postinst);
    Command.must("chmod", "0755", script);
    build(name);
    index();
  }

  private void build(String name) throws IOException {
    build(name, "all");
  }

  private void build(String name, String architecture) throws IOException {
    Path tree = directory.resolve("tree").resolve(name);
    Files.createDirectories(tree.resolve("DEBIAN"));
    Files.writeString(
        tree.resolve("DEBIAN/control"),
        """
        Package: %s
        Version: 1.0-1
        Architecture: %s
        Essential: %s
        Maintainer: Nobody <nobody@example.com>
        Description: an empty package
        """
            .formatted(name, architecture, name.equals("base-files") ? "yes" : "no"));
    Command.must(
        "dpkg-deb",
        "--root-owner-group",
        "-Znone",
        "-b",
        tree,
        directory.resolve("repo/" + name + ".deb"));
  }

  /** Makes Packages, Release and InRelease of what is there, signed with the present key. */
  void index() {
    Command.must(
        "sh",
        "-c",
        "cd \"$1/repo\" && rm -f Release InRelease && apt-ftparchive packages . > Packages"
            + " && apt-ftparchive release . > ../Release && mv ../Release .",
        "index",
        directory);
    gpg(
        "--yes",
        "--clearsign",
        "-o",
        directory.resolve("repo/InRelease"),
        directory.resolve("repo/Release"));
  }

  /** From now on signed with a key that the source does not list. */
  void signWithAnotherKey() {
    Command.must("rm", "-rf", directory.resolve("gnupg"));
    Command.must("mkdir", "-m", "0700", directory.resolve("gnupg"));
    gpg("--quick-generate-key", "stranger", "default", "default", "never");
    index();
  }

  /** One package archive changes behind the index, at the same length. */
  void corruptPackage(String name) throws IOException {
    Path archive = directory.resolve("repo/" + name + ".deb");
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length - 1] ^= 1;
    Files.write(archive, bytes);
  }

  /** The archive forgets a package. */
  void removePackage(String name) throws IOException {
    Files.delete(directory.resolve("repo/" + name + ".deb"));
    index();
  }

  /** The index forgets a package, whose file stays for a while, as archives do it. */
  void forgetPackage(String name) throws IOException {
    Path archive = directory.resolve("repo/" + name + ".deb");
    Path aside = directory.resolve("aside.deb");
    Files.move(archive, aside);
    index();
    Files.move(aside, archive);
  }

  private String gpg(Object... arguments) {
    Object[] argv = new Object[arguments.length + 6];
    Object[] head = {"gpg", "--homedir", directory.resolve("gnupg"), "--batch", "--passphrase", ""};
    System.arraycopy(head, 0, argv, 0, head.length);
    System.arraycopy(arguments, 0, argv, head.length, arguments.length);
    return Command.must(argv);
  }

  private void serve(HttpExchange exchange) throws IOException {
    Path file = directory.resolve("repo" + exchange.getRequestURI().getPath()).normalize();
    if (Files.isRegularFile(file)) {
      byte[] bytes = Files.readAllBytes(file);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
    exchange.close();
  }

  /** The repository as a stored user source. */
  String source() {
    ObjectNode source = new ObjectMapper().createObjectNode();
    source.put("id", "tiny").put("name", "Tiny packages");
    source.put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
    source.putArray("suites").add("./");
    source.putArray("components");
    source.put("type", "apt").put("check_gpg", true).put("check_tls", true);
    source.putArray("key_urls");
    source.putArray("fetched_keys");
    source.putArray("public_keys").add(gpg("--armor", "--export"));
    return source.toString();
  }

  /** Nobody answers at its address any more. */
  void stopServing() {
    server.stop(0);
  }

  @Override
  public void close() {
    server.stop(0);
    Command.run("gpgconf", "--homedir", directory.resolve("gnupg"), "--kill", "gpg-agent");
    Command.run("rm", "-rf", "--", directory);
  }
}
