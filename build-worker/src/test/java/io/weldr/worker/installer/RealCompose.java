package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weldr.worker.build.FinalKickstart;
import io.weldr.worker.build.JobMain;
import io.weldr.worker.build.Jobs;
import io.weldr.worker.image.OutputType;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.GitAccess;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.SpecJson;
import io.weldr.worker.spec.Target;
import io.weldr.worker.spec.TestMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A compose run as the worker runs it: job and settings in files, the job process in namespaces of
 * its own.
 */
final class RealCompose {
  static final Path SHARE = Path.of("../share").toAbsolutePath().normalize();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path AREA = Path.of("target/archive-tests").toAbsolutePath();

  /** What debian.toml gives every tree; alternatives are decided. */
  private static final List<String> BASE =
      List.of("apt", "ca-certificates", "dbus", "passwd", "systemd-sysv", "systemd-resolved");

  private final Path directory;
  private final JobSpec job;
  private final JobSettings settings;

  private RealCompose(Path directory, JobSpec job, JobSettings settings) {
    this.directory = directory;
    this.job = job;
    this.settings = settings;
  }

  /**
   * @param name of a directory that is emptied first
   * @param workParent where the work area is made
   */
  static RealCompose prepared(
      String name,
      List<SourceSpec> sources,
      List<PackageSpec> packages,
      Customizations customizations,
      TestMode mode,
      String workParent)
      throws IOException, InterruptedException, KickstartException {
    return prepared(name, "tar", sources, packages, customizations, mode, workParent);
  }

  /** As above, of another output type. */
  static RealCompose prepared(
      String name,
      String type,
      List<SourceSpec> sources,
      List<PackageSpec> packages,
      Customizations customizations,
      TestMode mode,
      String workParent)
      throws IOException, InterruptedException, KickstartException {
    Path directory = AREA.resolve(name);
    run("/usr/bin/rm", "-rf", "--one-file-system", "--", directory.toString());
    Files.createDirectories(directory.resolve("results"));
    Files.createDirectories(directory.resolve(workParent));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Path work = directory.resolve(workParent).resolve("work");
    JobSpec job = Jobs.job(type, packages, sources, customizations, mode);
    JobSettings settings =
        new JobSettings(
            directory,
            directory.resolve("results"),
            work,
            SHARE,
            new Target("debian", "12"),
            Optional.empty(),
            GitAccess.NONE,
            AREA.resolve("packages"),
            OptionalInt.of(0),
            OptionalLong.empty(),
            0,
            0);
    String kickstart =
        FinalKickstart.render(
            job,
            OutputType.load(SHARE, type),
            Files.readString(OutputType.template(SHARE, type)),
            Distribution.load(SHARE.resolve("distros/debian.toml")));
    Files.writeString(directory.resolve("results/final-kickstart.ks"), kickstart);
    Files.write(directory.resolve(JobSpec.FILE), SpecJson.bytes(job));
    Files.write(directory.resolve(JobSettings.FILE), SpecJson.bytes(settings));
    return new RealCompose(directory, job, settings);
  }

  /** Runs the job process to its end; its last event. */
  JobEvent run() throws IOException, InterruptedException {
    return run(List.of());
  }

  /**
   * As {@link #run()}, behind another command.
   *
   * @param before words of a command that runs the words after it
   */
  JobEvent run(List<String> before) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(before);
    argv.addAll(
        List.of(
            "/usr/bin/unshare",
            "--mount",
            "--propagation",
            "private",
            "--pid",
            "--fork",
            "--kill-child",
            "--ipc",
            "--mount-proc",
            "--",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            JobMain.class.getName(),
            directory.toString()));
    run(argv.toArray(String[]::new));
    return events().getLast();
  }

  List<JobEvent> events() throws IOException {
    List<JobEvent> events = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve(JobEvent.FILE))) {
      events.add(JobEvent.fromLine(line));
    }
    return events;
  }

  JobSpec job() {
    return job;
  }

  Path directory() {
    return directory;
  }

  Path tree() {
    return settings.workDir().resolve("tree");
  }

  Path result(String name) {
    return settings.resultsDir().resolve(name);
  }

  String log() throws IOException {
    return Files.readString(result("logs/combined.log"));
  }

  /** Sources of this host that come from Debian. */
  static List<SourceSpec> hostSources() throws IOException, InterruptedException {
    List<SourceSpec> sources = new ArrayList<>();
    String answer = output("", "/usr/bin/python3", "-IB", helper(), "sources");
    for (JsonNode source : JSON.readTree(answer)) {
      sources.add(new SourceSpec.Host(source.get("id").asText()));
    }
    return sources;
  }

  /** The exact packages for these names and the base, as the api-server would freeze them. */
  static List<PackageSpec> solved(List<SourceSpec> sources, List<String> names)
      throws IOException, InterruptedException {
    Path cache = Files.createDirectories(AREA.resolve("solver"));
    ObjectNode request = JSON.createObjectNode().put("id", 1).put("op", "solve");
    ArrayNode sourceList = request.putArray("sources");
    for (SourceSpec source : sources) {
      addSource(source, sourceList.addObject());
    }
    ArrayNode packages = request.putArray("packages");
    for (String name : BASE) {
      packages.addObject().put("name", name).put("version", "*");
    }
    for (String name : names) {
      packages.addObject().put("name", name).put("version", "*");
    }
    request.put("essential", true).put("max_age", 3600).putArray("avoid").add("usrmerge");
    String answer =
        output(
            request + "\n",
            "/usr/bin/python3",
            "-IB",
            helper(),
            "serve",
            "--cache",
            cache.toString());
    JsonNode result = JSON.readTree(answer).path("result").path("packages");
    if (result.isEmpty()) {
      throw new IOException("cannot solve: " + answer);
    }
    List<PackageSpec> solved = new ArrayList<>();
    result.forEach(pkg -> solved.add(spec(pkg)));
    return solved;
  }

  private static PackageSpec spec(JsonNode pkg) {
    return new PackageSpec(
        pkg.get("name").asText(),
        pkg.get("epoch").asLong(),
        pkg.get("version").asText(),
        pkg.get("release").asText(),
        pkg.get("architecture").asText(),
        pkg.get("source_id").asText(),
        pkg.get("sha256").asText(),
        pkg.get("size").asLong());
  }

  private static void addSource(SourceSpec source, ObjectNode json) {
    json.put("id", source.id());
    switch (source) {
      case SourceSpec.Host host -> json.put("host", true);
      case SourceSpec.Rpm rpm -> throw new IllegalArgumentException(rpm.id());
      case SourceSpec.Apt apt -> {
        json.put("url", apt.url()).put("check_gpg", apt.checkSignature());
        apt.suites().forEach(json.putArray("suites")::add);
        apt.components().forEach(json.putArray("components")::add);
      }
    }
  }

  private static String helper() {
    return SHARE.resolve("depsolve/apt.py").toString();
  }

  /** Runs a command and waits; what it prints goes to this process's own output. */
  static int run(String... argv) throws IOException, InterruptedException {
    return new ProcessBuilder(argv).inheritIO().start().waitFor();
  }

  /** What a command prints. */
  static String output(String stdin, String... argv) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var to = process.outputWriter(StandardCharsets.UTF_8)) {
      to.write(stdin);
    }
    StringBuilder text = new StringBuilder();
    try (BufferedReader from = process.inputReader(StandardCharsets.UTF_8)) {
      from.lines().forEach(line -> text.append(line).append('\n'));
    }
    process.waitFor();
    return text.toString();
  }
}
