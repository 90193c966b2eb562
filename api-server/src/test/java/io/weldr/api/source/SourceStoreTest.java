package io.weldr.api.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceStoreTest {
  private static final String KEY =
      """
      -----BEGIN PGP PUBLIC KEY BLOCK-----

      mDMEZ
      =abcd
      -----END PGP PUBLIC KEY BLOCK-----
      """;

  @TempDir Path directory;

  private static Source source(String id, boolean system) {
    return new Source(
        id,
        "A name",
        SourceType.APT,
        system,
        "https://mirror.example/" + id,
        List.of("bookworm"),
        List.of("main"),
        true,
        false,
        Optional.of("http://proxy.example:3128"),
        SourceKeys.inline(List.of(KEY)));
  }

  private static Source with(String url, String suite, String component, String key) {
    return new Source(
        "mine",
        "",
        SourceType.APT,
        false,
        url,
        List.of(suite),
        component.isEmpty() ? List.of() : List.of(component),
        true,
        true,
        Optional.empty(),
        SourceKeys.inline(key.isEmpty() ? List.of() : List.of(key)));
  }

  private SourceStore open() throws IOException {
    return SourceStore.open(
        directory.resolve("sources"), PackageFamily.APT, () -> List.of(source("debian", true)));
  }

  @Test
  void whatWasSavedIsThereAfterARestart() throws Exception {
    SourceStore store = open();
    store.save(source("zz", false));
    store.save(source("aa:1", false));
    store.delete("zz");

    SourceStore again = open();
    assertEquals(List.of("debian", "aa:1"), again.list().stream().map(Source::id).toList());
    assertEquals(Optional.of(source("aa:1", false)), again.find("aa:1"));
    assertEquals(Optional.empty(), again.find("zz"));
    assertEquals(List.of(), again.problems());
  }

  @Test
  void systemSourcesCannotBeChangedOrDeleted() throws IOException {
    SourceStore store = open();
    SystemSourceException changed =
        assertThrows(SystemSourceException.class, () -> store.save(source("debian", false)));
    assertEquals("debian is a system source, it cannot be changed.", changed.getMessage());
    SystemSourceException deleted =
        assertThrows(SystemSourceException.class, () -> store.delete("debian"));
    assertEquals("debian is a system source, it cannot be deleted.", deleted.getMessage());
    assertThrows(UnknownSourceException.class, () -> store.delete("nope"));
  }

  @Test
  void aDamagedFileIsReportedAndTheRestStays() throws Exception {
    open().save(source("good", false));
    Path sources = directory.resolve("sources");
    Files.writeString(sources.resolve("torn.json"), "{\"id\": \"torn\"");
    Files.writeString(
        sources.resolve("other.json"), Files.readString(sources.resolve("good.json")));
    Files.writeString(sources.resolve("list.json"), "[]");
    Files.writeString(sources.resolve("debian.json"), "{}");

    SourceStore store = open();
    assertEquals(List.of("debian", "good"), store.list().stream().map(Source::id).toList());
    assertEquals(4, store.problems().size(), store.problems().toString());
  }

  @Test
  void aHostWhoseSourcesCannotBeReadIsReported() throws IOException {
    SourceStore store =
        SourceStore.open(
            directory.resolve("sources"),
            PackageFamily.APT,
            () -> {
              throw new IOException("python3-apt is missing");
            });
    assertEquals(List.of(), store.list());
    assertEquals(
        List.of("The sources of this host are not used: python3-apt is missing"), store.problems());
  }

  @Test
  void theTextOfABadIdIsTheOneClientsKnow() throws IOException {
    SourceStore store = open();
    InvalidSourceException e =
        assertThrows(InvalidSourceException.class, () -> store.save(source("src 2", false)));
    assertEquals(
        "Invalid repository id \"src 2\": invalid character ' ' at position 4.", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "..", ".hidden", "-x", ":x", "a/b", "../x", "a\n", "a\0", "é", "a b", "ａ"
      })
  void hostileIdsAreRefused(String id) throws IOException {
    SourceStore store = open();
    assertThrows(InvalidSourceException.class, () -> store.save(source(id, false)));
    try (Stream<Path> files = Files.list(directory.resolve("sources"))) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void anIdOf128CharactersIsTheLongest() throws Exception {
    open().save(source("x".repeat(128), false));
    SourceStore store = open();
    assertThrows(InvalidSourceException.class, () -> store.save(source("x".repeat(129), false)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "http://",
        "http:///x",
        "file:///etc/passwd",
        "ftp://a/",
        "copy:/etc",
        "http://user@a/",
        "http://u:p@a/",
        "http://a/ b",
        "http://a/\"",
        "http://a/'",
        "http://a/\n",
        "http://a/\u0000",
        "http://a/<x>",
        "http://a\\b",
        "http://a/é",
        "http://a/[x",
        "http://a/#f",
        "HTTP ://a",
        "javascript:alert(1)"
      })
  void hostileAddressesAreRefused(String url) {
    assertThrows(
        InvalidSourceException.class, () -> SourceChecks.check(with(url, "s", "main", "")));
  }

  static final List<String> UGLY =
      List.of(
          "",
          " ",
          "a b",
          "a\"b",
          "a'b",
          "a\nb",
          "a\0b",
          "[x]",
          "a]",
          "../x",
          "a/../b",
          "-x",
          "a;b",
          "$(x)",
          "`x`",
          "a\u202eb",
          "ä",
          "x".repeat(129),
          "a,b",
          "a=b",
          "#x");

  @ParameterizedTest
  @FieldSource("UGLY")
  void hostileSuitesAndComponentsAreRefused(String value) {
    String url = "http://a.example/";
    assertThrows(
        InvalidSourceException.class, () -> SourceChecks.check(with(url, value, "main", "")));
    if (!value.isEmpty()) {
      assertThrows(
          InvalidSourceException.class, () -> SourceChecks.check(with(url, "s", value, "")));
    }
  }

  @Test
  void keysMustBeArmoured() throws InvalidSourceException {
    String url = "http://a.example/";
    SourceChecks.check(with(url, "s", "main", KEY));
    for (String key :
        List.of("x", KEY + "x", KEY.replace("mDMEZ", "m\u001bZ"), KEY.replace("BEGIN", "BEGUN"))) {
      assertThrows(
          InvalidSourceException.class, () -> SourceChecks.check(with(url, "s", "main", key)));
    }
    String huge = KEY.replace("mDMEZ\n", "mDMEZ\n".repeat(60_000));
    assertThrows(
        InvalidSourceException.class, () -> SourceChecks.check(with(url, "s", "main", huge)));
  }

  @Test
  void flatRepositoriesEndWithASlash() throws InvalidSourceException {
    SourceChecks.check(with("http://a.example/x", "./", "", ""));
    assertThrows(
        InvalidSourceException.class,
        () -> SourceChecks.check(with("http://a.example/", "stable", "", "")));
    assertThrows(
        InvalidSourceException.class,
        () -> SourceChecks.check(with("http://a.example/", "x/", "main", "")));
  }
}
