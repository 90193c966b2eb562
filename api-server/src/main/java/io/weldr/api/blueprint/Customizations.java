package io.weldr.api.blueprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What shall be configured in an image. Every value was checked when it was read: texts have no
 * control characters and match the narrow pattern of their field.
 *
 * @param osbuild sections that only osbuild-composer knows
 * @param unknown sections nobody knows, kept as they came but for passwords, which are hashed
 */
public record Customizations(
    Optional<String> hostname,
    Optional<Kernel> kernel,
    List<SshKey> sshKeys,
    List<User> users,
    List<Group> groups,
    Optional<Timezone> timezone,
    Optional<Locale> locale,
    Optional<Firewall> firewall,
    Optional<Services> services,
    OsbuildSections osbuild,
    Map<String, Node> unknown) {

  public Customizations {
    sshKeys = List.copyOf(sshKeys);
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    unknown = new Node.Table(unknown).entries();
  }

  /**
   * Kernel options.
   *
   * @param append words for the kernel command line
   * @param name package of the kernel to install, osbuild-composer only
   */
  public record Kernel(Optional<String> append, Optional<String> name) {}

  /** One line of authorized_keys for an account that exists. */
  public record SshKey(String user, String key) {}

  /**
   * An account; {@code root} is changed, all others are created.
   *
   * @param description the GECOS field
   * @param password crypt(3) hash of method 6, 5, 2b or y; never clear text
   * @param key one line of authorized_keys
   * @param home absolute path
   * @param shell absolute path
   * @param expireDate days since 1970-01-01, osbuild-composer only
   * @param forcePasswordReset at the first login, osbuild-composer only
   */
  public record User(
      String name,
      Optional<String> description,
      Optional<String> password,
      Optional<String> key,
      Optional<String> home,
      Optional<String> shell,
      List<String> groups,
      Optional<Long> uid,
      Optional<Long> gid,
      Optional<Long> expireDate,
      Optional<Boolean> forcePasswordReset) {
    public User {
      groups = List.copyOf(groups);
    }

    /** Without the password, which has no place in logs. */
    @Override
    public String toString() {
      return "User[" + name + "]";
    }
  }

  /** A group of accounts. */
  public record Group(String name, Optional<Long> gid) {}

  /**
   * Time.
   *
   * @param zone as {@code Europe/Vienna}
   * @param ntpServers host names or addresses
   */
  public record Timezone(Optional<String> zone, List<String> ntpServers) {
    public Timezone {
      ntpServers = List.copyOf(ntpServers);
    }
  }

  /**
   * Language and keyboard.
   *
   * @param languages the first is the system's language
   */
  public record Locale(List<String> languages, Optional<String> keyboard) {
    public Locale {
      languages = List.copyOf(languages);
    }
  }

  /**
   * Packet filter.
   *
   * @param ports {@code PORT:PROTOCOL}, {@code FROM-TO:PROTOCOL} or {@code SERVICE:PROTOCOL}
   * @param zones osbuild-composer only
   */
  public record Firewall(
      List<String> ports,
      List<String> enabledServices,
      List<String> disabledServices,
      List<FirewallZone> zones) {
    public Firewall {
      ports = List.copyOf(ports);
      enabledServices = List.copyOf(enabledServices);
      disabledServices = List.copyOf(disabledServices);
      zones = List.copyOf(zones);
    }
  }

  /** A zone of firewalld and the addresses bound to it. */
  public record FirewallZone(String name, List<String> sources) {
    public FirewallZone {
      sources = List.copyOf(sources);
    }
  }

  /**
   * Units of systemd.
   *
   * @param masked osbuild-composer only
   */
  public record Services(List<String> enabled, List<String> disabled, List<String> masked) {
    public Services {
      enabled = List.copyOf(enabled);
      disabled = List.copyOf(disabled);
      masked = List.copyOf(masked);
    }
  }

  /**
   * Sections that are stored but that no installer here carries out, as {@code filesystem} or
   * {@code firewall.zones}; a compose must be refused with these names.
   */
  public List<String> unsupportedSections() {
    List<String> sections = new ArrayList<>();
    if (kernel.flatMap(Kernel::name).isPresent()) {
      sections.add("kernel.name");
    }
    if (users.stream().anyMatch(u -> u.expireDate().isPresent())) {
      sections.add("user.expiredate");
    }
    if (users.stream().anyMatch(u -> u.forcePasswordReset().isPresent())) {
      sections.add("user.force_password_reset");
    }
    if (firewall.stream().anyMatch(f -> !f.zones().isEmpty())) {
      sections.add("firewall.zones");
    }
    if (services.stream().anyMatch(s -> !s.masked().isEmpty())) {
      sections.add("services.masked");
    }
    sections.addAll(SectionMapping.entries(osbuild).keySet());
    sections.addAll(unknown.keySet());
    return List.copyOf(sections);
  }
}
