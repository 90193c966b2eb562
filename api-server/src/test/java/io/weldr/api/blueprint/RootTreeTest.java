package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.Test;

/** Trees after any changes have the bytes and the id that JGit gives them. */
class RootTreeTest {
  private static final int CHANGES = 500;

  @Test
  void changedTreesAreThoseOfGit() {
    Random random = new Random(20261123);
    Map<String, ObjectId> files = new TreeMap<>();
    RootTree tree = new RootTree(new byte[0]);
    for (int i = 0; i < CHANGES; i++) {
      String file = "blueprint-" + random.nextInt(400) + ".toml";
      if (files.containsKey(file) && random.nextInt(4) == 0) {
        files.remove(file);
        tree = tree.without(file);
      } else {
        byte[] content = new byte[Constants.OBJECT_ID_LENGTH];
        random.nextBytes(content);
        files.put(file, ObjectId.fromRaw(content));
        tree = tree.with(file, ObjectId.fromRaw(content));
      }
      byte[] expected = expected(files);
      assertArrayEquals(expected, tree.bytes());
      // Not after every change: hashing goes on where the tree before left off.
      if (random.nextInt(3) > 0) {
        assertEquals(new ObjectInserter.Formatter().idFor(Constants.OBJ_TREE, expected), tree.id());
      }
    }
  }

  private static byte[] expected(Map<String, ObjectId> files) {
    TreeFormatter formatter = new TreeFormatter();
    files.forEach((file, content) -> formatter.append(file, FileMode.REGULAR_FILE, content));
    return formatter.toByteArray();
  }
}
