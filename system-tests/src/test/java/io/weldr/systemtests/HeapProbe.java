package io.weldr.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Asks the {@link HeapAgent} of a daemon. */
final class HeapProbe {
  private HeapProbe() {}

  /** Writes the agent as a jar. */
  static void writeJar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", HeapAgent.class.getName());
    String name = HeapAgent.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        var code = HeapAgent.class.getClassLoader().getResourceAsStream(name)) {
      out.putNextEntry(new JarEntry(name));
      code.transferTo(out);
    }
  }

  /** Bytes of live objects in the daemon whose probe has the directory. */
  static long ask(RunningComposer composer, Path directory) {
    try {
      Files.deleteIfExists(directory.resolve("said"));
      Files.createFile(directory.resolve("ask"));
      composer.await(
          "the heap is told", ComposeSteps.LONG, () -> Files.exists(directory.resolve("said")));
      return Long.parseLong(Files.readString(directory.resolve("said")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
