package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tree of a few programs of this host, in which scripts can run. */
final class SmallTree {
  private static final String COPY =
      """
      set -eu
      tree=$1
      mkdir -p "$tree"/usr/bin "$tree"/usr/lib "$tree"/usr/lib64 "$tree"/usr/sbin "$tree"/root
      for name in bin lib lib64 sbin; do ln -s "usr/$name" "$tree/$name"; done
      for name in proc dev run tmp; do mkdir "$tree/$name"; done
      for program in sh cat chmod mkdir dirname test id wc grep; do
        cp -L "/usr/bin/$program" "$tree/usr/bin/"
        ldd "/usr/bin/$program" | grep -o '/lib[^ ]*' | while read -r library; do
          mkdir -p "$tree/$(dirname "$library")"
          cp -nL "$library" "$tree/$library"
        done
      done
      """;

  private SmallTree() {}

  /** Makes the directory, which is not there yet. */
  static Path make(Path tree) throws IOException, InterruptedException {
    Files.createDirectory(tree);
    Process copy =
        new ProcessBuilder("/bin/sh", "-c", COPY, "copy", tree.toString()).inheritIO().start();
    assertEquals(0, copy.waitFor());
    return tree;
  }
}
