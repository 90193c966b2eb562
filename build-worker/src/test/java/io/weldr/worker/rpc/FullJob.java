package io.weldr.worker.rpc;

import com.google.protobuf.ByteString;
import io.weldr.proto.worker.v1.AptSource;
import io.weldr.proto.worker.v1.Customizations;
import io.weldr.proto.worker.v1.Firewall;
import io.weldr.proto.worker.v1.GitRepository;
import io.weldr.proto.worker.v1.Group;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.Locale;
import io.weldr.proto.worker.v1.RpmSource;
import io.weldr.proto.worker.v1.Services;
import io.weldr.proto.worker.v1.Source;
import io.weldr.proto.worker.v1.SshKey;
import io.weldr.proto.worker.v1.Timezone;
import io.weldr.proto.worker.v1.User;

/** A job that has everything, and its parts to change. */
final class FullJob {
  private FullJob() {}

  static JobSpec full() {
    AptSource apt =
        AptSource.newBuilder()
            .setUrl("https://example.org/debian")
            .addSuites("stable")
            .addComponents("main")
            .setCheckSignature(true)
            .setCheckTls(true)
            .setProxy("http://proxy.example:3128/")
            .addPublicKeys(
                """
                -----BEGIN PGP PUBLIC KEY BLOCK-----

                mQIN
                =abcd
                -----END PGP PUBLIC KEY BLOCK-----
                """)
            .build();
    User user =
        User.newBuilder()
            .setName("admin")
            .setDescription("Ädmin, the \"first\"")
            .setPasswordHash("$6$saltsalt$0123456789abcdef./")
            .setKey("ssh-ed25519 AAAA admin@example")
            .setHome("/home/admin")
            .setShell("/bin/bash")
            .addGroups("wheel")
            .setUid((int) 4_000_000_000L)
            .setGid(1000)
            .build();
    Customizations customizations =
        Customizations.newBuilder()
            .setHostname("web")
            .setKernelAppend("console=ttyS0,115200n8 quiet")
            .addSshKeys(SshKey.newBuilder().setUser("root").setKey("ssh-rsa AAAA"))
            .addUsers(user)
            .addGroups(Group.newBuilder().setName("staff").setGid(50))
            .setTimezone(
                Timezone.newBuilder().setZone("Europe/Berlin").addNtpServers("ntp.example"))
            .setLocale(Locale.newBuilder().addLanguages("de_DE.UTF-8").setKeyboard("de"))
            .setFirewall(
                Firewall.newBuilder()
                    .addPorts("22:tcp")
                    .addEnabledServices("ssh")
                    .addDisabledServices("telnet"))
            .setServices(Services.newBuilder().addEnabled("sshd").addDisabled("getty@tty1.service"))
            .build();
    JobSpec base = TestServer.job("full");
    return base.toBuilder()
        .setComposeId("5a0cc4bc-6a6e-4bf0-9f0b-0b1a1f4f2a3c")
        .setPackages(
            0,
            base.getPackages(0).toBuilder()
                .setName("bash")
                .setEpoch(1)
                .setVersion("2.0")
                .setRelease("3")
                .setSha256(ByteString.fromHex("ab".repeat(32))))
        .addSources(Source.newBuilder().setId("mine").setApt(apt))
        .setCustomizations(customizations)
        .setSize(1L << 30)
        .addGitRepositories(
            GitRepository.newBuilder()
                .setUrl("https://git.example.com/site.git")
                .setCommit("0123456789".repeat(4))
                .setRef("origin/v1.0")
                .setDestination("/opt/site")
                .setName("site-config")
                .setVersion("1.0")
                .setRelease("1")
                .setSummary("The site's \"configuration\""))
        .build();
  }

  static io.weldr.proto.worker.v1.Package.Builder pkg(JobSpec.Builder job) {
    return job.getPackagesBuilder(0);
  }

  static GitRepository.Builder git(JobSpec.Builder job) {
    return job.getGitRepositoriesBuilder(0);
  }

  static AptSource.Builder apt(JobSpec.Builder job) {
    return job.getSourcesBuilder(1).getAptBuilder();
  }

  /** A repository in place of the archive. */
  static RpmSource.Builder rpm(JobSpec.Builder job) {
    return job.getSourcesBuilder(1).getRpmBuilder();
  }

  static Customizations.Builder custom(JobSpec.Builder job) {
    return job.getCustomizationsBuilder();
  }

  static User.Builder user(JobSpec.Builder job) {
    return custom(job).getUsersBuilder(0);
  }
}
