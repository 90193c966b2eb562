package io.weldr.worker.kickstart;

import io.weldr.worker.spec.Customizations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts customizations into a template, command by command and never by looking at text: a line of a
 * script that happens to begin like a command stays what it is. The rules are those of
 * lorax-composer, but for {@code timezone}: the servers of the template are kept and the zone of
 * the blueprint applies.
 */
public final class CustomizationMerge {
  private static final String ROOT = "root";

  private final Customizations wanted;
  private final Distribution distribution;
  private final Set<String> madeGroups;

  /** A merge for one compose. */
  public CustomizationMerge(Customizations wanted, Distribution distribution) {
    this.wanted = wanted;
    this.distribution = distribution;
    this.madeGroups =
        wanted.groups().stream().map(Customizations.Group::name).collect(Collectors.toSet());
  }

  /**
   * The commands and scripts before the packages: defaults the template lacks, then the template
   * with its commands changed.
   */
  public List<Section> head(Kickstart template) throws KickstartException {
    List<Section> sections = new ArrayList<>(missing(template));
    for (Section section : template.sections()) {
      switch (section) {
        case Command command -> sections.addAll(merged(command));
        case Script script -> sections.add(script);
        case AddOn addOn -> sections.add(addOn);
        case Packages packages -> {
          // Written by the caller, with the exact versions.
        }
      }
    }
    return sections;
  }

  /** The commands after the packages: names, keys, accounts and root's lock. */
  public List<Section> tail() throws KickstartException {
    List<Section> sections = new ArrayList<>();
    wanted.hostname().map(Network::hostname).ifPresent(sections::add);
    for (Customizations.SshKey key : wanted.sshKeys()) {
      sections.add(new AuthorizedKey(key.user(), key.key()).command());
    }
    for (Customizations.User user : wanted.users()) {
      addUser(user, sections);
    }
    for (Customizations.Group group : wanted.groups()) {
      if (wanted.users().stream().noneMatch(user -> user.name().equals(group.name()))) {
        sections.add(new GroupAccount(group.name(), group.gid()).command());
      }
    }
    sections.add(rootPassword().command());
    return sections;
  }

  private List<Command> missing(Kickstart template) throws KickstartException {
    List<Command> commands = new ArrayList<>();
    if (lacks(template, BootLoader.NAME)) {
      commands.add(bootLoader(BootLoader.DEFAULT));
    }
    if (lacks(template, TimeZone.NAME)) {
      commands.addAll(timeZone(TimeZone.DEFAULT));
    }
    if (lacks(template, Language.NAME)) {
      language(Language.DEFAULT).ifPresent(commands::add);
    }
    if (lacks(template, Keyboard.NAME)) {
      commands.add(keyboard(Keyboard.DEFAULT.command()));
    }
    if (lacks(template, Firewall.NAME)) {
      firewall(Firewall.DEFAULT).ifPresent(commands::add);
    }
    Services services = services(Services.NONE);
    if (lacks(template, Services.NAME) && !services.isEmpty()) {
      commands.add(services.command());
    }
    return commands;
  }

  private static boolean lacks(Kickstart template, String name) {
    return template.commands(name).isEmpty();
  }

  /**
   * A command that nothing is to be changed of may have options that only Anaconda knows; the
   * direct installer refuses them when it reads the result.
   */
  private List<Command> merged(Command command) throws KickstartException {
    try {
      return rewritten(command);
    } catch (KickstartException e) {
      List<Command> unchanged = List.of(command);
      if (isChanged(command.name())
          || !distribution.standing(command).stream().toList().equals(unchanged)) {
        throw e;
      }
      return unchanged;
    }
  }

  private boolean isChanged(String name) {
    return switch (name) {
      case BootLoader.NAME -> wanted.kernelAppend().isPresent();
      case TimeZone.NAME -> wanted.timezone().isPresent();
      case Language.NAME -> wanted.locale().filter(l -> !l.languages().isEmpty()).isPresent();
      case Keyboard.NAME -> wanted.locale().flatMap(Customizations.Locale::keyboard).isPresent();
      case Firewall.NAME -> wanted.firewall().isPresent();
      case Services.NAME -> wanted.services().isPresent();
      default -> true;
    };
  }

