package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.OutputType;
import io.weldr.worker.kickstart.CustomizationMerge;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.kickstart.KickstartWriter;
import io.weldr.worker.kickstart.Section;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.Target;
import io.weldr.worker.spec.TestMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinalKickstartTest {
  private static final Path SHARE = Path.of("../share").toAbsolutePath().normalize();

  @Test
  void sourcesOfTheTemplateAreKeptForAnaconda() throws Exception {
    String template =
        "url --url=https://example.com/os\nrepo --name=more --baseurl=file:///srv/r\n";
    JobSpec job = rpmJob(false);

    String rendered = render(job, template + "%packages\n", true);

    assertTrue(
        rendered.contains("repo --name=composer-0 --baseurl=https://repo.example.com/ --proxy="),
        rendered);
    assertTrue(rendered.contains("\n" + template), rendered);
    String repo = template.lines().toList().getLast() + "\n%packages\n";
    assertTrue(render(job, repo, true).contains("\nurl --url=https://repo.example.com/"));
    for (String wrong : List.of(template + "%packages\n", repo)) {
      assertThrows(KickstartException.class, () -> render(job, wrong, false));
      // Whose packages nobody would check.
      var refused = assertThrows(KickstartException.class, () -> render(rpmJob(true), wrong, true));
      assertTrue(refused.getMessage().contains("check_gpg"), refused.getMessage());
    }
  }

  private static JobSpec rpmJob(boolean checked) {
    return Jobs.job(
        GoldenCases.rpms(),
        List.of(
            GoldenCases.rpm(
                SourceSpec.RpmAddress.Kind.BASE_URL, "https://repo.example.com/", checked)),
        Customizations.NONE,
        TestMode.NONE);
  }

  private static String render(JobSpec job, String template, boolean anaconda)
      throws IOException, KickstartException {
    return FinalKickstart.render(
        job,
        OutputType.load(SHARE, "tar"),
        template,
        Distribution.load(SHARE.resolve("distros/fedora.toml")),
        anaconda);
  }

  @Test
  void aCommandOfTheTemplateThatCannotBeCarriedOutIsRefusedByName() {
    String template = "autostep\n%packages\n";

    KickstartException refused =
        assertThrows(
            KickstartException.class, () -> render(Jobs.with(Customizations.NONE), template));

    assertTrue(refused.getMessage().contains("\"autostep\""), refused.getMessage());
  }

  @Test
  void whatOnlyAnacondaKnowsIsLeftAsItIs() throws Exception {
    String template =
        """
        bootloader --location=mbr --driveorder=sda --iscrypted --password=x
        firewall --enabled --ssh --trust=eth0
        timezone --utc America/New_York --nontp
        %pre --erroronfail
        id
        %end
        %packages
        """;
    JobSpec job = Jobs.with(Customizations.NONE);
    OutputType type = OutputType.load(SHARE, "tar");
    Distribution debian = Distribution.load(SHARE.resolve("distros/debian.toml"));

    Distribution fedora = Distribution.load(SHARE.resolve("distros/fedora.toml"));
    Kickstart read = KickstartParser.template(template);
    List<Section> sections =
        new CustomizationMerge(Customizations.NONE, fedora.forRelease("33")).head(read);
    String kickstart = KickstartWriter.write(new Kickstart(sections));

    for (String line :
        List.of(
            "bootloader --location=mbr --driveorder=sda --iscrypted --password=x",
            "firewall --enabled --ssh --trust=eth0",
            "timezone America/New_York --nontp --utc",
            "%pre --erroronfail")) {
      assertTrue(kickstart.contains(line + "\n"), kickstart);
    }
    for (String line : template.lines().limit(3).toList()) {
      assertThrows(
          KickstartException.class,
          () -> FinalKickstart.render(job, type, line + "\n%packages\n", debian, false),
          line);
    }
    assertThrows(
        KickstartException.class,
        () -> FinalKickstart.render(job, type, "%pre\n%end\n%packages\n", debian, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--driveorder=sda --append=\"a b\" | --driveorder=sda \"--append=a b quiet\"",
        "--append 'a b' --leavebootorder | --append \"a b quiet\" --leavebootorder",
        "--extlinux --append= | --extlinux --append=quiet",
        "--nombr | --nombr --append=quiet",
      })
  void argumentsOfTheKernelAreAddedBesideWhatOnlyAnacondaKnows(String options, String expected)
      throws Exception {
    Customizations quiet = new Wishes().kernelAppend("quiet").done();
    Kickstart read = KickstartParser.template("bootloader " + options + "\n%packages\n");
    Distribution fedora = Distribution.load(SHARE.resolve("distros/fedora.toml"));
    String text =
        KickstartWriter.write(new Kickstart(new CustomizationMerge(quiet, fedora).head(read)));
    Kickstart wanted = KickstartParser.template("bootloader " + expected + "\n%packages\n");
    assertTrue(
        KickstartParser.template(text + "%packages\n").commands().containsAll(wanted.commands()),
        text);
  }

  @ParameterizedTest
  @CsvSource({"33, timezone UTC --nontp --utc", "42, timezone UTC --utc;timesource --ntp-disable"})
  void aZoneWithoutTimeIsWrittenAsTheReleaseTakesIt(String release, String expected)
      throws Exception {
    Kickstart read = KickstartParser.template("timezone --isUtc UTC --nontp\n%packages\n");
    Distribution fedora = Distribution.load(SHARE.resolve("distros/fedora.toml"));
    String text =
        KickstartWriter.write(
            new Kickstart(
                new CustomizationMerge(Customizations.NONE, fedora.forRelease(release))
                    .head(read)));
    assertTrue(("\n" + text).contains("\n" + expected.replace(';', '\n') + "\n"), text);
  }

  @Test
  void anacondaIsToldWhatNotToTakeOfTheCore() throws Exception {
    String template = "%packages\n-plymouth\n-iwl*-firmware\n-tz?ata\n-bash*\n";

    String rendered = render(rpmJob(false), template, true);

    // What was solved all the same is wanted.
    assertEquals(
        List.of("-plymouth", "-iwl*-firmware"),
        KickstartParser.document(rendered).packages().getFirst().entries().stream()
            .filter(entry -> entry.startsWith("-"))
            .toList());
    assertFalse(render(rpmJob(false), template, false).contains("plymouth"));
  }

  @Test
  void aLineOfAScriptThatLooksLikeACommandIsLeftAlone() throws Exception {
    String script = "timezone America/New_York\nservices --enabled=evil\nlang xx\n";
    String template = "%post\n" + script + "%end\n%packages\n";

    assertTrue(render(Jobs.with(Jobs.everything()), template).contains("%post\n" + script));
  }

  @Test
  void theServersOfTheTemplateAreKeptAndTheZoneApplies() throws Exception {
    String template = "timezone --ntpservers metadata.google.internal UTC\n%packages\n";

    String rendered = render(Jobs.with(Jobs.everything()), template);

    assertTrue(
        rendered.contains(
            "timezone Europe/Vienna"
                + " --ntpservers=metadata.google.internal,0.pool.example.org,192.0.2.1\n"),
        rendered);
  }

  @Test
  void argumentsOfTheKernelAreAddedToThoseOfTheTemplate() throws Exception {
    String template = "bootloader --location=none --append=\"a b\"\n%packages\n";

    String rendered = render(Jobs.with(Jobs.everything()), template);

    assertTrue(
        rendered.contains("bootloader --append=\"a b console=ttyS0 quiet\" --location=none\n"),
        rendered);
  }

  @Test
  void aFirewallThatTheTemplateDisablesCannotBeCustomized() {
    assertThrows(
        KickstartException.class,
        () -> render(Jobs.with(Jobs.everything()), "firewall --disabled\n%packages\n"));
  }

  @Test
  void rootIsNoUserToMakeButHasAKeyAndAPassword() throws Exception {
    Customizations.User root = Jobs.user("root");
    Customizations.User wanted =
        new Customizations.User(
            root.name(),
            Optional.of("ignored"),
            Optional.of(Jobs.HASH),
            Optional.of(Jobs.KEY),
            root.home(),
            root.shell(),
            root.groups(),
            root.uid(),
            root.gid());

    String rendered = render(Jobs.with(Jobs.withUser(wanted)));

    assertTrue(
        rendered.endsWith(
            "sshkey --username=root \"%s\"\nrootpw --iscrypted \"%s\"\n"
                .formatted(Jobs.KEY, Jobs.HASH)),
        rendered);
  }

  @Test
  void sourcesOfRpmPackagesAndPackagesAreNamedAsDnfDoes() throws Exception {
    PackageSpec bash =
        new PackageSpec("bash", 1, "5.2.26", "3.fc42", "x86_64", "f", "ab".repeat(32), 1);
    JobSpec job = Jobs.job(List.of(bash), rpmSources(), Customizations.NONE, TestMode.NONE);

    String rendered = render(job, "%packages\n", "fedora");

    assertTrue(
        rendered.contains(
            "url --metalink=\"https://example.org/?repo=f-$releasever&arch=$basearch\"\n"
                + "repo --name=composer-0 --baseurl=https://example.com/r --noverifyssl --nosignature\n"),
        rendered);
    assertTrue(rendered.contains("\nbash-1:5.2.26-3.fc42.x86_64\n"), rendered);
  }

  @Test
  void sourcesOfAnotherFamilyAreRefusedByName() {
    JobSpec job = Jobs.job(Jobs.packages(), rpmSources(), Customizations.NONE, TestMode.NONE);
    String message = assertThrows(KickstartException.class, () -> render(job)).getMessage();
    assertEquals(
        "the source \"f\" has RPM packages, and images are made of Debian packages here", message);
  }

  private static List<SourceSpec> rpmSources() {
    return List.of(
        new SourceSpec.Rpm(
            "f",
            new SourceSpec.RpmAddress(
                SourceSpec.RpmAddress.Kind.METALINK,
                "https://example.org/?repo=f-$releasever&arch=$basearch"),
            true,
            false,
            true,
            Optional.empty(),
            List.of()),
        new SourceSpec.Rpm(
            "other",
            new SourceSpec.RpmAddress(SourceSpec.RpmAddress.Kind.BASE_URL, "https://example.com/r"),
            false,
            false,
            false,
            Optional.empty(),
            List.of()));
  }

  private static String render(JobSpec job) throws IOException, KickstartException {
    return render(job, Files.readString(OutputType.template(SHARE, "tar")));
  }

  private static String render(JobSpec job, String template)
      throws IOException, KickstartException {
    return render(job, template, "debian");
  }

  private static String render(JobSpec job, String template, String distribution)
      throws IOException, KickstartException {
    return FinalKickstart.render(
        job,
        OutputType.load(SHARE, "tar"),
        template,
        Distribution.load(new Target(distribution, "").file(SHARE)));
  }
}
