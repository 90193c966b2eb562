package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "..",
        "-x",
        "x\n",
        "\nx",
        "x y",
        "a/b",
        "../a",
        "x.lock",
        ".x",
        "x.",
        "a..b",
        "\u00fc",
        "\uff57",
        "a,b",
        "a:b",
        "a*",
        "a\0b",
        "???",
        "a\u200bb",
        "-"
      })
  void badBlueprintNamesAreRefused(String name) {
    assertThrows(InvalidNameException.class, () -> BlueprintName.of(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "A", "0", "_", "http-server", "a.b", "a--b", "git", "toml", "a.toml"})
  void goodBlueprintNamesAreTaken(String name) {
    assertEquals(name, BlueprintName.of(name).value());
  }

  @Test
  void blueprintNamesHaveAtMost200Characters() {
    assertEquals(200, BlueprintName.of("x".repeat(200)).value().length());
    assertThrows(InvalidNameException.class, () -> BlueprintName.of("x".repeat(201)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "-x",
        "x\n",
        "a..b",
        "x.lock",
        "x.",
        ".x",
        "a:b",
        "a*b",
        "a/b",
        "HEAD",
        "@",
        "a b",
        "\u00fc",
        "../../tags/x",
        "a\0"
      })
  void badBranchNamesAreRefused(String name) {
    assertThrows(InvalidNameException.class, () -> BranchName.of(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"master", "a,b", "1+1", "feature_x", "v1.2"})
  void goodBranchNamesAreTaken(String name) {
    assertEquals("refs/heads/" + name, BranchName.of(name).ref());
  }

  @Test
  void branchNamesHaveAtMost200Characters() {
    assertThrows(InvalidNameException.class, () -> BranchName.of("x".repeat(201)));
  }
}