  private List<Command> rewritten(Command command) throws KickstartException {
    return switch (command.name()) {
      case BootLoader.NAME -> List.of(bootLoader(command));
      case TimeZone.NAME -> timeZone(TimeZone.from(command));
      case Language.NAME -> language(Language.from(command)).stream().toList();
      case Keyboard.NAME -> List.of(keyboard(command));
      case Firewall.NAME -> firewall(Firewall.from(command)).stream().toList();
      case Services.NAME -> List.of(services(Services.from(command)).command());
      default -> distribution.standing(command).stream().toList();
    };
  }

  /** Options that only Anaconda knows stay as they are. */
  private Command bootLoader(Command command) throws KickstartException {
    try {
      return bootLoader(BootLoader.from(command));
    } catch (KickstartException e) {
      return BootLoader.appended(command, wanted.kernelAppend().orElseThrow(() -> e));
    }
  }

  private Command bootLoader(BootLoader loader) {
    return wanted.kernelAppend().map(loader::appended).orElse(loader).command();
  }

  private List<Command> timeZone(TimeZone template) throws KickstartException {
    TimeZone zone =
        wanted
            .timezone()
            .map(change -> template.with(change.zone(), change.ntpServers()))
            .orElse(template);
    if (distribution.takes(TimeZone.SERVERS)) {
      return List.of(zone.command());
    }
    List<Command> commands = new ArrayList<>(List.of(zone.withoutSources().command()));
    if (zone.flags().contains(TimeZone.NO_NTP)) {
      commands.add(TimeSource.NONE);
    }
    zone.ntpServers().forEach(server -> commands.add(new TimeSource(server).command()));
    return commands;
  }

  private Optional<Command> language(Language language) throws KickstartException {
    List<String> languages =
        wanted.locale().map(Customizations.Locale::languages).orElse(List.of());
    if (languages.isEmpty()) {
      return distribution.standing(language.command());
    }
    List<String> others = languages.subList(1, languages.size());
    return Optional.of(new Language(languages.getFirst(), others).command());
  }

  private Command keyboard(Command command) {
    return wanted
        .locale()
        .flatMap(Customizations.Locale::keyboard)
        .map(layout -> new Keyboard(layout).command())
        .orElse(command);
  }

  private Optional<Command> firewall(Firewall firewall) throws KickstartException {
    Optional<Customizations.Firewall> change = wanted.firewall();
    if (change.isEmpty()) {
      return distribution.standing(firewall.command());
    }
    if (!firewall.enabled()) {
      throw new KickstartException(
          "this output type has its firewall disabled; remove customizations.firewall");
    }
    Customizations.Firewall more = change.get();
    return Optional.of(
        firewall.with(more.ports(), more.enabledServices(), more.disabledServices()).command());
  }

  private Services services(Services services) {
    Collection<String> enabled =
        wanted.services().map(Customizations.Services::enabled).orElse(List.of());
    Collection<String> disabled =
        wanted.services().map(Customizations.Services::disabled).orElse(List.of());
    Services all = services.with(enabled, disabled);
    return Services.NONE.with(units(all.enabled()), units(all.disabled()));
  }

  private List<String> units(Collection<String> names) {
    return names.stream().map(distribution::service).toList();
  }

  private void addUser(Customizations.User user, List<Section> sections) throws KickstartException {
    if (user.key().isPresent()) {
      sections.add(new AuthorizedKey(user.name(), user.key().get()).command());
    }
    if (!user.name().equals(ROOT)) {
      sections.add(account(user).command());
    }
  }

  private UserAccount account(Customizations.User user) {
    List<String> groups =
        user.groups().stream().map(group -> distribution.group(group, madeGroups)).toList();
    return new UserAccount(
        user.name(),
        user.home(),
        user.passwordHash(),
        user.shell(),
        user.uid(),
        groupNumber(user),
        user.description(),
        groups);
  }

  /** A user makes its own group, so a group entry of the same name only says its number. */
  private OptionalLong groupNumber(Customizations.User user) {
    if (user.gid().isPresent()) {
      return user.gid();
    }
    return wanted.groups().stream()
        .filter(group -> group.name().equals(user.name()))
        .map(Customizations.Group::gid)
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  private RootPassword rootPassword() {
    return wanted.users().stream()
        .filter(user -> user.name().equals(ROOT))
        .map(Customizations.User::passwordHash)
        .flatMap(Optional::stream)
        .findFirst()
        .map(hash -> new RootPassword(Optional.of(hash)))
        .orElse(RootPassword.LOCKED);
  }
}
