package io.weldr.api.depsolve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the tests of {@code share/depsolve/apt.py}, which are in {@code src/test/python}. */
class AptAdapterTest {
  @Test
  void theAdapterPassesItsOwnTests() throws IOException, InterruptedException {
    Process tests =
        new ProcessBuilder(
                List.of(
                    "/usr/bin/python3",
                    "-B",
                    "-m",
                    "unittest",
                    "discover",
                    "--start-directory",
                    "."))
            .directory(Path.of("src/test/python").toFile())
            .redirectErrorStream(true)
            .start();
    tests.getOutputStream().close();
    String output = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, tests.waitFor(), output);
  }
}
