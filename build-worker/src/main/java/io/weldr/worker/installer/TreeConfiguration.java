package io.weldr.worker.installer;

import io.weldr.worker.kickstart.AddOn;
import io.weldr.worker.kickstart.AuthorizedKey;
import io.weldr.worker.kickstart.BootLoader;
import io.weldr.worker.kickstart.ClearPartitions;
import io.weldr.worker.kickstart.Command;
import io.weldr.worker.kickstart.DiskLayout;
import io.weldr.worker.kickstart.Firewall;
import io.weldr.worker.kickstart.FirstBoot;
import io.weldr.worker.kickstart.GroupAccount;
import io.weldr.worker.kickstart.Keyboard;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.Language;
import io.weldr.worker.kickstart.Network;
import io.weldr.worker.kickstart.PackageSource;
import io.weldr.worker.kickstart.Packages;
import io.weldr.worker.kickstart.Partition;
import io.weldr.worker.kickstart.PostScript;
import io.weldr.worker.kickstart.RequiredPartitions;
import io.weldr.worker.kickstart.RootPassword;
import io.weldr.worker.kickstart.Script;
import io.weldr.worker.kickstart.SeLinux;
import io.weldr.worker.kickstart.Services;
import io.weldr.worker.kickstart.TimeSource;
import io.weldr.worker.kickstart.TimeZone;
import io.weldr.worker.kickstart.UserAccount;
import io.weldr.worker.kickstart.XConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a final kickstart asks the direct installer to do, with every value checked. A command,
 * option or value it cannot carry out is refused here, before anything is built.
 *
 * @param disk how the disk is divided; nothing for images without one
 * @param firewall empty = as the packages leave it
 * @param wired how the system asks for its address on every wired device
 * @param graphical whether it starts with a graphical login
 * @param scripts {@code %post} sections of the template
 */
