package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * {@code network}. A document may hold two: the template's and the one with the host's name.
 *
 * @param device which one; empty or {@code link} = every wired one
 * @param addressing {@code dhcp}; empty = the command is not about addresses
 * @param atBoot whether the device comes up at boot
 * @param activate whether it does during the installation
 * @param ipv6 whether it has IPv6
 * @param mtu bytes; empty = the device's own
 */
public record Network(
    Optional<String> device,
    Optional<String> addressing,
    boolean atBoot,
    boolean activate,
    boolean ipv6,
    OptionalInt mtu,
    Optional<String> hostname) {
  public static final String NAME = "network";

  private static final String DHCP = "dhcp";
  private static final Set<String> FLAGS = Set.of("--activate", "--noipv6");
  private static final Set<String> VALUED =
      Set.of("--bootproto", "--device", "--hostname", "--mtu", "--onboot");

  /** Reads the command. */
  public static Network from(Command command) throws KickstartException {
    Options options = Options.of(command, FLAGS, VALUED).withoutOperands();
    Optional<String> protocol = options.value("--bootproto");
    if (protocol.isPresent() && !protocol.get().equals(DHCP)) {
      throw KickstartException.unsupportedOption(NAME, "--bootproto=" + protocol.get());
    }
    return new Network(
        options.value("--device"),
        protocol,
        options.value("--onboot").map(Set.of("on", "yes")::contains).orElse(true),
        options.has("--activate"),
        !options.has("--noipv6"),
        Numbers.mtu(options, "--mtu"),
        options.value("--hostname"));
  }

  /** Whether a device asks for its address at boot. */
  public boolean dhcp() {
    return atBoot && addressing.isPresent();
  }

  /** As a command. */
  public Command command() {
    List<String> words = new ArrayList<>();
    if (activate) {
      words.add("--activate");
    }
    addressing.ifPresent(protocol -> words.add("--bootproto=" + protocol));
    device.ifPresent(name -> words.add("--device=" + name));
    hostname.ifPresent(name -> words.add("--hostname=" + name));
    mtu.ifPresent(bytes -> words.add("--mtu=" + bytes));
    if (!ipv6) {
      words.add("--noipv6");
    }
    if (addressing.isPresent() || !atBoot) {
      words.add("--onboot=" + (atBoot ? "on" : "off"));
    }
    return new Command(NAME, words);
  }

  /** The command that names the host. */
  public static Command hostname(String name) {
    return Command.of(NAME, "--hostname=" + name);
  }
}
