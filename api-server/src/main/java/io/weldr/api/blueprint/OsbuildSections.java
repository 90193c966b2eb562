package io.weldr.api.blueprint;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sections of {@code customizations} that osbuild-composer has and lorax-composer has not. They
 * are checked and kept; no installer here carries them out.
 */
public record OsbuildSections(
    Optional<String> partitioningMode,
    @Key(rule = ValueRule.LINE) Optional<String> installationDevice,
    Optional<Boolean> fips,
    List<DiskSection.Filesystem> filesystem,
    Optional<DiskSection> disk,
    List<FileSections.Directory> directories,
    List<FileSections.RegularFile> files,
    List<RepositorySection> repositories,
    @Key("containers-storage") Optional<Containers> containersStorage,
    Optional<Fdo> fdo,
    Optional<Openscap> openscap,
    Optional<Ignition> ignition,
    Optional<InstallerSection> installer,
    Optional<FirstbootSection> firstboot,
    Optional<Rpm> rpm,
    Optional<Rhsm> rhsm,
    Optional<Cacerts> cacerts,
    Optional<Dnf> dnf,
    Optional<Iso> iso,
    Optional<Sshd> sshd)
    implements Section {

  @Override
  public void check(TableReader table) {
    if (partitioningMode.filter(m -> !Set.of("raw", "lvm", "auto-lvm").contains(m)).isPresent()) {
      table.problem("partitioning_mode", "must be raw, lvm or auto-lvm");
    }
    FileSections.check(directories, files, table);
  }

  /** Onboarding of devices; at most one of the keys of the owner is given. */
  public record Fdo(
      @Key(rule = ValueRule.URL) Optional<String> manufacturingServerUrl,
      @Key(rule = ValueRule.LINE) Optional<String> diunPubKeyInsecure,
      @Key(rule = ValueRule.LINE) Optional<String> diunPubKeyHash,
      Optional<String> diunPubKeyRootCerts,
      @Key(rule = ValueRule.LINE) Optional<String> diMfgStringTypeMacIface)
      implements Section {
    @Override
    public void check(TableReader table) {
      List<Optional<String>> keys =
          List.of(diunPubKeyInsecure, diunPubKeyHash, diunPubKeyRootCerts);
      if (keys.stream().filter(Optional::isPresent).count() > 1) {
        table
            .problems()
            .add(
                table.path(),
                table.path()
                    + " must have only one of diun_pub_key_insecure, diun_pub_key_hash and"
                    + " diun_pub_key_root_certs");
      }
    }
  }

  /** Hardening; a profile or a policy is needed. */
  public record Openscap(
      @Key(rule = ValueRule.LINE) Optional<String> datastream,
      @Key(rule = ValueRule.LINE) Optional<String> profileId,
      @Key(rule = ValueRule.LINE) Optional<String> policyId,
      Optional<Tailoring> tailoring,
      Optional<JsonTailoring> jsonTailoring)
      implements Section {
    @Override
    public void check(TableReader table) {
      if (!table.has("profile_id") && !table.has("policy_id")) {
        table.requires("profile_id");
      }
      if (tailoring.isPresent() && jsonTailoring.isPresent()) {
        table.problem("json_tailoring", "cannot be used together with tailoring");
      }
    }
  }

  /** Rules taken in or left out. */
  public record Tailoring(
      @Key(rule = ValueRule.LINE) List<String> selected,
      @Key(rule = ValueRule.LINE) List<String> unselected)
      implements Section {
    public Tailoring {
      selected = List.copyOf(selected);
      unselected = List.copyOf(unselected);
    }
  }

  /** A tailoring file of the image. */
  public record JsonTailoring(
      @Key(rule = ValueRule.LINE) String profileId,
      @Key(rule = ValueRule.CANONICAL_PATH) String filepath)
      implements Section {}

  /** First boot of ostree images. */
  public record Ignition(Optional<Embedded> embedded, Optional<ProvisioningUrl> firstboot)
      implements Section {}

  /**
   * A configuration in the image.
   *
   * @param config base64
   */
  public record Embedded(String config) implements Section {
    @Override
    public void check(TableReader table) {
      try {
        Base64.getDecoder().decode(config);
      } catch (IllegalArgumentException e) {
        table.problem("config", "must be base64");
      }
    }
  }

  /** Where the configuration comes from at the first boot. */
  public record ProvisioningUrl(
      @Key(rule = ValueRule.URL) Optional<String> url, Optional<Boolean> empty) implements Section {
    @Override
    public void check(TableReader table) {
      if (url.isPresent() && empty.filter(e -> e).isPresent()) {
        table
            .problems()
            .add(
                table.path(),
                "ignition.firstboot.url is mutually exclusive with ignition.firstboot.empty");
      }
    }
  }

  /** Keys for the image's rpm database. */
  public record Rpm(Optional<ImportKeys> importKeys) implements Section {}

  /** Files of the image. */
  public record ImportKeys(@Key(rule = ValueRule.CANONICAL_PATH) List<String> files)
      implements Section {
    public ImportKeys {
      files = List.copyOf(files);
    }
  }

  /** Subscription of Red Hat systems. */
  public record Rhsm(Optional<RhsmConfig> config) implements Section {}

  /** Configuration of dnf's plugins and of the subscription manager. */
  public record RhsmConfig(
      Optional<DnfPlugins> dnfPlugins, Optional<SubscriptionManager> subscriptionManager)
      implements Section {}

  /** Plugins of dnf. */
  public record DnfPlugins(Optional<Plugin> productId, Optional<Plugin> subscriptionManager)
      implements Section {}

  /** A plugin of dnf. */
  public record Plugin(Optional<Boolean> enabled) implements Section {}

  /** Parts of rhsm.conf. */
  public record SubscriptionManager(Optional<RhsmPart> rhsm, Optional<Rhsmcertd> rhsmcertd)
      implements Section {}

  /** Section {@code rhsm} of rhsm.conf. */
  public record RhsmPart(Optional<Boolean> manageRepos, Optional<Boolean> autoEnableYumPlugins)
      implements Section {}

  /** Section {@code rhsmcertd} of rhsm.conf. */
  public record Rhsmcertd(Optional<Boolean> autoRegistration) implements Section {}

  /** Certificates the image trusts. */
  public record Cacerts(List<String> pemCerts) implements Section {
    public Cacerts {
      pemCerts = List.copyOf(pemCerts);
    }

    @Override
    public void check(TableReader table) {
      for (int i = 0; i < pemCerts.size(); i++) {
        byte[] pem = pemCerts.get(i).getBytes(StandardCharsets.UTF_8);
        try {
          if (CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .isEmpty()) {
            throw new CertificateException("no certificate");
          }
        } catch (CertificateException e) {
          table.problem("pem_certs", i, "must be certificates in PEM form");
        }
      }
    }
  }

  /** Where containers are put that the image holds. */
  public record Containers(
      @Key(value = "destination-path", rule = ValueRule.CANONICAL_PATH)
          Optional<String> destinationPath)
      implements Section {}

  /** Configuration of dnf. */
  public record Dnf(Optional<DnfConfig> config) implements Section {}

  /** Variables of dnf. */
  public record DnfConfig(Optional<Boolean> setReleasever) implements Section {}

  /** Fields of the ISO 9660 volume descriptor. */
  public record Iso(
      @Key(rule = ValueRule.VOLUME_ID) Optional<String> volumeId,
      @Key(rule = ValueRule.LINE) Optional<String> applicationId,
      @Key(rule = ValueRule.LINE) Optional<String> publisher)
      implements Section {}

  /**
   * Configuration of the SSH server.
   *
   * @param clientAliveInterval seconds
   * @param permitRootLogin true, false, or a text as sshd_config(5) has it
   */
  public record Sshd(
      Optional<Boolean> passwordAuthentication,
      @Key(most = 86_400) Optional<Long> clientAliveInterval,
      Optional<Node> permitRootLogin,
      Optional<Boolean> kbdInteractiveAuthentication)
      implements Section {
    private static final Set<Node> LOGINS =
        Set.of(
            new Node.Flag(true),
            new Node.Flag(false),
            new Node.Text("yes"),
            new Node.Text("no"),
            new Node.Text("prohibit-password"),
            new Node.Text("forced-commands-only"));

    @Override
    public void check(TableReader table) {
      if (permitRootLogin.filter(login -> !LOGINS.contains(login)).isPresent()) {
        table.problem(
            "permit_root_login",
            "must be true, false, \"prohibit-password\" or \"forced-commands-only\"");
      }
    }
  }
}
