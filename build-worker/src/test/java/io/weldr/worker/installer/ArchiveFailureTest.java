package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.build.Jobs;
import io.weldr.worker.build.Wishes;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.StageReport;
import io.weldr.worker.spec.TestMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes wrong in the middle of an installation from Debian's archive. */
@Tag("archive")
class ArchiveFailureTest {
  private static final Path REPOSITORY =
      Path.of("target/archive-tests/repository").toAbsolutePath();

  @Test
  void aPackageWhoseScriptFailsIsNamedWithItsLastWords() throws Exception {
    try (PackageRepository repository = new PackageRepository(REPOSITORY)) {
      repository.add(
          "weldr-broken", "cron", "postinst", "#!/bin/sh\necho the moon is full\nexit 7\n");
      RealCompose compose = compose("script", repository, List.of("weldr-broken"), "area");

      JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, compose.run());

      assertEquals(FailureCode.PACKAGE_SCRIPT_FAILED, failed.code(), failed.toString());
      assertEquals("install", failed.stage());
      assertTrue(failed.message().contains("package weldr-broken"), failed.message());
      assertTrue(failed.message().contains("the moon is full"), failed.message());
      assertTrue(
          compose.log().contains("ERROR: The command ended with exit status 1: /usr/bin/bwrap"));
    }
  }

  @Test
  void aFullDiskIsCalledThat() throws Exception {
    try (PackageRepository repository = new PackageRepository(REPOSITORY)) {
      repository.add("weldr-fine", "cron", "postinst", "#!/bin/sh\nexit 0\n");
      RealCompose compose = compose("full-disk", repository, List.of("weldr-fine"), "small");
      String mount = "mount -t tmpfs -o size=60m,mode=0700 none \"$0\" && exec \"$@\"";

      JobEvent last =
          compose.run(
              List.of(
                  "/usr/bin/unshare",
                  "--mount",
                  "/bin/sh",
                  "-c",
                  mount,
                  compose.directory().resolve("small").toString()));

      JobEvent.Failed failed = assertInstanceOf(JobEvent.Failed.class, last);
      assertEquals(FailureCode.NO_SPACE, failed.code(), failed.toString());
    }
  }

  /** One tree for all: what follows needs minutes to make and is only looked at. */
  @Test
  void scriptsOfPackagesSeeNeitherHostNorNetworkAndWhatCannotBeDoneIsRefused() throws Exception {
    try (PackageRepository repository = new PackageRepository(REPOSITORY)) {
      repository.add(
          "weldr-nosy",
          "cron",
          "postinst",
          """
          #!/bin/sh
          {
            ls /proc | grep -c '^[0-9]*$'
            cat /proc/net/dev | grep -v lo: | tail -n +3
            env | sort
            grep CapEff /proc/self/status
            invoke-rc.d cron start; echo "start: $?"
          } > /root/seen 2>&1
          exit 0
          """);
      List<String> names = List.of("weldr-nosy");
      RealCompose compose = compose("nosy", repository, names, "area");

      JobEvent last = compose.run();

      assertInstanceOf(JobEvent.Finished.class, last, () -> last.toString());
      String seen = Files.readString(compose.tree().resolve("root/seen"));
      assertTrue(Integer.parseInt(seen.lines().findFirst().orElseThrow()) < 12, seen);
      assertFalse(seen.contains("eth") || seen.contains("ens"), seen);
      assertFalse(seen.contains(System.getProperty("user.dir")), seen);
      assertTrue(seen.contains("CapEff:\t00000000a80400fb"), seen);
      assertTrue(seen.contains("policy-rc.d denied execution of start"), seen);
      refusesWhatTheTreeLacks(new Tree(compose.tree()));
    }
  }

  private static void refusesWhatTheTreeLacks(Tree tree) throws Exception {
    refused(tree, "user --name=a --groups=nogroups", "the group \"nogroups\" of user \"a\"");
    refused(tree, "user --name=b --shell=/bin/zsh", "the shell /bin/zsh of user \"b\"");
    refused(tree, "user --name=c --shell=/etc/passwd", "the shell /etc/passwd of user \"c\"");
    refused(tree, "user --name=bin", "the user \"bin\" cannot be added");
    refused(tree, "user --name=d --uid=0", "the user \"d\" cannot be added");
    refused(tree, "group --name=e --gid=0", "the group \"e\" cannot be added");
    refused(tree, "sshkey --username=nobody-here \"ssh-rsa AAAA\"", "\"nobody-here\"");
    refused(tree, "services --enabled=nginx", "the service \"nginx\" is not in the image");
    refused(tree, "timezone Europe/Atlantis", "the time zone \"Europe/Atlantis\"");
    refused(tree, "timezone UTC --ntpservers=a.example", "NTP servers");
    refused(tree, "lang de_AT.UTF-8", "\"de_AT.UTF-8\" needs the package locales");
    refused(tree, "keyboard de", "the keyboard layout \"de\"");
    refused(tree, "firewall --enabled --port=80:tcp", "needs the package firewalld");
  }

  private static void refused(Tree tree, String command, String sentence) throws Exception {
    TreeConfiguration configuration =
        TreeConfiguration.of(
            KickstartParser.document(command + "\n%packages\n%end\nrootpw --lock\n"));
    BuildException failure =
        assertThrows(
            BuildException.class,
            () -> {
              new Accounts(tree).make(configuration);
              new Regional(tree, PackageFamily.APT).set(configuration);
              new SystemSetup(tree, PackageFamily.APT, new SilentReport()).set(configuration);
            },
            command);
    assertEquals(FailureCode.CUSTOMIZATION_FAILED, failure.code());
    assertTrue(failure.getMessage().contains(sentence), failure.getMessage());
  }

  private static RealCompose compose(
      String name, PackageRepository repository, List<String> packages, String area)
      throws Exception {
    List<SourceSpec> sources = new ArrayList<>(RealCompose.hostSources());
    sources.add(repository.source());
    List<PackageSpec> solved = RealCompose.solved(sources, packages);
    return RealCompose.prepared(
        name,
        sources,
        solved,
        new Wishes().hostname("nosy").users(Jobs.user("plain")).done(),
        TestMode.NONE,
        area);
  }

  /** Says nothing. */
  private static final class SilentReport implements StageReport {
    @Override
    public void info(String line) {}

    @Override
    public void warning(String line) {}

    @Override
    public void progress(long done, long total) {}
  }
}
