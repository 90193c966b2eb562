package io.weldr.worker.rpc;

import io.weldr.proto.worker.v1.Customizations;
import io.weldr.proto.worker.v1.Firewall;
import io.weldr.proto.worker.v1.Group;
import io.weldr.proto.worker.v1.Locale;
import io.weldr.proto.worker.v1.Services;
import io.weldr.proto.worker.v1.Timezone;
import io.weldr.proto.worker.v1.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Checks the customizations of a job and turns them into specs. */
final class CustomizationsValidation {
  private static final int MOST_ACCOUNTS = 256;
  private static final int MOST_NAMES = 256;
  private static final int MOST_SERVERS = 16;

  /** The highest number is the C library's "no change". */
  private static final long HIGHEST_ID = 0xfffffffeL;

  private static final String ROOT = "customizations";

  private final Problems problems;

  CustomizationsValidation(Problems problems) {
    this.problems = problems;
  }

  io.weldr.worker.spec.Customizations customizations(Customizations from) {
    problems.checkOptional(ROOT + ".hostname", from.getHostname(), FieldRule.HOST_NAME);
    problems.checkOptional(
        ROOT + ".kernel_append", from.getKernelAppend(), FieldRule.KERNEL_APPEND);
    return new io.weldr.worker.spec.Customizations(
        optional(from.getHostname()),
        optional(from.getKernelAppend()),
        sshKeys(from),
        users(from),
        groups(from),
        from.hasTimezone() ? Optional.of(timezone(from.getTimezone())) : Optional.empty(),
        from.hasLocale() ? Optional.of(locale(from.getLocale())) : Optional.empty(),
        from.hasFirewall() ? Optional.of(firewall(from.getFirewall())) : Optional.empty(),
        from.hasServices() ? Optional.of(services(from.getServices())) : Optional.empty());
  }

  private List<io.weldr.worker.spec.Customizations.SshKey> sshKeys(Customizations from) {
    List<io.weldr.worker.spec.Customizations.SshKey> keys = new ArrayList<>();
    problems.each(
        ROOT + ".ssh_keys",
        from.getSshKeysList(),
        MOST_ACCOUNTS,
        (place, key) -> {
          problems.check(place + ".user", key.getUser(), FieldRule.USER_NAME);
          problems.check(place + ".key", key.getKey(), FieldRule.SSH_KEY);
          keys.add(new io.weldr.worker.spec.Customizations.SshKey(key.getUser(), key.getKey()));
        });
    return keys;
  }

  private List<io.weldr.worker.spec.Customizations.User> users(Customizations from) {
    List<io.weldr.worker.spec.Customizations.User> users = new ArrayList<>();
    Consumer<String> unique = problems.unique(ROOT + ".users");
    problems.each(
        ROOT + ".users",
        from.getUsersList(),
        MOST_ACCOUNTS,
        (place, user) -> {
          unique.accept(user.getName());
          users.add(user(place, user));
        });
    return users;
  }

  private io.weldr.worker.spec.Customizations.User user(String place, User user) {
    problems.check(place + ".name", user.getName(), FieldRule.USER_NAME);
    problems.checkOptional(place + ".description", user.getDescription(), FieldRule.DESCRIPTION);
    problems.checkOptional(
        place + ".password_hash", user.getPasswordHash(), FieldRule.PASSWORD_HASH);
    problems.checkOptional(place + ".key", user.getKey(), FieldRule.SSH_KEY);
    problems.checkOptional(place + ".home", user.getHome(), FieldRule.PATH);
    problems.checkOptional(place + ".shell", user.getShell(), FieldRule.PATH);
    problems.checkAll(place + ".groups", user.getGroupsList(), MOST_NAMES, FieldRule.GROUP_NAME);
    return new io.weldr.worker.spec.Customizations.User(
        user.getName(),
        optional(user.getDescription()),
        optional(user.getPasswordHash()),
        optional(user.getKey()),
        optional(user.getHome()),
        optional(user.getShell()),
        user.getGroupsList(),
        number(place + ".uid", user.hasUid(), user.getUid()),
        number(place + ".gid", user.hasGid(), user.getGid()));
  }

  private List<io.weldr.worker.spec.Customizations.Group> groups(Customizations from) {
    List<io.weldr.worker.spec.Customizations.Group> groups = new ArrayList<>();
    Consumer<String> unique = problems.unique(ROOT + ".groups");
    problems.each(
        ROOT + ".groups",
        from.getGroupsList(),
        MOST_ACCOUNTS,
        (place, group) -> {
          unique.accept(group.getName());
          groups.add(group(place, group));
        });
    return groups;
  }

  private io.weldr.worker.spec.Customizations.Group group(String place, Group group) {
    problems.check(place + ".name", group.getName(), FieldRule.GROUP_NAME);
    return new io.weldr.worker.spec.Customizations.Group(
        group.getName(), number(place + ".gid", group.hasGid(), group.getGid()));
  }

  private io.weldr.worker.spec.Customizations.Timezone timezone(Timezone from) {
    String place = ROOT + ".timezone";
    problems.checkOptional(place + ".zone", from.getZone(), FieldRule.ZONE);
    problems.checkAll(
        place + ".ntp_servers", from.getNtpServersList(), MOST_SERVERS, FieldRule.SERVER);
    return new io.weldr.worker.spec.Customizations.Timezone(
        optional(from.getZone()), from.getNtpServersList());
  }

  private io.weldr.worker.spec.Customizations.Locale locale(Locale from) {
    String place = ROOT + ".locale";
    problems.checkAll(
        place + ".languages", from.getLanguagesList(), MOST_NAMES, FieldRule.LANGUAGE);
    problems.checkOptional(place + ".keyboard", from.getKeyboard(), FieldRule.KEYBOARD);
    return new io.weldr.worker.spec.Customizations.Locale(
        from.getLanguagesList(), optional(from.getKeyboard()));
  }

  private io.weldr.worker.spec.Customizations.Firewall firewall(Firewall from) {
    String place = ROOT + ".firewall";
    FieldRule service = FieldRule.FIREWALL_SERVICE;
    problems.checkAll(place + ".ports", from.getPortsList(), MOST_NAMES, FieldRule.PORT);
    problems.checkAll(
        place + ".enabled_services", from.getEnabledServicesList(), MOST_NAMES, service);
    problems.checkAll(
        place + ".disabled_services", from.getDisabledServicesList(), MOST_NAMES, service);
    return new io.weldr.worker.spec.Customizations.Firewall(
        from.getPortsList(), from.getEnabledServicesList(), from.getDisabledServicesList());
  }

  private io.weldr.worker.spec.Customizations.Services services(Services from) {
    String place = ROOT + ".services";
    problems.checkAll(place + ".enabled", from.getEnabledList(), MOST_NAMES, FieldRule.UNIT);
    problems.checkAll(place + ".disabled", from.getDisabledList(), MOST_NAMES, FieldRule.UNIT);
    return new io.weldr.worker.spec.Customizations.Services(
        from.getEnabledList(), from.getDisabledList());
  }

  private OptionalLong number(String place, boolean present, int unsigned) {
    long value = Integer.toUnsignedLong(unsigned);
    if (present && value > HIGHEST_ID) {
      problems.add(place, value + " is not a user or group number");
    }
    return present ? OptionalLong.of(value) : OptionalLong.empty();
  }

  private static Optional<String> optional(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
