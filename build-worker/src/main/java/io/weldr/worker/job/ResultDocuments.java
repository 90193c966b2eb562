package io.weldr.worker.job;

import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.TestMode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.tomlj.Toml;

/** The files of a results directory that the worker writes, by name. */
final class ResultDocuments {
  static final String STATUS = "STATUS";
  static final String TIMES = "times.toml";
  static final String LOGS = "logs";

  /** Empty when a compose has no packages. */
  static final String DEPENDENCIES = "deps.toml";

  private static final Set<String> FIXED =
      Set.of(
          "COMMIT",
          "blueprint.toml",
          "frozen.toml",
          DEPENDENCIES,
          "config.toml",
          "final-kickstart.ks",
          "TEST",
          STATUS,
          TIMES,
          LOGS);

  private ResultDocuments() {}

  /** Everything that is there when a compose is accepted. */
  static Map<String, byte[]> of(JobSpec job, Recipes.Documents documents, ComposeRecord record) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("config.toml", documents.config());
    files.put(job.outputType() + ".ks", documents.template());
    files.put("final-kickstart.ks", documents.finalKickstart());
    if (job.testMode() != TestMode.NONE) {
      files.put("TEST", job.testMode() == TestMode.FAIL ? "1" : "2");
    }
    files.put(STATUS, record.state().statusFile());
    files.put(TIMES, times(record));
    Map<String, byte[]> bytes = ofJob(job);
    bytes.putAll(bytes(files));
    return bytes;
  }

  /** Those that follow from the job alone. */
  static Map<String, byte[]> ofJob(JobSpec job) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("COMMIT", job.blueprint().commit());
    files.put("blueprint.toml", job.blueprint().toml());
    files.put("frozen.toml", job.blueprint().frozenToml());
    files.put(DEPENDENCIES, dependencies(job));
    return bytes(files);
  }

  private static Map<String, byte[]> bytes(Map<String, String> files) {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    files.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
    return bytes;
  }

  /** Those that a compose is never without, and that are never written again. */
  static List<String> required(ComposeRecord record) {
    return List.of(
        "COMMIT",
        "blueprint.toml",
        "frozen.toml",
        DEPENDENCIES,
        "config.toml",
        record.outputType() + ".ks",
        "final-kickstart.ks");
  }

  /**
   * Whether the worker wrote the entry, or it is a part of what the build leaves: the directories
   * of logs and of packages made of git repositories, the image and its checksum.
   */
  static boolean isOurs(String name, ComposeRecord record) {
    return FIXED.contains(name)
        || name.equals("repo")
        || name.equals(record.outputType() + ".ks")
        || record.image().map(image -> isOf(image.name(), name)).orElse(false);
  }

  private static boolean isOf(String image, String name) {
    return name.equals(image) || name.equals(image + ".sha256");
  }

  /** Seconds since the epoch, as far as reached. */
  static String times(ComposeRecord record) {
    return time("created", OptionalLong.of(record.createdMs()))
        + time("started", record.startedMs())
        + time("finished", record.finishedMs());
  }

  private static String time(String name, OptionalLong millis) {
    if (millis.isEmpty()) {
      return "";
    }
    return name + " = " + BigDecimal.valueOf(millis.getAsLong(), 3).toPlainString() + "\n";
  }

  private static String dependencies(JobSpec job) {
    StringBuilder text = new StringBuilder();
    for (PackageSpec one : job.packages()) {
      text.append("[[packages]]\n");
      line(text, "name", one.name());
      text.append("epoch = ").append(one.epoch()).append('\n');
      line(text, "version", one.version());
      line(text, "release", one.release());
      line(text, "arch", one.architecture());
      text.append('\n');
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(" = \"").append(Toml.tomlEscape(value)).append("\"\n");
  }
}
