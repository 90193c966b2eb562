package io.weldr.worker.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespacesTest {
  private static final MethodHandle UMASK =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("umask"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  /** The unit of the worker has UMask=0077, which its jobs must not pass on into images. */
  @Test
  void filesOfImagesGetTheModesTheirScriptsExpect(@TempDir Path directory) throws Throwable {
    Path output = directory.resolve("output");
    int before = (int) UMASK.invokeExact(0077);
    try {
      Namespaces.start(List.of("/bin/sh", "-c", "umask"), List.of(), output).waitFor();
    } finally {
      int ours = (int) UMASK.invokeExact(before);
      assertEquals(0077, ours);
    }
    assertEquals("0022", Files.readString(output).strip());
  }
}
