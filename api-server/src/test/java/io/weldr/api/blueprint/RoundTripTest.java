package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {
  private static final int CASES = 600;
  private static final long SEED = 20261123;

  static String resource(String name) throws IOException {
    try (InputStream stream = RoundTripTest.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new AssertionError("no test resource " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whatIsPrintedAsTomlReadsBackTheSame() {
    RandomBlueprint blueprints = new RandomBlueprint(new Random(SEED));
    for (int i = 0; i < CASES; i++) {
      Blueprint blueprint = blueprints.next();
      String toml = BlueprintToml.print(blueprint);
      assertEquals(blueprint, BlueprintParser.fromToml(toml), toml);
      assertEquals(toml, BlueprintToml.print(BlueprintParser.fromToml(toml)));
    }
  }

  @Test
  void whatIsPrintedAsJsonReadsBackTheSameButForDates() {
    RandomBlueprint blueprints = new RandomBlueprint(new Random(SEED + 1));
    for (int i = 0; i < CASES; i++) {
      String json = BlueprintJson.tree(blueprints.next()).toString();
      Blueprint read = BlueprintParser.fromJson(json);
      assertEquals(json, BlueprintJson.tree(read).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"minimal", "reference", "osbuild", "awkward"})
  void goldenFilesComeOutByteForByte(String name) throws IOException {
    Blueprint blueprint = BlueprintParser.fromToml(resource(name + ".toml"));
    assertEquals(resource(name + ".golden.toml"), BlueprintToml.print(blueprint) + "\n");
    assertEquals(
        resource(name + ".golden.json"), BlueprintJson.tree(blueprint).toPrettyString() + "\n");
    assertEquals(blueprint, BlueprintParser.fromToml(resource(name + ".golden.toml")));
    JsonNode json = BlueprintJson.tree(blueprint);
    assertEquals(json, BlueprintJson.tree(BlueprintParser.fromJson(json.toString())));
  }

  @Test
  void theOrderOfTheOutputDoesNotDependOnTheOrderOfTheInput() {
    String one =
        "name=\"a\"\ndescription=\"\"\npackages=[{name=\"b\"},{name=\"A\"},{name=\"c\"}]\n";
    String two =
        "packages=[{name=\"c\"},{name=\"A\"},{name=\"b\"}]\ndescription=\"\"\nname=\"a\"\n";
    assertEquals(
        BlueprintToml.print(BlueprintParser.fromToml(one)),
        BlueprintToml.print(BlueprintParser.fromToml(two)));
    assertEquals(
        List.of("A", "b", "c"),
        BlueprintParser.fromToml(two).packages().stream().map(PackageEntry::name).toList());
  }
}
