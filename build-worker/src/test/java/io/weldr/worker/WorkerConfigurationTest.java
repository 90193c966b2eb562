package io.weldr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.audit.AuditLog;
import io.weldr.worker.job.CacheBound;
import io.weldr.worker.job.Retention;
import io.weldr.worker.spec.GitAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerConfigurationTest {
  @Test
  void anEmptyFileGivesTheDefaults() throws Exception {
    WorkerConfiguration defaults = WorkerConfiguration.parse("f", "");
    assertEquals(Path.of("/var/lib/lorax/composer"), defaults.libDir());
    assertEquals(Path.of("/run/weldr-worker/worker.socket"), defaults.socket());
    assertEquals("weldr", defaults.apiUser());
    assertEquals(OptionalInt.empty(), defaults.xzLevel());
    assertEquals(5, defaults.testComposeSeconds());
    assertEquals(1000, defaults.maxQueue());
    assertEquals(120, defaults.jobTimeoutMinutes());
    assertTrue(defaults.slots() >= 1);
  }

  @Test
  void everyKeyIsRead() throws Exception {
    WorkerConfiguration read =
        WorkerConfiguration.parse(
            "f",
            """
            lib_dir = "/a"
            cache_dir = "/b"
            share_dir = "/c"
            socket = "/d/s"
            api_user = "u"
            group = "g"
            slots = 3
            audit_log = "/e/log"
            xz_level = 0
            source_date_epoch = 12
            test_compose_seconds = 0
            max_queue = 7
            job_timeout_minutes = 9
            job_hang_minutes = 8
            job_memory_mib = 640
            job_processes = 77
            job_cpu_weight = 11
            audit_log_mib = 2
            audit_log_keep = 3
            keep_results = 4
            keep_results_days = 5
            keep_results_mib = 6
            cache_mib = 7
            cache_days = 8
            low_space_mib = 9
            distro = "fedora-42"
            installer = "anaconda"
            anaconda = "/k"
            anaconda_timeout_minutes = 5
            git_directories = ["/srv/git", "/l"]
            git_ssh_directory = "/etc/keys"
            java = "/j"
            """);
    assertEquals(
        new WorkerConfiguration(
            Path.of("/a"),
            Path.of("/b"),
            Path.of("/c"),
            Path.of("/d/s"),
            "u",
            "g",
            3,
            Path.of("/e/log"),
            OptionalInt.of(0),
            OptionalLong.of(12),
            0,
            7,
            9,
            8,
            640,
            77,
            11,
            new AuditLog.Rotation(2 << 20, 3),
            new Retention(4, Duration.ofDays(5), 6 << 20),
            new CacheBound(Path.of("/b"), 7 << 20, Duration.ofDays(8)),
            9,
            Optional.of("fedora-42"),
            InstallerChoice.ANACONDA,
            Path.of("/k"),
            5,
            new GitAccess(
                List.of(Path.of("/srv/git"), Path.of("/l")), Optional.of(Path.of("/etc/keys"))),
            Path.of("/j")),
        read);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "libdir = '/a' | unknown key \"libdir\", did you mean \"lib_dir\"?",
        "slotss = 1 | did you mean \"slots\"?",
        "zzzzzz = 1 | unknown key \"zzzzzz\"",
        "[table] | unknown key \"table\"",
        "slots = 0 | f line 1: slots must be from 1 to 64",
        "slots = '1' | f line 1: slots must be a number",
        "slots = 1.5 | f line 1: slots must be a number",
        "xz_level = 10 | xz_level must be from 0 to 9",
        "xz_level = -1 | xz_level must be from 0 to 9",
        "source_date_epoch = -1 | source_date_epoch must be from 0",
        "job_timeout_minutes = 99999999999 | must be from 1",
        "lib_dir = 1 | lib_dir must be a string in quotes",
        "lib_dir = 'relative' | lib_dir must be an absolute path",
        "lib_dir = '/a/../b' | lib_dir must be an absolute path",
        "api_user = '' | api_user must not be empty",
        "distro = '../x' | distro must be like",
        "installer = 'anakonda' | f line 1: installer must be \"auto\", \"direct\" or",
        "anaconda = 'x' | anaconda must be an absolute path",
        "git_directories = '/a' | git_directories must be a list in brackets",
        "git_directories = [1] | git_directories must have strings in quotes",
        "git_directories = ['a'] | git_directories must be an absolute path",
        "slots = | f: ",
        "slots = 1 = 2 | f: "
      })
  void whatIsWrongIsSaidWithItsLine(String text, String expected) {
    var failure =
        assertThrows(
            ConfigurationException.class,
            () -> WorkerConfiguration.parse("f", text.replace('\'', '"')));
    assertTrue(failure.getMessage().contains(expected), failure.getMessage());
  }

  @Test
  void theCommandLineKnowsTwoOptions() throws Exception {
    assertEquals(
        new CommandLine(Optional.of(Path.of("/f")), true),
        CommandLine.parse("--config", "/f", "-V"));
    assertEquals(new CommandLine(Optional.empty(), false), CommandLine.parse());
    assertThrows(ConfigurationException.class, () -> CommandLine.parse("--config"));
    assertThrows(ConfigurationException.class, () -> CommandLine.parse("--unknown"));
  }
}
