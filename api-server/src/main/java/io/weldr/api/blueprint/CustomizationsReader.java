package io.weldr.api.blueprint;

import io.weldr.api.blueprint.Customizations.Firewall;
import io.weldr.api.blueprint.Customizations.FirewallZone;
import io.weldr.api.blueprint.Customizations.Group;
import io.weldr.api.blueprint.Customizations.Kernel;
import io.weldr.api.blueprint.Customizations.Services;
import io.weldr.api.blueprint.Customizations.SshKey;
import io.weldr.api.blueprint.Customizations.Timezone;
import io.weldr.api.blueprint.Customizations.User;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads the {@code customizations} table. */
final class CustomizationsReader {
  private static final SectionMapping<OsbuildSections> OSBUILD =
      SectionMapping.of(OsbuildSections.class);

  private static final Set<String> SECTIONS = new HashSet<>(OSBUILD.keys());

  static {
    SECTIONS.addAll(
        List.of(
            "hostname",
            "kernel",
            "sshkey",
            "user",
            "group",
            "timezone",
            "locale",
            "firewall",
            "services"));
  }

  private static final Set<String> USER_KEYS =
      Set.of(
          "name",
          "description",
          "password",
          "key",
          "home",
          "shell",
          "groups",
          "uid",
          "gid",
          "expiredate",
          "force_password_reset");

  /** (uid_t) -1 means "no change" to the kernel; 65535 is the same for 16 bits. */
  private static final long MAX_ID = 4_294_967_294L;

  private static final long RESERVED_ID = 65_535;
  private static final long MAX_DAYS = 1_000_000;

  private final TableReader table;

  CustomizationsReader(TableReader table) {
    this.table = table;
  }

  Customizations read() {
    for (String key : table.table().entries().keySet()) {
      String lower = key.toLowerCase(Locale.ROOT);
      if (!key.equals(lower) && SECTIONS.contains(lower)) {
        table.problems().add(table.pathOf(key), "customizations " + key + " should be " + lower);
      }
    }
    OsbuildSections osbuild = OSBUILD.readKnown(table);
    checkInstaller(osbuild);
    return new Customizations(
        table.text("hostname", ValueRule.HOST_NAME),
        table.table("kernel").flatMap(this::kernel),
        table.items("sshkey", this::sshKey),
        users(),
        groups(),
        table.table("timezone").flatMap(this::timezone),
        table.table("locale").flatMap(this::locale),
        table.table("firewall").flatMap(this::firewall),
        table.table("services").flatMap(this::services),
        osbuild,
        unknown());
  }

  /** Without this module the installer makes no users. */
  private void checkInstaller(OsbuildSections osbuild) {
    boolean withoutUsers =
        osbuild
            .installer()
            .flatMap(InstallerSection::modules)
            .filter(modules -> modules.disable().contains(InstallerSection.USERS_MODULE))
            .isPresent();
    if (withoutUsers && (table.has("user") || table.has("group"))) {
      table
          .problems()
          .add(
              table.pathOf("installer") + ".modules.disable",
              table.pathOf("installer")
                  + ".modules.disable must not have the users module when there are users or"
                  + " groups");
    }
  }

  private Optional<Kernel> kernel(TableReader section) {
    section.known(Set.of("append", "name"));
    if (!section.has("append") && !section.has("name")) {
      missing(section, "append field");
    }
    return Optional.of(
            new Kernel(
                section.text("append", ValueRule.KERNEL_ARGUMENTS),
                section.text("name", ValueRule.RPM_NAME)))
        .filter(kernel -> kernel.append().isPresent() || kernel.name().isPresent());
  }

  private Optional<SshKey> sshKey(TableReader item) {
    item.known(Set.of("user", "key"));
    item.requires("user", "key");
    for (String key : List.of("user", "key")) {
      if (item.node(key).filter(new Node.Text("")::equals).isPresent()) {
        item.problem(key, "must not be empty");
      }
    }
    Optional<String> user = item.text("user", ValueRule.ACCOUNT_NAME);
    Optional<String> key = item.text("key", ValueRule.SSH_KEY);
    return user.flatMap(u -> key.map(k -> new SshKey(u, k)));
  }

  private List<User> users() {
    List<User> users = table.items("user", this::user);
    String path = table.pathOf("user");
    for (String name : repeated(users, user -> named(user.name()))) {
      table.problems().add(path, path + " has more than one entry for '" + name + "'");
    }
    return users;
  }

  /** The messages are osbuild-composer's. */
  private List<Group> groups() {
    List<Group> groups = table.items("group", this::group);
    String path = table.pathOf("group");
    Problems problems = table.problems();
    problems.under(
        path,
        "invalid group customizations:",
        () -> {
          repeated(groups, group -> named(group.name()))
              .forEach(name -> problems.add(path, "duplicate group name: " + name));
          repeated(groups, Group::gid)
              .forEach(gid -> problems.add(path, "duplicate group ID: " + gid));
        });
    return groups;
  }

  /** An entry without a name was already complained about. */
  private static Optional<String> named(String name) {
    return Optional.of(name).filter(n -> !n.isEmpty());
  }

  /** Values that more than one item has, each once, in the order of the items. */
  private static <T, V> Set<V> repeated(List<T> items, Function<T, Optional<V>> value) {
    Set<V> seen = new HashSet<>();
    Set<V> repeated = new LinkedHashSet<>();
    items.stream()
        .map(value)
        .flatMap(Optional::stream)
        .filter(v -> !seen.add(v))
        .forEach(repeated::add);
    return repeated;
  }

