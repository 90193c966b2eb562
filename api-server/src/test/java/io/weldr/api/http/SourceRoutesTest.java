package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weldr.api.depsolve.TinyArchive;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceKeys;
import io.weldr.api.source.SourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class SourceRoutesTest {
  @TempDir private static Path archiveDirectory;
  private static TinyArchive archive;
  @TempDir private Path directory;
  private PackagesServer server;

  @BeforeAll
  static void makeArchive() throws Exception {
    archive = new TinyArchive(archiveDirectory);
  }

  @AfterAll
  static void closeArchive() {
    archive.close();
  }

  @BeforeEach
  void start() throws IOException {
    server = new PackagesServer(directory, List.of(ofHost()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Source ofHost() {
    return new Source(
        "host",
        "The host's",
        SourceType.APT,
        true,
        "http://127.0.0.1:9/host",
        List.of("stable"),
        List.of("main", "contrib"),
        true,
        true,
        Optional.empty(),
        SourceKeys.none());
  }

  private static String quoted(String text) throws IOException {
    return new ObjectMapper().writeValueAsString(text);
  }

  private static String withKey(String id) throws IOException {
    return PackagesServer.body(archive, id, ", \"gpgkeys\": [" + quoted(archive.key()) + "]");
  }

  private Reply get(String path) throws IOException {
    return server.http.get("/api/" + path);
  }

  @Test
  void whatInfoPrintsInTomlCanBePostedAgain() throws IOException {
    assertEquals(200, server.add("v1", withKey("mine.1")).status());
    Reply printed = get("v1/projects/source/info/mine.1?format=toml");
    assertEquals("text/x-toml; charset=utf-8", printed.header("Content-Type"));
    assertTrue(printed.text().startsWith("[\"mine.1\"]\ncheck_gpg = true\n"), printed.text());

    String before = get("v1/projects/source/info/mine.1").text();
    assertEquals(200, server.http.delete("/api/v1/projects/source/delete/mine.1").status());
    String path = "/api/v1/projects/source/new";
    Reply posted = server.http.post(path, "Content-Type: text/x-toml", printed.text());
    assertEquals(200, posted.status(), posted.text());
    assertEquals(before, get("v1/projects/source/info/mine.1").text());
  }

  @Test
  void aSourceIsThereForEveryVersionAndItsPackagesAreListed() throws IOException {
    Reply added = server.add("v1", withKey("mine"));
    assertEquals("{\"status\":true}\n", added.text());
    assertEquals("{\"sources\":[\"host\",\"mine\"]}\n", get("v1/projects/source/list").text());
    JsonNode source = get("v0/projects/source/info/mine").json().path("sources").path("mine");
    assertEquals("mine", source.path("name").asText());
    assertEquals(false, source.path("system").asBoolean(true));
    assertEquals(
        "[{\"group_type\":\"rpm\",\"name\":\"tool\"}]",
        get("v1/modules/list/tool").json().path("modules").toString());

    assertEquals(200, server.http.delete("/api/v0/projects/source/delete/mine").status());
    assertEquals(400, get("v1/modules/list/tool").status());
  }

  @Test
  void allKeysCountWhetherInlineOrByAddress() throws IOException {
    String stranger = Files.readString(Path.of("src/test/resources/io/weldr/api/stranger.asc"));
    Reply inline =
        server.add(
            "v1",
            PackagesServer.body(
                archive,
                "inline",
                ", \"gpgkeys\": [" + quoted(stranger) + "," + quoted(archive.key()) + "]"));
    assertEquals(200, inline.status(), inline.text());
    server.http.delete("/api/v1/projects/source/delete/inline");

    Files.writeString(archiveDirectory.resolve("stranger.asc"), stranger);
    String urls =
        "[\"%s\", \"%s\"]".formatted(archive.url("stranger.asc"), archive.url("tiny.asc"));
    Reply byUrl =
        server.add(
            "v0",
            PackagesServer.body(archive, "u", ", \"gpgkey_urls\": " + urls)
                .replace("A source", "by-url"));
    assertEquals(200, byUrl.status(), byUrl.text());
    JsonNode shown = get("v0/projects/source/info/by-url").json().path("sources").path("by-url");
    assertEquals(2, shown.path("gpgkey_urls").size());
    assertTrue(!shown.has("gpgkeys"));
    assertEquals(2, server.sources.find("by-url").orElseThrow().keys().fetched().size());
  }

  @Test
  void aSourceWhoseSignatureIsNotByItsKeysIsRefused() throws IOException {
    String stranger = Files.readString(Path.of("src/test/resources/io/weldr/api/stranger.asc"));
    Reply reply =
        server.add(
            "v1",
            PackagesServer.body(archive, "mine", ", \"gpgkeys\": [" + quoted(stranger) + "]"));
    assertEquals(400, reply.status());
    assertTrue(
        reply.error(0).startsWith("ProjectsError: The signature of source mine ("), reply.text());
    assertEquals("{\"sources\":[\"host\"]}\n", get("v1/projects/source/list").text());
  }

  @Test
  void aReplacementThatFailsLeavesTheOldSourceWorking() throws IOException {
    server.add("v1", withKey("mine"));
    String before = get("v1/projects/source/info/mine").text();
    Reply reply = server.add("v1", withKey("mine").replace("/tiny\"", "/nothing\""));
    assertEquals(400, reply.status());
    assertTrue(reply.error(0).contains("404"), reply.text());
    assertEquals(before, get("v1/projects/source/info/mine").text());
    assertEquals(200, get("v1/modules/list/tool").status());
    assertEquals(200, server.add("v1", withKey("mine")).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "id":|"x":|UnknownSource: 'id' field is missing from API v1 request.
          "url":|"x":|ProjectsError: 'url'
          "type":|"x":|ProjectsError: 'type'
          "check_ssl":|"x":|ProjectsError: 'check_ssl'
          "check_gpg":|"x":|ProjectsError: 'check_gpg'
          "check_gpg": true|"check_gpg": "yes"|ProjectsError: 'check_gpg' must be true or false
          "id": "mine"|"id": "host"|SystemSource: host is a system source, it cannot be changed.
          "id": "mine"|"id": "my 2"|ProjectsError: Invalid repository id "my 2": invalid character ' ' at position 3.
          "type": "apt"|"type": "ftp"|ProjectsError: The source type is unknown; it must be one of apt, yum-baseurl, yum-metalink, yum-mirrorlist
          "type": "apt"|"type": "yum-baseurl"|ProjectsError: This host works with Debian packages: a source of type yum-baseurl cannot be used here, only apt.
          ["main"]|["main"], "distros": ["fedora-41"]|ProjectsError: Invalid distributions: fedora-41
          ["main"]|["main"], "rhsm": true|ProjectsError: Subscriptions ('rhsm') are not supported by this server.
          ["main"]|["main"], "proxy": "socks://x"|ProjectsError: proxy must be an http or https address without user name, blanks or quotes
          ["main"]|["main"], "gpgkey_urls": ["file:///etc/passwd"]|ProjectsError: each entry of gpgkey_urls must be an http or https address without user name, blanks or quotes
          ["main"]|["main"], "gpgkeys": ["-----BEGIN x"]|ProjectsError: key #1 is not an armoured OpenPGP public key
          ["main"]|"main"|ProjectsError: 'components' must be a list of strings
          ["main"]|[]|ProjectsError: suites and components are needed, or one suite that ends with '/' and no components
          """)
  void whatIsWrongWithASourceIsSaid(String text, String replacement, String error)
      throws IOException {
    Reply reply =
        server.add("v1", PackagesServer.body(archive, "mine", "").replace(text, replacement));
    assertEquals(400, reply.status());
    assertEquals(error, reply.error(0));
    assertEquals("{\"sources\":[\"host\"]}\n", get("v1/projects/source/list").text());
  }

  @Test
  void bodiesThatAreNoSourceAreRefused() throws IOException {
    String path = "/api/v1/projects/source/new";
    assertEquals("MissingPost: Missing POST body", server.add("v1", "{}").error(0));
    assertEquals("MissingPost: Missing POST body", server.add("v1", "[1]").error(0));
    assertEquals("HTTPError: Bad Request", server.add("v1", "{").error(0));
    assertEquals("ProjectsError: 'name'", server.add("v0", "{\"id\":\"x\"}").error(0));
    assertTrue(
        server
            .http
            .post(path, "Content-Type: text/x-toml; charset=utf-8", "id = ")
            .error(0)
            .startsWith("ProjectsError: Problem parsing POST body: "));
    assertEquals(
        "ProjectsError: A source must be sent as text/x-toml or application/json.",
        server.http.post(path, "Content-Type: text/plain", "id = 1").error(0));
    assertEquals(
        "ProjectsError: A source must be sent as text/x-toml or application/json.",
        server.http.post(path, "", "{}").error(0));
  }

  @Test
  void theSameArchiveTwiceWouldConfuseAptAndIsRefused() throws IOException {
    assertEquals(200, server.add("v1", withKey("mine")).status());
    assertEquals(
        "ProjectsError: source mine already has this address and a suite of this one",
        server.add("v1", withKey("again")).error(0));
  }

  @Test
  void sourcesThatAreGoneAreReportedAndTheOthersServe() throws Exception {
    assertEquals(200, server.add("v1", withKey("mine")).status());
    // The host's source has nobody behind it.
    assertEquals(1, server.catalog.problems().size(), server.catalog.problems().toString());
    assertTrue(server.catalog.problems().getFirst().contains("host"));
    assertEquals(200, get("v0/projects/info/tool").status());
    JsonNode messages = get("status").json().path("msgs");
    assertTrue(messages.toString().contains("'host'"), messages.toString());
    Reply solved = get("v0/projects/depsolve/tool");
    assertEquals(400, solved.status());
    assertTrue(solved.error(0).contains("host"), solved.text());
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private static Answer answer(String failure) {
    return switch (failure) {
      case "error" -> exchange -> exchange.sendResponseHeaders(500, -1);
      case "redirects" ->
          exchange -> {
            exchange.getResponseHeaders().add("Location", exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(302, -1);
          };
      case "truncated" ->
          exchange -> {
            exchange.sendResponseHeaders(200, 10_000);
            exchange.getResponseBody().write(new byte[100]);
          };
      default ->
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<html>Log in, please</html>".getBytes());
          };
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", "redirects", "truncated", "garbage"})
  void aServerThatMisbehavesCostsOneRequest(String failure) throws IOException {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answer(failure).to(exchange);
          }
        });
    web.start();
    try {
      String url = "http://127.0.0.1:" + web.getAddress().getPort();
      for (String body :
          List.of(
              withKey("mine").replaceAll("\"url\": \"[^\"]*\"", "\"url\": \"" + url + "/a\""),
              PackagesServer.body(archive, "mine", ", \"gpgkey_urls\": [\"" + url + "/k\"]"))) {
        Reply reply = server.add("v1", body);
        assertEquals(400, reply.status(), reply.text());
        assertTrue(reply.error(0).startsWith("ProjectsError: "), reply.text());
        assertTrue(reply.error(0).contains("source mine"), reply.text());
      }
    } finally {
      web.stop(0);
    }
    assertEquals("{\"sources\":[\"host\"]}\n", get("v1/projects/source/list").text());
    assertEquals(200, server.add("v1", withKey("mine")).status());
  }
}
