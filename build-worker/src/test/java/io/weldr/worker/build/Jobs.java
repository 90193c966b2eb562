package io.weldr.worker.build;

import io.weldr.worker.spec.BlueprintDocument;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.TestMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Jobs for tests. */
public final class Jobs {
  public static final UUID ID = UUID.fromString("0a1b2c3d-1111-4222-8333-444455556666");
  public static final String HASH = "$6$saltsalt$" + "a".repeat(86);
  public static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAabc admin@example.com";

  private Jobs() {}

  public static JobSpec with(Customizations customizations) {
    return job(packages(), List.of(new SourceSpec.Host("debian")), customizations, TestMode.NONE);
  }

  public static JobSpec job(
      List<PackageSpec> packages,
      List<SourceSpec> sources,
      Customizations customizations,
      TestMode mode) {
    return job("tar", packages, sources, customizations, mode);
  }

  /** As above, of another output type. */
  public static JobSpec job(
      String type,
      List<PackageSpec> packages,
      List<SourceSpec> sources,
      Customizations customizations,
      TestMode mode) {
    return new JobSpec(
        ID,
        type,
        new BlueprintDocument("http-server", "0.0.1", "0".repeat(40), "", ""),
        packages,
        sources,
        customizations,
        mode,
        0,
        0,
        0);
  }

  public static List<PackageSpec> packages() {
    return List.of(
        pkg("base-files", 0, "12.4+deb12u11", "", "amd64"),
        pkg("bsdutils", 1, "2.38.1", "5+deb12u3", "amd64"),
        pkg("adduser", 0, "3.134", "", "all"));
  }

  public static PackageSpec pkg(
      String name, long epoch, String version, String release, String arch) {
    return new PackageSpec(name, epoch, version, release, arch, "debian", "0".repeat(64), 1000);
  }

  public static Customizations.User user(String name) {
    return new Customizations.User(
        name,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  public static Customizations withUser(Customizations.User user) {
    return new Wishes().users(user).done();
  }

  /** Every field that a blueprint can set. */
  public static Customizations everything() {
    return new Customizations(
        Optional.of("web01.example.com"),
        Optional.of("console=ttyS0 quiet"),
        List.of(new Customizations.SshKey("root", KEY)),
        List.of(
            new Customizations.User(
                "admin",
                Optional.of("Operator \"night\" $HOME"),
                Optional.of(HASH),
                Optional.of(KEY),
                Optional.of("/srv/admin"),
                Optional.of("/bin/bash"),
                List.of("wheel", "adm", "web"),
                OptionalLong.of(1500),
                OptionalLong.of(1501)),
            user("plain")),
        List.of(
            new Customizations.Group("web", OptionalLong.of(2000)),
            new Customizations.Group("plain", OptionalLong.of(2001))),
        Optional.of(
            new Customizations.Timezone(
                Optional.of("Europe/Vienna"), List.of("0.pool.example.org", "192.0.2.1"))),
        Optional.of(
            new Customizations.Locale(List.of("de_AT.UTF-8", "en_US.UTF-8"), Optional.of("de"))),
        Optional.of(
            new Customizations.Firewall(
                List.of("80:tcp", "22:tcp"), List.of("ftp"), List.of("telnet"))),
        Optional.of(new Customizations.Services(List.of("sshd", "nginx"), List.of("cron"))));
  }
}
