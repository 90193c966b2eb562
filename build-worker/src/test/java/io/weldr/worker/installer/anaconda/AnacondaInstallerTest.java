package io.weldr.worker.installer.anaconda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.StopRequest;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The installer on the recorded stand-in. None of the transcripts' sleeps fits into the limit. */
@Timeout(170)
class AnacondaInstallerTest {
  @ParameterizedTest
  @CsvSource({"success-33, true", "success-34, false"})
  void installsATreeWithTheOptionsOfTheVersion(String transcript, boolean logLevel)
      throws Exception {
    RecordedAnaconda anaconda = RecordedAnaconda.playing(transcript);
    anaconda.install();
    assertTrue(Files.exists(anaconda.tree().resolve("usr/bin/bash")));
    List<String> seen = Files.readAllLines(anaconda.logs().resolve("seen.log"));
    assertEquals(
        List.of("--kickstart", "/tmp/final-kickstart.ks", "--cmdline"), seen.subList(0, 3));
    assertEquals(logLevel, seen.contains("--loglevel"));
    assertTrue(seen.contains("--dirinstall"));
    assertTrue(seen.contains("ANACONDA_PRODUCTNAME=Fedora"), seen::toString);
    assertTrue(seen.contains("ANACONDA_PRODUCTVERSION=33"), seen::toString);
    assertTrue(seen.containsAll(List.of("PYTHONUNBUFFERED=1", "DM_DISABLE_UDEV=1")));
    assertEquals(List.of(2L, 10L, 18L, 50L, 80L, 80L, 96L, 100L), anaconda.percents);
    assertTrue(anaconda.lines.contains("Installing bash.x86_64 (2/2)"));
    assertTrue(
        anaconda.lines.stream().anyMatch(line -> line.startsWith("program.log: ")),
        anaconda.lines::toString);
  }

