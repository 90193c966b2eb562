package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackageHelperTest {
  @ParameterizedTest
  @CsvSource({"file:/srv/repo,/srv/repo", "file:///srv/repo/,/srv/repo", "copy:/a.b/c,/a.b/c"})
  void aSourceCanBeADirectoryOfTheHost(String url, Path directory) {
    assertEquals(Optional.of(directory), PackageHelper.localDirectory(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a/srv",
        "file:/",
        "file:///",
        "file://host/x",
        "file:srv",
        "file:/srv/../etc",
        "file:/..",
        "file:/a b",
        "file:/a\n",
        "cdrom:/x",
        ""
      })
  void nothingElseIs(String url) {
    assertEquals(Optional.empty(), PackageHelper.localDirectory(url));
  }
}
