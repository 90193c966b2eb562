package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.depsolve.TinyArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ProjectRoutesTest {
  private static final int NAMES = 12;
  @TempDir private static Path directory;
  private static TinyArchive archive;
  private static PackagesServer server;

  @BeforeAll
  static void start() throws Exception {
    archive = new TinyArchive(directory);
    server = new PackagesServer(directory, List.of());
    server.sources.save(archive.source());
    server.catalog.sourcesChanged();
  }

  @AfterAll
  static void stop() {
    server.close();
    archive.close();
  }

  private static Reply get(String path) throws IOException {
    return server.http.get("/api/" + path);
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(item -> names.add(item.path("name").asText()));
    return names;
  }

  @Test
  void aProjectHasAllItsFieldsAndEveryBuildTheNewestFirst() throws IOException {
    String build =
        "{\"arch\":\"all\",\"build_config_ref\":\"BUILD_CONFIG_REF\","
            + "\"build_env_ref\":\"BUILD_ENV_REF\",\"build_time\":\"2024-01-01T00:00:00\","
            + "\"changelog\":\"CHANGELOG_NEEDED\",\"epoch\":0,\"metadata\":{},\"release\":\"1\","
            + "\"source\":{\"license\":\"\",\"metadata\":{},\"source_ref\":\"SOURCE_REF\","
            + "\"version\":\"%s\"}}";
    String expected =
        "{\"projects\":[{\"builds\":["
            + String.join(
                ",", build.formatted("2.0"), build.formatted("1.1"), build.formatted("1.0"))
            + "],\"description\":\"test package\",\"homepage\":\"\",\"name\":\"tool\","
            + "\"summary\":\"test package\",\"upstream_vcs\":\"UPSTREAM_VCS\"}]}\n";
    assertEquals(expected, get("v0/projects/info/tool").text());
    assertEquals(expected, get("v1/projects/info/tool").text());
    assertEquals(
        2, get("v1/projects/info/libtiny").json().at("/projects/0/builds/0/epoch").asInt());
  }

  @Test
  void listsAreSortedAndPagesFitTogether() throws IOException {
    JsonNode all = get("v1/projects/list?limit=100").json();
    List<String> names = names(all.path("projects"));
    assertEquals(names.stream().sorted().toList(), names);
    assertEquals(NAMES, names.size());
    assertEquals(NAMES, all.path("total").asInt());
    List<String> pieces = new ArrayList<>();
    for (int offset = 0; offset < NAMES; offset += 5) {
      JsonNode page = get("v0/projects/list?limit=5&offset=" + offset).json();
      assertEquals(offset, page.path("offset").asInt());
      assertEquals(5, page.path("limit").asInt());
      pieces.addAll(names(page.path("projects")));
    }
    assertEquals(names, pieces);
    assertEquals(names, names(get("v1/modules/list").json().path("modules")));
  }

  @Test
  void globsAreUnitedAndEachNameComesOnce() throws IOException {
    assertEquals(
        "{\"limit\":20,\"modules\":[{\"group_type\":\"rpm\",\"name\":\"libtiny\"},"
            + "{\"group_type\":\"rpm\",\"name\":\"tool\"},"
            + "{\"group_type\":\"rpm\",\"name\":\"tool-extra\"}],\"offset\":0,\"total\":3}\n",
        get("v0/modules/list/tool*,l*tiny,tool,nope,base*x").text());
    assertEquals(
        List.of("mailer-b"),
        names(get("v1/modules/list/m*r-*?offset=1&limit=1").json().path("modules")));
    assertEquals(
        List.of("libtiny", "tool"),
        names(get("v1/projects/info/tool%2Cnope%2Clibtiny").json().path("projects")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v0", "v1"})
  void dependenciesAreSolved(String version) throws IOException {
    JsonNode solved = get(version + "/projects/depsolve/tool?distro=debian-12").json();
    assertEquals(List.of("libtiny", "tool"), names(solved.path("projects")));
    JsonNode library = solved.at("/projects/0");
    assertEquals(2, library.path("epoch").asInt());
    assertEquals("1.4", library.path("version").asText());
    assertEquals("3", library.path("release").asText());
    assertFalse(library.path("arch").asText().isEmpty());

    JsonNode modules = get(version + "/modules/info/tool,mailer-a").json().path("modules");
    assertEquals(List.of("mailer-a", "tool"), names(modules));
    assertEquals(List.of("mailer-a"), names(modules.at("/0/dependencies")));
    assertEquals(List.of("libtiny", "tool"), names(modules.at("/1/dependencies")));
  }

  @Test
  void aModuleThatCannotBeInstalledFailsWithItsReason() throws IOException {
    Reply reply = get("v1/modules/info/needs-broken");
    assertEquals(400, reply.status());
    assertTrue(reply.error(0).startsWith("ModulesError: "), reply.text());
    assertTrue(reply.error(0).contains("nowhere"), reply.text());
  }

  @Test
  void tooManyGlobsAreRefused() throws IOException {
    StringBuilder globs = new StringBuilder("x*");
    for (int i = 0; i < 100; i++) {
      globs.append(",x").append(i).append('*');
    }
    assertEquals(
        "ModulesError: at most 100 names with * are allowed in one request",
        get("v1/modules/list/" + globs).error(0));
  }

  @Test
  void theDistributionOfTheHostIsTheOnlyOne() throws IOException {
    assertEquals("{\"distros\":[\"debian-12\"]}\n", get("v1/distros/list").text());
    assertEquals(404, get("v0/distros/list").status());
  }

  @Test
  void headHasNoBody() throws IOException {
    Reply head = RawClient.ask(server.http.socket, "HEAD", "/api/v1/projects/list");
    assertEquals(200, head.status());
    assertEquals("application/json", head.header("Content-Type"));
  }
}
