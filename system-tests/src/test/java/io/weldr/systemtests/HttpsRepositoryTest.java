package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A repository of {@code repos.git} by https, on the loopback: the installed api-server asks it
 * when its certificate is trusted, and only then.
 */
class HttpsRepositoryTest {
  private static final String PASSWORD = "changeit";

  private final Path directory = Installation.privateDirectory("weldr-composer-https-");
  private HttpsServer server;

  @BeforeEach
  void serve() throws Exception {
    Path repository = Files.createDirectory(directory.resolve("site.git"));
    Command.must("git", "init", "--quiet", "--bare", repository);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(store("server"))));
    server.createContext("/site.git/info/refs", exchange -> advertise(repository, exchange));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    Command.run("rm", "-rf", "--", directory);
  }

  @Test
  void aTrustedServerIsAskedAndAnotherIsNot() throws Exception {
    // The repository was reached: it has no such reference.
    assertEquals(
        "Creating git repo rpm: Failed to archive %s from ref \"none\"".formatted(url()),
        refusal(directory.resolve("server-trusted.p12")));
    store("other");
    assertEquals(
        "Creating git repo rpm: Failed to clone " + url(),
        refusal(directory.resolve("other-trusted.p12")));
  }

  /** What git-http-backend(1) answers to the first request of a client. */
  private static void advertise(Path repository, HttpExchange exchange) throws IOException {
    String refs = Command.must("git", "upload-pack", "--advertise-refs", repository);
    byte[] body = ("001e# service=git-upload-pack\n0000" + refs).getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .add("Content-Type", "application/x-git-upload-pack-advertisement");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** What a compose answers where the certificates of a store are trusted. */
  private String refusal(Path trusted) throws IOException {
    try (TinyRepository packages =
            new TinyRepository(Installation.privateDirectory("weldr-composer-tiny-"));
        RunningComposer composer =
            RunningComposer.prepared(
                    Installation.privateDirectory("weldr-composer-test-"), packages.source())
                .trusting(trusted, PASSWORD)
                .started()) {
      String blueprint =
          """
          name = "site"
          description = ""
          [[repos.git]]
          rpmname = "site"
          rpmversion = "1.0"
          rpmrelease = "1"
          summary = "a site"
          repo = "%s"
          ref = "none"
          destination = "/opt/site/"
          """
              .formatted(url());
      assertEquals(200, composer.curl().postToml("/api/v1/blueprints/new", blueprint).status());
      Curl.Answer answer =
          composer
              .curl()
              .postJson(
                  "/api/v1/compose",
                  "{\"blueprint_name\":\"site\",\"compose_type\":\"tar\",\"branch\":\"master\"}");
      assertEquals(400, answer.status(), answer.body());
      return answer.json().path("errors").path(0).path("msg").asText();
    }
  }

  private String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort() + "/site.git";
  }

  /** A key, and beside it a store that trusts its certificate; returns the former. */
  private Path store(String name) {
    Path store = directory.resolve(name + ".p12");
    String dname = "CN=" + name;
    keytool(
        store,
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        name,
        "-dname",
        dname,
        "-ext",
        "SAN=ip:127.0.0.1");
    Path certificate = directory.resolve(name + ".cer");
    keytool(store, "-exportcert", "-alias", name, "-file", certificate);
    Path trusted = directory.resolve(name + "-trusted.p12");
    keytool(trusted, "-importcert", "-noprompt", "-alias", name, "-file", certificate);
    Command.must("chmod", "0644", trusted);
    return store;
  }

  private static void keytool(Path store, Object... arguments) {
    List<Object> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin/keytool"));
    argv.addAll(List.of(arguments));
    argv.addAll(List.of("-storetype", "PKCS12", "-keystore", store, "-storepass", PASSWORD));
    Command.must(argv.toArray());
  }

  private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
