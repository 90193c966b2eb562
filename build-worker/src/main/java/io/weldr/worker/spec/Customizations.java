package io.weldr.worker.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a blueprint changes in the image besides packages. */
public record Customizations(
    Optional<String> hostname,
    Optional<String> kernelAppend,
    List<SshKey> sshKeys,
    List<User> users,
    List<Group> groups,
    Optional<Timezone> timezone,
    Optional<Locale> locale,
    Optional<Firewall> firewall,
    Optional<Services> services) {

  /** No change at all. */
  public static final Customizations NONE =
      new Customizations(
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public Customizations {
    sshKeys = List.copyOf(sshKeys);
    users = List.copyOf(users);
    groups = List.copyOf(groups);
  }

  /**
   * A key that may log in as a user.
   *
   * @param key one line of authorized_keys
   */
  public record SshKey(String user, String key) {}

  /**
   * An account to make, or to set up when it is there.
   *
   * @param passwordHash crypt(3) hash, never clear text
   * @param key one line of authorized_keys
   */
  public record User(
      String name,
      Optional<String> description,
      Optional<String> passwordHash,
      Optional<String> key,
      Optional<String> home,
      Optional<String> shell,
      List<String> groups,
      OptionalLong uid,
      OptionalLong gid) {
    public User {
      groups = List.copyOf(groups);
    }
  }

  public record Group(String name, OptionalLong gid) {}

  /**
   * The clock.
   *
   * @param zone name in the zoneinfo database
   */
  public record Timezone(Optional<String> zone, List<String> ntpServers) {
    public Timezone {
      ntpServers = List.copyOf(ntpServers);
    }
  }

  /**
   * Language and keyboard.
   *
   * @param languages locale names, the first is the default
   */
  public record Locale(List<String> languages, Optional<String> keyboard) {
    public Locale {
      languages = List.copyOf(languages);
    }
  }

  /**
   * What the firewall lets in.
   *
   * @param ports {@code PORT:PROTOCOL}, {@code FROM-TO:PROTOCOL} or {@code SERVICE:PROTOCOL}
   */
  public record Firewall(
      List<String> ports, List<String> enabledServices, List<String> disabledServices) {
    public Firewall {
      ports = List.copyOf(ports);
      enabledServices = List.copyOf(enabledServices);
      disabledServices = List.copyOf(disabledServices);
    }
  }

  public record Services(List<String> enabled, List<String> disabled) {
    public Services {
      enabled = List.copyOf(enabled);
      disabled = List.copyOf(disabled);
    }
  }
}
