package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.depsolve.SolverSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
  @TempDir Path directory;

  private static CommandLine commandLine(String... options) throws UsageException {
    List<String> arguments = new java.util.ArrayList<>(List.of(options));
    arguments.add("/b");
    return assertInstanceOf(CommandLine.Request.Run.class, CommandLine.parse(arguments))
        .commandLine();
  }

  private static Configuration of(String ini, String... options)
      throws StartupException, UsageException {
    return Configuration.of(IniFile.parse("composer.conf", ini), commandLine(options));
  }

  @Test
  void everythingHasADefault() throws Exception {
    assertEquals(
        new Configuration(
            Path.of("/usr/share/weldr-composer"),
            Path.of("/var/lib/lorax/composer"),
            Path.of("/var/cache/weldr-composer-api"),
            Path.of("/run/weldr-worker/worker.socket"),
            20,
            "weldr-composer",
            Optional.empty(),
            Optional.empty(),
            true,
            Optional.empty(),
            true,
            SolverSettings.standard(),
            List.of(),
            Optional.empty()),
        of(""));
  }

  @Test
  void keysForSshAreInADirectory() throws Exception {
    assertEquals(
        Optional.of(Path.of("/etc/keys")),
        of("[composer]\ngit_ssh_directory = /etc/keys\n").gitSshDirectory());
    assertThrows(StartupException.class, () -> of("[composer]\ngit_ssh_directory = keys\n"));
  }

  @Test
  void directoriesOfRepositoriesAreAList() throws Exception {
    assertEquals(
        List.of(Path.of("/srv/git"), Path.of("/home/git")),
        of("[composer]\ngit_directories = /srv/git, /home/git\n").gitDirectories());
    for (String wrong : List.of("srv", "/srv/../etc", "/", "/a b")) {
      assertThrows(
          StartupException.class, () -> of("[composer]\ngit_directories = " + wrong + "\n"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://p",
    "http://u:p@p",
    "p:3128",
    "http://p/x y",
    "http://p:3128/path",
    "http://p;x"
  })
  void aProxyMustBeAnAddress(String proxy) {
    assertThrows(StartupException.class, () -> of("[dnf]\nproxy = " + proxy + "\n"));
    assertThrows(StartupException.class, () -> of("", "--proxy=" + proxy));
  }

  @Test
  void theSolverCanBeSet() throws Exception {
    assertEquals(
        new SolverSettings(true, List.of("nano", "lib*-dbg")),
        of("[dnf]\ninstall_weak_deps = yes\nexcludepkgs = nano,\n  lib*-dbg\n").solver());
    for (String value : List.of("a;b", "--x", "a\"b")) {
      assertThrows(StartupException.class, () -> of("[dnf]\nexcludepkgs = " + value + "\n"));
    }
  }

  @Test
  void theDistributionCanBeChosen() throws Exception {
    String ini = "[composer]\ndistro = fedora-42\nreleasever = rawhide\n";
    assertEquals(Optional.of("fedora-42"), of(ini).distro());
    assertEquals(Optional.of("rawhide"), of(ini).releasever());
    assertEquals(Optional.of("rhel-9.4"), of(ini, "--distro=rhel-9.4").distro());
    for (String value : List.of("a b", "-x", "../../x", "a/b", "a\"")) {
      assertThrows(StartupException.class, () -> of("[composer]\ndistro = " + value + "\n"));
    }
  }

  @Test
  void aFileOfLoraxComposerIsUnderstood() throws Exception {
    Configuration configuration =
        of(
            """
            # a comment
            [composer]
            share_dir = /s/
            LIB_DIR: /l
            cache_dir=/c
            dnf_conf = /ignored
            worker_socket = /w
            list_limit = 50
            backend = lorax-composer
            releasever = 33

            [users]
            root = 1

            [repos]
            use_system_repos = no

            [dnf]
            proxy = http://proxy:3128/
            sslverify = False
            """);
    assertEquals(Path.of("/s"), configuration.shareDirectory());
    assertEquals(Path.of("/l"), configuration.libDirectory());
    assertEquals(Path.of("/c"), configuration.cacheDirectory());
    assertEquals(Path.of("/w"), configuration.workerSocket());
    assertEquals(50, configuration.listLimit());
    assertEquals("lorax-composer", configuration.backend());
    assertEquals(Optional.of("33"), configuration.releasever());
    assertFalse(configuration.systemSources());
    assertEquals(Optional.of("http://proxy:3128/"), configuration.proxy());
    assertFalse(configuration.verifyTls());
  }

  @Test
  void optionsOverrideTheFile() throws Exception {
    Configuration configuration =
        of(
            "[composer]\nshare_dir=/s\nreleasever=1\n[dnf]\nproxy=http://a/\n",
            "--sharedir=/other",
            "--releasever=2",
            "--proxy=http://b/",
            "--no-system-repos");
    assertEquals(Path.of("/other"), configuration.shareDirectory());
    assertEquals(Optional.of("2"), configuration.releasever());
    assertEquals(Optional.of("http://b/"), configuration.proxy());
    assertFalse(configuration.systemSources());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "key = 1|composer.conf:1: a [section] line must come first",
        "[a]~b|composer.conf:2: a line must look like key = value",
        "[a]~[b]~[a]|composer.conf:3: section [a] is there twice",
        "[a]~b=1~B=2|composer.conf:3: key b is there twice in its section",
        "[a|composer.conf:1: a section must look like [name]",
        "[composer]~lib_dir=relative|[composer] lib_dir must be an absolute path.",
        "[composer]~list_limit=-1|[composer] list_limit must be a number from 0 to 100000.",
        "[composer]~list_limit=100001|[composer] list_limit must be a number from 0 to 100000.",
        "[repos]~use_system_repos=maybe|[repos] use_system_repos must be 1, yes, true, on, 0, no,"
            + " false or off.",
        "[composer]~backend=a b|[composer] backend must be up to 64 letters, digits, dots,"
            + " underscores and hyphens.",
      })
  void mistakesAreNamed(String ini, String message) {
    StartupException e = assertThrows(StartupException.class, () -> of(ini.replace('~', '\n')));
    assertEquals(List.of(message), e.messages());
  }

  @Test
  void valuesMayContinueOnIndentedLines() throws Exception {
    IniFile ini = IniFile.parse("x", "[a]\nb = one\n  two\n; comment\nc = = 3\nempty =\n");
    assertEquals(Optional.of("one\ntwo"), ini.value("a", "b"));
    assertEquals(Optional.of("= 3"), ini.value("a", "c"));
    assertEquals(Optional.empty(), ini.value("a", "empty"));
    assertEquals(Optional.empty(), ini.value("no", "b"));
  }

  @Test
  void aFileThatWasNamedMustExist() throws Exception {
    Path absent = directory.resolve("absent");
    StartupException e =
        assertThrows(
            StartupException.class, () -> Configuration.read(commandLine("--config=" + absent)));
    assertTrue(e.getMessage().contains(absent + " does not exist"), e.getMessage());
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 0});
    assertThrows(
        StartupException.class, () -> Configuration.read(commandLine("--config=" + binary)));
  }
}
