package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that saves blueprints from many threads, and looks at what it leaves. */
class KilledWriterTest {
  private static final int ROUNDS = 3;
  private static final int THREADS = 8;

  /** The process that is killed: prints a line for every acknowledged commit. */
  static final class Writer {
    private Writer() {}

    /** Saves for ever into the directory named by the argument. */
    public static void main(String[] arguments) throws IOException {
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      BlueprintRepository repository = BlueprintRepository.open(Path.of(arguments[0]));
      for (int i = 0; i < THREADS; i++) {
        String text = "name = \"b" + i + "\"\ndescription = \"\"\n";
        Thread.ofPlatform()
            .start(
                () -> {
                  while (true) {
                    CommittedBlueprint saved =
                        repository.save(BranchName.MASTER, BlueprintParser.fromToml(text));
                    repository.tag(BranchName.MASTER, BlueprintName.of(saved.blueprint().name()));
                    out.println(saved.blueprint().name() + " " + saved.commitId());
                  }
                });
      }
    }
  }

  @TempDir Path blueprints;

  @Test
  void acknowledgedCommitsSurviveAndTheRepositoryStaysSound() throws Exception {
    Random random = new Random(20261123);
    Map<String, String> acknowledged = new HashMap<>();
    int total = 0;
    for (int round = 0; round < ROUNDS; round++) {
      total += killAfter(30 + random.nextInt(70), acknowledged);
    }
    RealGit git = new RealGit(blueprints.resolve("git"));
    git.run("fsck", "--strict");
    assertTrue(Integer.parseInt(git.run("rev-list", "--count", "master")) > total);
    try (BlueprintRepository repository = BlueprintRepository.open(blueprints)) {
      for (Map.Entry<String, String> last : acknowledged.entrySet()) {
        BlueprintName name = BlueprintName.of(last.getKey());
        assertEquals(
            "",
            git.run("rev-list", last.getValue(), "^master"),
            "the last acknowledged commit of " + name + " is not on the branch");
        repository.save(
            BranchName.MASTER,
            repository.newest(BranchName.MASTER, name).orElseThrow().blueprint());
        repository.tag(BranchName.MASTER, name);
      }
    }
    git.run("fsck", "--strict");
  }

  /** Starts the writer, kills it after some acknowledgements, and returns how many came. */
  private int killAfter(int lines, Map<String, String> acknowledged) throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                blueprints.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int seen = 0;
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      while (line != null) {
        String[] words = line.split(" ", -1);
        if (words.length == 2 && words[1].length() == 40) {
          acknowledged.put(words[0], words[1]);
          seen++;
        }
        if (seen == lines) {
          // Process.destroyForcibly would also close the pipe, with what is still in it.
          writer.toHandle().destroyForcibly();
        }
        line = output.readLine();
      }
    }
    writer.waitFor();
    assertTrue(seen >= lines, "the writer ended after " + seen + " commits");
    return seen;
  }
}
