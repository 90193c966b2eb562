package io.weldr.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The failpoints of one process under test; {@code docs/hacking.md} tells how they work.
 *
 * @param directory that the process was started with
 */
record Failpoints(Path directory) {

  /** Points of the worker that come at a time of their own, whatever is asked for. */
  static final Set<String> RARE =
      Set.of("AUDIT_BEFORE_RENAME", "AUDIT_RENAMED", "BEFORE_INDEX", "INDEXED");

  /** One passage of a point: the {@code number}-th, from 1, since it was armed. */
  record Passage(String point, int number) {}

  /** The process will stop at the passage. */
  void pauseAt(Passage passage) {
    arm(passage, "PAUSE");
  }

  /** The passage will fail like a full disk. */
  void failAt(Passage passage) {
    arm(passage, "FAIL");
  }

  private void arm(Passage passage, String action) {
    try {
      Path beside = Files.writeString(directory.resolve("arming"), action + " " + passage.number());
      Files.move(beside, directory.resolve(passage.point()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the process is stopped at the point. */
  boolean reached(String point) {
    return Files.exists(directory.resolve(point + ".reached"));
  }

  /** Whether the point still waits for its passage. */
  boolean armed(String point) {
    return Files.exists(directory.resolve(point));
  }

  /** Lets go what is stopped and forgets what is armed. */
  void clear() {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a new list of passages. */
  void record() {
    try {
      Files.writeString(directory.resolve("record"), "");
      Command.must("chmod", "0666", directory.resolve("record"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The points passed since {@link #record}, in their order, with repetitions. */
  List<String> recorded() {
    try {
      Path record = directory.resolve("record");
      List<String> points = Files.readAllLines(record);
      Files.delete(record);
      return points;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first and the last passage of every point of a recording but the rare, in their order. */
  static List<Passage> firstAndLast(List<String> recorded) {
    Set<Passage> passages = new LinkedHashSet<>();
    Set<String> points = new LinkedHashSet<>(recorded);
    points.removeAll(RARE);
    for (String point : points) {
      passages.add(new Passage(point, 1));
      passages.add(new Passage(point, (int) recorded.stream().filter(point::equals).count()));
    }
    return new ArrayList<>(passages);
  }

  /** Every point of an installed program, from its own catalogue. */
  static Set<String> catalogue(Path classPath, String className) {
    try (Stream<Path> jars = Files.list(classPath)) {
      URL[] urls = jars.map(Failpoints::url).toArray(URL[]::new);
      try (URLClassLoader loader = new URLClassLoader(urls)) {
        Set<String> names = new LinkedHashSet<>();
        for (Object constant : loader.loadClass(className).getEnumConstants()) {
          names.add(constant.toString());
        }
        return names;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new AssertionError("no catalogue of failpoints", e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