public record TreeConfiguration(
    Optional<String> hostname,
    Optional<Network> wired,
    DiskLayout disk,
    BootLoader bootLoader,
    SeLinux selinux,
    boolean graphical,
    TimeZone timeZone,
    Language language,
    Keyboard keyboard,
    Optional<Firewall> firewall,
    Services services,
    List<GroupAccount> groups,
    List<UserAccount> users,
    List<AuthorizedKey> keys,
    RootPassword rootPassword,
    List<PostScript> scripts,
    Packages packages) {

  public TreeConfiguration {
    groups = List.copyOf(groups);
    users = List.copyOf(users);
    keys = List.copyOf(keys);
    scripts = List.copyOf(scripts);
  }

  /**
   * Interprets a final kickstart.
   *
   * @throws KickstartException naming what cannot be carried out
   */
  public static TreeConfiguration of(Kickstart kickstart) throws KickstartException {
    Reading reading = new Reading();
    for (Command command : kickstart.commands()) {
      reading.read(command);
    }
    List<PostScript> scripts = new ArrayList<>();
    for (Script script : kickstart.scripts()) {
      scripts.add(PostScript.from(script));
    }
    for (AddOn addOn : kickstart.addOns()) {
      checkAddOn(addOn);
    }
    Packages packages = kickstart.packages().getFirst();
    checkPackages(packages);
    return reading.configuration(DiskLayout.of(kickstart), scripts, packages);
  }

  /** What is not there need not be disabled. */
  private static void checkAddOn(AddOn addOn) throws KickstartException {
    if (!addOn.options().equals(List.of("com_redhat_kdump", "--disable"))) {
      throw new KickstartException(
          "the kickstart section %addon "
              + String.join(" ", addOn.options())
              + " is not supported");
    }
  }

  private static void checkPackages(Packages packages) throws KickstartException {
    for (String option : packages.options()) {
      if (!option.equals("--nocore")) {
        throw KickstartException.unsupportedOption("%packages", option);
      }
    }
  }

  /** The commands read so far. */
  private static final class Reading {
    private Optional<String> hostname = Optional.empty();
    private Optional<Network> wired = Optional.empty();
    private BootLoader bootLoader = BootLoader.DEFAULT;
    private SeLinux selinux = SeLinux.DEFAULT;
    private boolean graphical;
    private TimeZone timeZone = TimeZone.DEFAULT;
    private Language language = new Language("C.UTF-8", List.of());
    private Keyboard keyboard = Keyboard.DEFAULT;
    private Optional<Firewall> firewall = Optional.empty();
    private Services services = Services.NONE;
    private Optional<FirstBoot> firstBoot = Optional.empty();
    private RootPassword rootPassword = RootPassword.LOCKED;
    private final List<GroupAccount> groups = new ArrayList<>();
    private final List<UserAccount> users = new ArrayList<>();
    private final List<AuthorizedKey> keys = new ArrayList<>();

    void read(Command command) throws KickstartException {
      switch (command.name()) {
        case PackageSource.URL, PackageSource.REPO -> PackageSource.check(command);
        case Network.NAME -> network(Network.from(command));
        case BootLoader.NAME -> bootLoader(BootLoader.from(command));
        case TimeZone.NAME -> timeZone(TimeZone.from(command));
        case Language.NAME -> language(Language.from(command));
        case Keyboard.NAME -> keyboard(Keyboard.from(command));
        case Firewall.NAME -> firewall(Firewall.from(command));
        case Services.NAME -> services(Services.from(command));
        case FirstBoot.NAME -> firstBoot = Optional.of(FirstBoot.from(command));
        case GroupAccount.NAME -> group(GroupAccount.from(command));
        case UserAccount.NAME -> user(UserAccount.from(command));
        case AuthorizedKey.NAME -> key(AuthorizedKey.from(command));
        case RootPassword.NAME -> rootPassword(RootPassword.from(command));
        case SeLinux.NAME -> selinux = SeLinux.from(command);
        case TimeSource.NAME -> timeSource(TimeSource.from(command));
        case XConfig.NAME -> graphical |= XConfig.from(command).atBoot();
        case "zerombr" -> only(command, Set.of());
        case ClearPartitions.NAME, RequiredPartitions.NAME, Partition.NAME, Partition.LONG_NAME -> {
          // Read as a whole, by DiskLayout.
        }
        // How much an installer logs and what its machine does at the end: nothing of the tree.
        case "logging" -> only(command, Set.of("--level=info", "--level=debug"));
        case "shutdown" -> only(command, Set.of());
        default -> throw KickstartException.unsupportedCommand(command.name());
      }
    }

    TreeConfiguration configuration(DiskLayout disk, List<PostScript> scripts, Packages packages) {
      return new TreeConfiguration(
          hostname,
          wired,
          disk,
          bootLoader,
          selinux,
          graphical,
          timeZone,
          language,
          keyboard,
          firewall,
          allServices(),
          groups,
          users,
          keys,
          rootPassword,
          scripts,
          packages);
    }

    private Services allServices() {
      List<String> unit = List.of(FirstBoot.UNIT);
      return firstBoot
          .map(
              asks ->
                  services.with(
                      asks.enabled() ? unit : List.of(), asks.enabled() ? List.of() : unit))
          .orElse(services);
    }

    private static void only(Command command, Set<String> arguments) throws KickstartException {
      for (String argument : command.arguments()) {
        if (!arguments.contains(argument)) {
          throw KickstartException.unsupportedOption(command.name(), argument);
        }
      }
    }

    private void network(Network network) throws KickstartException {
      if (network.hostname().isPresent()) {
        ValueRules.hostname(network.hostname().get());
        hostname = network.hostname();
      }
      // The devices of a machine that will run the image are not known.
      if (network.device().isPresent() && !network.device().get().equals("link")) {
        throw KickstartException.unsupportedOption(
            Network.NAME, "--device=" + network.device().get());
      }
      if (network.dhcp()) {
        wired = Optional.of(network);
      }
    }

    private void bootLoader(BootLoader read) throws KickstartException {
      if (read.append().isPresent()) {
        ValueRules.kernelArguments(read.append().get());
      }
      bootLoader = read;
    }

    private void timeZone(TimeZone read) throws KickstartException {
      if (read.flags().contains(TimeZone.NO_NTP)) {
        throw KickstartException.unsupportedOption(TimeZone.NAME, TimeZone.NO_NTP);
      }
      ValueRules.zone(read.zone());
      for (String server : read.ntpServers()) {
        ValueRules.ntpServer(server);
      }
      timeZone = read.with(Optional.empty(), timeZone.ntpServers());
    }

    private void timeSource(TimeSource read) throws KickstartException {
      ValueRules.ntpServer(read.server());
      timeZone = timeZone.with(Optional.empty(), List.of(read.server()));
    }

    private void language(Language read) throws KickstartException {
      for (String locale : read.all()) {
        ValueRules.locale(locale);
      }
      language = read;
    }

    private void keyboard(Keyboard read) throws KickstartException {
      ValueRules.layout(read.layout());
      keyboard = read;
    }

    private void firewall(Firewall read) throws KickstartException {
      ValueRules.firewall(read);
      firewall = Optional.of(read);
    }

    private void services(Services read) throws KickstartException {
      ValueRules.services(read);
      services = read;
    }

    private void group(GroupAccount read) throws KickstartException {
      ValueRules.group(read);
      groups.add(read);
    }

    private void user(UserAccount read) throws KickstartException {
      ValueRules.user(read);
      users.add(read);
    }

    private void key(AuthorizedKey read) throws KickstartException {
      ValueRules.key(read);
      keys.add(read);
    }

    private void rootPassword(RootPassword read) throws KickstartException {
      if (read.hash().isPresent()) {
        ValueRules.passwordHash(read.hash().get());
      }
      rootPassword = read;
    }
  }
}
