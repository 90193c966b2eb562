package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blueprint files that lie in the directory at the start. */
class DirectoryImportTest extends RepositoryTestCase {
  @Test
  void filesAreImportedByTheirInnerNameAndOthersReported() throws Exception {
    Files.writeString(blueprints.resolve("x.toml"), "name = \"inner\"\ndescription = \"\"\n");
    Files.writeString(blueprints.resolve("a.toml"), "name = \"in ner!\"\ndescription = \"\"\n");
    Files.writeString(blueprints.resolve("b.toml"), "name = \"b\"\n");
    Files.write(
        blueprints.resolve("c.toml"),
        "name = \"c\"\ndescription = \"\u00fc\"\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.createDirectory(blueprints.resolve("d.toml"));
    Files.createSymbolicLink(blueprints.resolve("e.toml"), Path.of("/etc/passwd"));
    Files.writeString(blueprints.resolve("f.toml"), "name = [\n");
    Files.writeString(blueprints.resolve("g.txt"), "name = [\n");
    List<String> messages = repository.importDirectory(blueprints);
    assertEquals(List.of("inner"), repository.list(MASTER));
    assertEquals(6, messages.size(), messages.toString());
    assertEquals("Blueprint file b.toml was not imported: Missing 'description'", messages.get(1));
    assertTrue(messages.get(0).startsWith("Blueprint file a.toml was not imported: Invalid"));
    assertTrue(messages.get(2).contains("not UTF-8"), messages.get(2));
    assertTrue(messages.get(3).contains("not a regular file"), messages.get(3));
    assertEquals(6, repository.importDirectory(blueprints).size());
    assertEquals("0.0.1", version("inner"));
  }
}
