package io.weldr.worker.build;

import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.TestMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the golden kickstarts are rendered from: releases, and blueprints with one customization.
 */
final class GoldenCases {
  static final Path SHARE = Path.of("../share").toAbsolutePath().normalize();

  /** Each with the file in {@code share/distros}. */
  static final Map<String, String> RELEASES =
      Map.of(
          "debian-12", "debian",
          "fedora-33", "fedora",
          "fedora-44", "fedora",
          "rhel-8", "rhel",
          "rhel-9", "rhel");

  static final List<String> TYPES =
      List.of(
          "alibaba",
          "ami",
          "ext4-filesystem",
          "google",
          "hyper-v",
          "live-iso",
          "liveimg-tar",
          "openstack",
          "partitioned-disk",
          "qcow2",
          "tar",
          "vhd",
          "vmdk");

  private static final Customizations ALL = Jobs.everything();

  private GoldenCases() {}

  /**
   * A blueprint's customizations.
   *
   * @param commands names of the commands they add after the packages
   */
  record Case(Customizations customizations, List<String> commands) {
    /** Without what a type whose template disables the firewall refuses. */
    Case withoutFirewall() {
      Customizations from = customizations;
      return new Case(
          new Customizations(
              from.hostname(),
              from.kernelAppend(),
              from.sshKeys(),
              from.users(),
              from.groups(),
              from.timezone(),
              from.locale(),
              Optional.empty(),
              from.services()),
          commands);
    }
  }

  static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    for (String name : List.of("none", "kernel", "timezone", "locale", "firewall", "services")) {
      cases.put(name, only(name));
    }
    cases.put("hostname", only("hostname", "network"));
    cases.put("sshkey", only("sshkey", "sshkey"));
    cases.put("user", only("user", "sshkey", "user", "user"));
    cases.put("root", only("user", List.of(root()), "sshkey"));
    cases.put("group", only("group", "group", "group"));
    // One of the groups is the user's own.
    cases.put(
        "all", new Case(ALL, List.of("network", "sshkey", "sshkey", "user", "user", "group")));
    return cases;
  }

  static JobSpec job(Case of, PackageFamily family) {
    List<SourceSpec> sources = family == PackageFamily.APT ? apt() : rpm();
    List<PackageSpec> packages = family == PackageFamily.APT ? Jobs.packages() : rpms();
    return Jobs.job(packages, sources, of.customizations(), TestMode.NONE);
  }

  static Distribution distribution(String release) throws IOException {
    return Distribution.load(SHARE.resolve("distros/" + RELEASES.get(release) + ".toml"))
        .forRelease(release.substring(release.indexOf('-') + 1));
  }

  private static Customizations.User root() {
    Customizations.User root = Jobs.user("root");
    return new Customizations.User(
        root.name(),
        Optional.of("ignored"),
        Optional.of(Jobs.HASH),
        Optional.of(Jobs.KEY),
        root.home(),
        root.shell(),
        root.groups(),
        root.uid(),
        OptionalLong.empty());
  }

  private static List<SourceSpec> apt() {
    return List.of(
        new SourceSpec.Host("debian"),
        new SourceSpec.Apt(
            "mine",
            "https://repo.example.com/debian",
            List.of("bookworm", "bookworm-updates"),
            List.of("main", "extra"),
            false,
            false,
            Optional.of("http://proxy.example.com:3128"),
            List.of()));
  }

  private static List<SourceSpec> rpm() {
    return List.of(
        rpm(SourceSpec.RpmAddress.Kind.BASE_URL, "https://repo.example.com/os/$basearch/", true),
        rpm(SourceSpec.RpmAddress.Kind.METALINK, "https://mirrors.example.com/metalink?a=b", true),
        rpm(SourceSpec.RpmAddress.Kind.MIRRORLIST, "https://mirrors.example.com/list", false));
  }

  static SourceSpec rpm(SourceSpec.RpmAddress.Kind kind, String url, boolean checked) {
    return new SourceSpec.Rpm(
        kind.option(),
        new SourceSpec.RpmAddress(kind, url),
        checked,
        false,
        checked,
        checked ? Optional.empty() : Optional.of("http://proxy.example.com:3128"),
        List.of());
  }

  static List<PackageSpec> rpms() {
    return List.of(
        Jobs.pkg("bash", 0, "5.2.37", "1.x", "x86_64"),
        Jobs.pkg("shadow-utils", 2, "4.15.1", "12.x", "x86_64"),
        Jobs.pkg("tzdata", 0, "2026a", "1.x", "noarch"));
  }

  /** Of the customizations that have everything, those with one of the names. */
  private static Case only(String name, String... commands) {
    return only(name, ALL.users(), commands);
  }

  private static Case only(String name, List<Customizations.User> users, String... commands) {
    return new Case(
        new Customizations(
            name.equals("hostname") ? ALL.hostname() : Optional.empty(),
            name.equals("kernel") ? ALL.kernelAppend() : Optional.empty(),
            name.equals("sshkey") ? ALL.sshKeys() : List.of(),
            name.equals("user") ? users : List.of(),
            name.equals("group") ? ALL.groups() : List.of(),
            name.equals("timezone") ? ALL.timezone() : Optional.empty(),
            name.equals("locale") ? ALL.locale() : Optional.empty(),
            name.equals("firewall") ? ALL.firewall() : Optional.empty(),
            name.equals("services") ? ALL.services() : Optional.empty()),
        List.of(commands));
  }
}
