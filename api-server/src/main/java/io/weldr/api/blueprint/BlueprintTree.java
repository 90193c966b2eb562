package io.weldr.api.blueprint;

import io.weldr.api.blueprint.Customizations.Firewall;
import io.weldr.api.blueprint.Customizations.FirewallZone;
import io.weldr.api.blueprint.Customizations.User;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A blueprint as a document tree, with the keys in the order of the Weldr API: name, description,
 * version, modules, packages, groups, then the rest.
 */
final class BlueprintTree {
  private BlueprintTree() {}

  static Node.Table of(Blueprint blueprint) {
    Entries document = new Entries();
    document.text("name", blueprint.name());
    document.text("description", blueprint.description());
    document.text("version", blueprint.version());
    document.text("distro", blueprint.distro());
    document.put("modules", sequence(blueprint.modules(), BlueprintTree::packageEntry));
    document.put("packages", sequence(blueprint.packages(), BlueprintTree::packageEntry));
    document.put("groups", sequence(blueprint.groups(), BlueprintTree::groupEntry));
    further(blueprint).forEach(document::put);
    blueprint.customizations().ifPresent(c -> document.put("customizations", customizations(c)));
    if (!blueprint.gitRepositories().isEmpty()) {
      Entries repos = new Entries();
      repos.put("git", sequence(blueprint.gitRepositories(), BlueprintTree::gitRepository));
      document.put("repos", repos.table());
    }
    return document.table();
  }

  /** The top-level fields that only osbuild-composer has. */
  static Map<String, Node> further(Blueprint blueprint) {
    return new Entries()
        .text("architecture", blueprint.architecture())
        .list("enabled_modules", blueprint.enabledModules(), BlueprintTree::section)
        .list("containers", blueprint.containers(), BlueprintTree::section)
        .table()
        .entries();
  }

  static Node.Table packageEntry(PackageEntry entry) {
    return new Entries().text("name", entry.name()).text("version", entry.version()).table();
  }

  static Node.Table groupEntry(GroupEntry entry) {
    return new Entries().text("name", entry.name()).table();
  }

  static Node.Table gitRepository(GitRepository repository) {
    return new Entries()
        .text("rpmname", repository.rpmname())
        .text("rpmversion", repository.rpmversion())
        .text("rpmrelease", repository.rpmrelease())
        .text("summary", repository.summary())
        .text("repo", repository.repo())
        .text("ref", repository.ref())
        .text("destination", repository.destination())
        .table();
  }

  static Node.Table customizations(Customizations c) {
    Entries table = new Entries();
    table.text("hostname", c.hostname());
    c.kernel()
        .map(k -> new Entries().text("append", k.append()).text("name", k.name()))
        .ifPresent(k -> table.put("kernel", k.table()));
    table.list(
        "sshkey",
        c.sshKeys(),
        k -> new Entries().text("user", k.user()).text("key", k.key()).table());
    table.list("user", c.users(), BlueprintTree::user);
    table.list(
        "group",
        c.groups(),
        g -> new Entries().text("name", g.name()).whole("gid", g.gid()).table());
    c.timezone()
        .map(t -> new Entries().text("timezone", t.zone()).texts("ntpservers", t.ntpServers()))
        .ifPresent(t -> table.put("timezone", t.table()));
    c.locale()
        .map(l -> new Entries().texts("languages", l.languages()).text("keyboard", l.keyboard()))
        .ifPresent(l -> table.put("locale", l.table()));
    c.firewall().ifPresent(f -> table.put("firewall", firewall(f)));
    c.services()
        .map(
            s ->
                new Entries()
                    .texts("enabled", s.enabled())
                    .texts("disabled", s.disabled())
                    .texts("masked", s.masked()))
        .ifPresent(s -> table.put("services", s.table()));
    SectionMapping.entries(c.osbuild()).forEach(table::put);
    c.unknown().forEach(table::put);
    return table.table();
  }

  private static Node.Table section(Section section) {
    return new Node.Table(SectionMapping.entries(section));
  }

  private static Node.Table user(User user) {
    Entries table =
        new Entries()
            .text("name", user.name())
            .text("description", user.description())
            .text("password", user.password())
            .text("key", user.key())
            .text("home", user.home())
            .text("shell", user.shell())
            .texts("groups", user.groups())
            .whole("uid", user.uid())
            .whole("gid", user.gid())
            .whole("expiredate", user.expireDate());
    user.forcePasswordReset()
        .ifPresent(reset -> table.put("force_password_reset", new Node.Flag(reset)));
    return table.table();
  }

  private static Node.Table firewall(Firewall firewall) {
    Entries table = new Entries().texts("ports", firewall.ports());
    if (!firewall.enabledServices().isEmpty() || !firewall.disabledServices().isEmpty()) {
      table.put(
          "services",
          new Entries()
              .texts("enabled", firewall.enabledServices())
              .texts("disabled", firewall.disabledServices())
              .table());
    }
    table.list("zones", firewall.zones(), BlueprintTree::zone);
    return table.table();
  }

  private static Node.Table zone(FirewallZone zone) {
    return new Entries().text("name", zone.name()).texts("sources", zone.sources()).table();
  }

  private static <T> Node.Sequence sequence(List<T> items, Function<T, Node> form) {
    return new Node.Sequence(items.stream().map(form).toList());
  }

  /** A table being put together; what is absent or empty leaves no key. */
  private static final class Entries {
    private final Map<String, Node> entries = new LinkedHashMap<>();

    void put(String key, Node value) {
      entries.put(key, value);
    }

    Entries text(String key, String value) {
      entries.put(key, new Node.Text(value));
      return this;
    }

    Entries text(String key, Optional<String> value) {
      value.ifPresent(v -> text(key, v));
      return this;
    }

    Entries whole(String key, Optional<Long> value) {
      value.ifPresent(v -> entries.put(key, new Node.Whole(v)));
      return this;
    }

    Entries texts(String key, List<String> values) {
      return list(key, values, Node.Text::new);
    }

    <T> Entries list(String key, List<T> values, Function<T, Node> form) {
      if (!values.isEmpty()) {
        entries.put(key, sequence(values, form));
      }
      return this;
    }

    Node.Table table() {
      return new Node.Table(entries);
    }
  }
}