  @Test
  void keepsTheLogsForTheGroupAndNothingElse() throws Exception {
    RecordedAnaconda anaconda = RecordedAnaconda.playing("success-33");
    anaconda.install();
    try (Stream<Path> files = Files.list(anaconda.logs())) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals(
          List.of(
              "anaconda.log",
              "dbus.log",
              "ks-script-abcd.log",
              "packaging.log",
              "program.log",
              "seen.log"),
          names);
    }
    var mode = Files.getPosixFilePermissions(anaconda.logs().resolve("anaconda.log"));
    assertEquals("rw-r-----", PosixFilePermissions.toString(mode));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing-package | PACKAGE_MISSING | packages cannot be found: The following packages,"
            + " groups or modules are missing: nothing-has-this.",
        "unreachable-repository | SOURCE_UNREACHABLE | a package source cannot be used: Failed to"
            + " download metadata for repo 'composer-0': Cannot download repomd.xml: Cannot"
            + " download repodata/repomd.xml: All mirrors were tried.",
        "scriptlet-failed | PACKAGE_SCRIPT_FAILED | the POSTIN script of package bad failed",
        "depsolve | PACKAGE_MISSING | the packages do not fit together: marked for installation"
            + " has errors. Problem: nothing provides libfoo.so.1 needed by bar-1-1.x86_64",
        "kickstart-syntax | CUSTOMIZATION_FAILED | Anaconda refuses line 12 of the kickstart:"
            + " Unknown command: frobnicate",
        "exception | INTERNAL | Anaconda gave up:"
            + " pyanaconda.modules.common.errors.storage.DeviceSetupError: the device cannot be"
            + " set up",
        "spokes | CUSTOMIZATION_FAILED | Anaconda lacks settings it needs: Installation source",
        "post-failed | CUSTOMIZATION_FAILED | a script at line 25 of the kickstart ended with exit"
            + " status 7",
        "post-failed-38 | CUSTOMIZATION_FAILED | a script at line 31 of the kickstart ended with exit"
            + " status 1",
        "post-failed-printed | CUSTOMIZATION_FAILED | a script at line 8 of the kickstart ended with"
            + " exit status 2",
        "post-failed-fatally | CUSTOMIZATION_FAILED | the script at line 25 of the kickstart"
            + " failed",
        "post-failed-short | CUSTOMIZATION_FAILED | a script of the kickstart ended with exit"
            + " status 7",
        "exception-dated | PACKAGE_MISSING | packages cannot be found: You have specified that the"
            + " package 'nothing-has-this' should be installed. This package does not exist.",
        "crash | INTERNAL | Anaconda ended with exit status 1: ModuleNotFoundError: No module named"
            + " 'gi'",
        "locale | TOOL_MISSING | the host lacks the locale en_US.UTF-8, which Anaconda needs",
        "killed | INTERNAL | Anaconda ended with exit status 3: Installing setup.noarch (1/2)",
      })
  void failsWithOneSentence(String transcript, FailureCode code, String sentence) throws Exception {
    RecordedAnaconda anaconda = RecordedAnaconda.playing(transcript);
    BuildException failure = assertThrows(BuildException.class, anaconda::install);
    assertEquals(sentence, failure.getMessage());
    assertEquals(code, failure.code());
    assertFalse(failure.hint().isEmpty());
    assertTrue(Files.exists(anaconda.logs().resolve("seen.log")), "logs are kept on failure");
  }

  /** unshare passes no signal on, so it must be Anaconda itself that gets it. */
  @Test
  void endsOneThatSleepsBySigtermFirst() throws Exception {
    RecordedAnaconda anaconda =
        new RecordedAnaconda(
            "missing-package",
            new AnacondaLimits(
                Duration.ofMinutes(2),
                Duration.ofMinutes(2),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1)));
    assertThrows(BuildException.class, anaconda::install);
    assertEquals("by SIGTERM\n", Files.readString(anaconda.logs().resolve("terminated.log")));
  }

  @Test
  void oneThatDoesNotKnowItsVersionIsAskedForItsOptions() throws Exception {
    RecordedAnaconda anaconda = RecordedAnaconda.playing("unknown-version");
    anaconda.install();
    List<String> seen = Files.readAllLines(anaconda.logs().resolve("seen.log"));
    assertTrue(seen.contains("--loglevel"), seen::toString);
  }

  @Test
  void seesSourcesOfTheHostWhereverTheyAre() throws Exception {
    List<Path> sources =
        List.of(Path.of("/run/test-of-anaconda-sources"), Path.of("/mnt/test-of-anaconda-sources"));
    try {
      for (Path source : sources) {
        Files.createDirectories(source.resolve("repodata"));
      }
      RecordedAnaconda anaconda = RecordedAnaconda.playing("local-source");
      anaconda.install(
          "url --url=file://%s\nrepo --name=x --baseurl=file://%s\n"
              .formatted(sources.get(0), sources.get(1)),
          new AnacondaTarget.Directory(anaconda.tree()));
    } finally {
      for (Path source : sources) {
        Files.delete(source.resolve("repodata"));
        Files.delete(source);
      }
    }
  }

  @Test
  void endsOneThatIsSilentAndIgnoresSignals() throws Exception {
    RecordedAnaconda anaconda =
        new RecordedAnaconda(
            "silent",
            new AnacondaLimits(
                Duration.ofMinutes(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1)));
    BuildException failure = assertThrows(BuildException.class, anaconda::install);
    assertEquals("Anaconda said nothing for 5 seconds", failure.getMessage());
    assertEquals(FailureCode.NO_PROGRESS, failure.code());
  }

  @Test
  void endsOneThatTakesTooLong() throws Exception {
    RecordedAnaconda anaconda =
        new RecordedAnaconda(
            "endless",
            new AnacondaLimits(
                Duration.ofSeconds(5),
                Duration.ofMinutes(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1)));
    BuildException failure = assertThrows(BuildException.class, anaconda::install);
    assertEquals("Anaconda took longer than 5 seconds", failure.getMessage());
    assertEquals(FailureCode.TIMEOUT, failure.code());
    assertTrue(Files.exists(anaconda.logs().resolve("terminated.log")), "by SIGTERM, with logs");
  }

  @ParameterizedTest
  @CsvSource({"endless, true", "silent, false"})
  void endsOnRequestAndKeepsTheLogs(String transcript, boolean obeys) throws Exception {
    RecordedAnaconda anaconda = RecordedAnaconda.playing(transcript);
    Path plays = anaconda.directory.resolve("work/anaconda/tmp/begun.log");
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread compose =
        Thread.ofPlatform()
            .start(() -> end.complete(assertThrows(BuildException.class, anaconda::install)));
    while (!Files.exists(plays) && compose.isAlive()) {
      Thread.sleep(20);
    }
    StopRequest request = new StopRequest(anaconda.directory);
    assertTrue(request.isHeard());
    request.ask();
    BuildException cancelled = (BuildException) end.get(60, TimeUnit.SECONDS);
    assertEquals(FailureCode.CANCELLED, cancelled.code());
    assertTrue(Files.exists(anaconda.logs().resolve("begun.log")));
    // Written by the signal it gets first; one that ignores it is killed.
    assertEquals(obeys, Files.exists(anaconda.logs().resolve("terminated.log")));
    assertFalse(request.isHeard());
  }

  @Test
  void leavesNothingOnTheHost() throws Exception {
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    RecordedAnaconda anaconda = RecordedAnaconda.playing("leftovers");
    BuildException failure = assertThrows(BuildException.class, anaconda::install);
    assertEquals("Anaconda gave up: out of luck", failure.getMessage());
    assertEquals(mounts, Files.readString(Path.of("/proc/self/mountinfo")));
    assertEquals(hostname, Files.readString(Path.of("/proc/sys/kernel/hostname")));
    for (String path :
        List.of("/run/anaconda", "/run/anaconda.pid", "/mnt/sysroot", "/tmp/dnf.cache")) {
      assertFalse(Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS), path);
    }
    Path console = Path.of("/etc/vconsole.conf");
    assertFalse(Files.exists(console) && Files.readString(console).contains("left-by-anaconda"));
    assertTrue(Files.exists(anaconda.logs().resolve("anaconda-tb-123")));
    assertTrue(
        ProcessHandle.allProcesses()
            .noneMatch(
                process ->
                    process.info().arguments().map(List::of).orElse(List.of()).stream()
                        .anyMatch(word -> word.equals(anaconda.program().toString()))));
  }

  @Test
  void aStalePidFileOfTheHostIsNotSeen() throws Exception {
    Path pidFile = Path.of("/run/anaconda.pid");
    Files.writeString(pidFile, "1");
    try {
      RecordedAnaconda.playing("success-33").install();
      assertEquals("1", Files.readString(pidFile));
    } finally {
      Files.delete(pidFile);
    }
  }

  @Test
  void installsIntoADisk() throws Exception {
    RecordedAnaconda anaconda = RecordedAnaconda.playing("success-33");
    Path disk = anaconda.directory.resolve("work/weldr-test.img");
    anaconda.install(new AnacondaTarget.Disk(disk, 3L << 30));
    assertEquals(3L << 30, Files.size(disk));
    List<String> seen = Files.readAllLines(anaconda.logs().resolve("seen.log"));
    assertTrue(seen.contains("/run/work/weldr-test.img"), seen::toString);
    assertFalse(seen.contains("--dirinstall"));
  }

  @Test
  void aProgramThatIsNotAnacondaIsRefused() throws Exception {
    RecordedAnaconda anaconda = RecordedAnaconda.playing("success-33");
    Files.writeString(anaconda.directory.resolve("transcript"), "version what\n");
    BuildException failure = assertThrows(BuildException.class, anaconda::install);
    assertEquals(FailureCode.TOOL_MISSING, failure.code());
  }
}
