package io.weldr.systemtests;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A signed repository of empty RPM packages, served on loopback: what images without the core ask
 * for on Fedora, and what Anaconda adds of its own accord.
 */
final class TinyRpms implements AutoCloseable {
  private static final String SIGNER = "tiny@example.com";

  private static final List<String> PACKAGES =
      List.of(
          "chrony",
          "e2fsprogs",
          "fedora-release",
          "filesystem",
          "firewalld",
          "glibc-langpack-en",
          "grub2",
          "kernel",
          "langpacks-en",
          "policycoreutils",
          "selinux-policy-targeted",
          "shadow-utils",
          "systemd",
          "tiny");

  private final Path directory = Installation.privateDirectory("weldr-composer-rpms-");
  private final HttpServer server;

  TinyRpms() {
    try {
      build();
      sign();
      Command.must("createrepo_c", "--quiet", rpms());
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      server =
          SimpleFileServer.createFileServer(address, rpms(), SimpleFileServer.OutputLevel.NONE);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path rpms() {
    return directory.resolve("rpms");
  }

  /** All of one spec file, each a package of its own. */
  private void build() throws IOException {
    StringBuilder spec = new StringBuilder();
    spec.append("Name: all\nVersion: 1\nRelease: 1\nSummary: Of a test\nLicense: none\n");
    spec.append("BuildArch: noarch\n%description\nOf a test.\n");
    for (String name : PACKAGES) {
      spec.append("%package -n ").append(name).append("\nSummary: Of a test\n");
      spec.append(name.equals("shadow-utils") ? "Provides: /usr/bin/passwd\n" : "");
      spec.append("%description -n ").append(name).append("\nOf a test.\n");
      spec.append("%files -n ").append(name).append('\n');
    }
    Path file = Files.writeString(directory.resolve("all.spec"), spec);
    Command.must(
        "rpmbuild",
        "-bb",
        "--quiet",
        "--define=_topdir " + directory.resolve("work"),
        "--define=_rpmdir " + rpms(),
        "--define=_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
        file);
  }

  private void sign() throws IOException {
    Command.must("mkdir", "-m", "0700", home());
    gpg("--passphrase", "", "--quick-generate-key", SIGNER, "rsa2048", "sign", "never");
    List<Object> argv =
        new ArrayList<>(
            List.of(
                "rpmsign",
                "--define=_gpg_name " + SIGNER,
                "--define=_gpg_path " + home(),
                "--define=__gpg /usr/bin/gpg",
                "--addsign"));
    try (Stream<Path> files = Files.list(rpms())) {
      files.forEach(argv::add);
    }
    Command.must(argv.toArray());
  }

  private Path home() {
    return directory.resolve("gnupg");
  }

  private String gpg(Object... arguments) {
    List<Object> argv = new ArrayList<>(List.of("gpg", "--homedir", home(), "--batch"));
    argv.addAll(List.of(arguments));
    return Command.must(argv.toArray());
  }

  /**
   * The repository as a stored user source.
   *
   * @param signed whether its packages must be signed
   */
  String source(boolean signed) {
    ObjectNode source = new ObjectMapper().createObjectNode();
    source.put("id", "tiny").put("name", "Tiny packages");
    source.put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
    source.put("type", "yum-baseurl").put("check_gpg", signed).put("check_tls", true);
    List.of("suites", "components", "key_urls", "fetched_keys").forEach(source::putArray);
    source.putArray("public_keys").add(gpg("--armor", "--export", SIGNER));
    return source.toString();
  }

  @Override
  public void close() {
    server.stop(0);
    Command.run("gpgconf", "--homedir", home(), "--kill", "all");
    Command.run("rm", "-rf", "--", directory);
  }
}