  private Optional<User> user(TableReader item) {
    item.known(USER_KEYS);
    Optional<String> name = BlueprintReader.nameOf(item, ValueRule.ACCOUNT_NAME);
    Optional<Long> uid = id(item, "uid");
    if (uid.filter(id -> id == 0).isPresent() && !name.equals(Optional.of("root"))) {
      item.problem("uid", "must not be 0, which is root's");
    }
    return Optional.of(
        new User(
            name.orElse(""),
            item.text("description", ValueRule.ACCOUNT_DESCRIPTION),
            password(item),
            item.text("key", ValueRule.SSH_KEY),
            item.text("home", ValueRule.ABSOLUTE_PATH),
            item.text("shell", ValueRule.ABSOLUTE_PATH),
            item.texts("groups", ValueRule.ACCOUNT_NAME),
            uid,
            id(item, "gid"),
            item.number("expiredate", 0, MAX_DAYS),
            item.flag("force_password_reset")));
  }

  /** The password as a hash; clear text goes no further than here. */
  private Optional<String> password(TableReader item) {
    Optional<String> password = item.text("password", ValueRule.ANY_TEXT);
    if (password.filter(PasswordHash::isUnusable).isPresent()) {
      item.problem(
          "password", "is not a hash of the methods $6$, $5$, $2b$ and $y$ as crypt writes them");
      return Optional.empty();
    }
    if (password.filter(PasswordHash::isCrypted).isPresent()) {
      return password;
    }
    if (password.filter(PasswordHash::isTooLong).isPresent()) {
      item.problem("password", "must have at most 256 characters");
      return Optional.empty();
    }
    return password.map(PasswordHash::hash);
  }

  private Optional<Group> group(TableReader item) {
    item.known(Set.of("name", "gid"));
    Optional<String> name = BlueprintReader.nameOf(item, ValueRule.ACCOUNT_NAME);
    return Optional.of(new Group(name.orElse(""), id(item, "gid")));
  }

  private static Optional<Long> id(TableReader item, String key) {
    Optional<Long> id = item.number(key, 0, MAX_ID);
    if (id.filter(value -> value == RESERVED_ID).isPresent()) {
      item.problem(key, "must not be " + RESERVED_ID + ", which is reserved");
    }
    return id;
  }

  private Optional<Timezone> timezone(TableReader section) {
    section.known(Set.of("timezone", "ntpservers"));
    if (!section.has("timezone") && !section.has("ntpservers")) {
      missing(section, "timezone or ntpservers fields");
    }
    return Optional.of(
            new Timezone(
                section.text("timezone", ValueRule.TIME_ZONE),
                section.texts("ntpservers", ValueRule.NTP_SERVER)))
        .filter(t -> t.zone().isPresent() || !t.ntpServers().isEmpty());
  }

  private Optional<Customizations.Locale> locale(TableReader section) {
    section.known(Set.of("languages", "keyboard"));
    if (!section.has("languages") && !section.has("keyboard")) {
      missing(section, "languages or keyboard fields");
    }
    return Optional.of(
            new Customizations.Locale(
                section.texts("languages", ValueRule.LANGUAGE),
                section.text("keyboard", ValueRule.KEYBOARD)))
        .filter(l -> !l.languages().isEmpty() || l.keyboard().isPresent());
  }

  private Optional<Firewall> firewall(TableReader section) {
    section.known(Set.of("ports", "services", "zones"));
    if (!section.has("ports") && !section.has("services") && !section.has("zones")) {
      missing(section, "ports field or services section");
    }
    List<String> ports = section.texts("ports", ValueRule.PORT);
    Optional<Services> services =
        section
            .table("services")
            .map(s -> switches(s, Set.of("enabled", "disabled"), ValueRule.FIREWALL_SERVICE));
    return Optional.of(
            new Firewall(
                ports,
                services.map(Services::enabled).orElse(List.of()),
                services.map(Services::disabled).orElse(List.of()),
                section.items("zones", this::zone)))
        .filter(Predicate.not(new Firewall(List.of(), List.of(), List.of(), List.of())::equals));
  }

  private Optional<FirewallZone> zone(TableReader item) {
    item.known(Set.of("name", "sources"));
    Optional<String> name = BlueprintReader.nameOf(item, ValueRule.FIREWALL_ZONE);
    List<String> sources = item.texts("sources", ValueRule.FIREWALL_SOURCE);
    return name.map(n -> new FirewallZone(n, sources));
  }

  private Optional<Services> services(TableReader section) {
    return Optional.of(
            switches(section, Set.of("enabled", "disabled", "masked"), ValueRule.UNIT_NAME))
        .filter(Predicate.not(new Services(List.of(), List.of(), List.of())::equals));
  }

  private static Services switches(TableReader section, Set<String> keys, ValueRule rule) {
    section.known(keys);
    if (keys.stream().noneMatch(section::has)) {
      missing(section, "enabled or disabled fields");
    }
    return new Services(
        section.texts("enabled", rule),
        section.texts("disabled", rule),
        keys.contains("masked") ? section.texts("masked", rule) : List.of());
  }

  private static void missing(TableReader section, String what) {
    section.problems().add(section.path(), "'" + section.path() + "': missing " + what + ".");
  }

  private Map<String, Node> unknown() {
    Map<String, Node> unknown = new LinkedHashMap<>();
    table
        .table()
        .entries()
        .forEach(
            (key, value) -> {
              if (!SECTIONS.contains(key)) {
                unknown.put(key, PasswordHash.inside(key, value));
              }
            });
    return unknown;
  }
}
