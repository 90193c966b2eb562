package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code autopart}: the installer's own choice of partitions.
 *
 * @param type {@code plain}, {@code lvm}, {@code btrfs}, {@code thinp}; empty = the distribution's
 * @param fsType empty = the distribution's default
 * @param without partitions it leaves out, of {@code boot}, {@code home}, {@code swap}
 */
public record AutomaticPartitions(
    Optional<String> type, Optional<String> fsType, List<String> without) {
  public static final String NAME = "autopart";

  private static final Set<String> TYPES = Set.of("plain", "lvm", "btrfs", "thinp");
  private static final List<String> OPTIONAL = List.of("boot", "home", "swap");

  public AutomaticPartitions {
    without = List.copyOf(without);
  }

  /** Reads the command. */
  public static AutomaticPartitions from(Command command) throws KickstartException {
    Options options =
        Options.of(
                command, Set.of("--noboot", "--nohome", "--noswap"), Set.of("--type", "--fstype"))
            .withoutOperands();
    Optional<String> type = options.value("--type");
    if (type.isPresent() && !TYPES.contains(type.get())) {
      throw KickstartException.unsupportedOption(NAME, "--type=" + type.get());
    }
    return new AutomaticPartitions(
        type,
        options.value("--fstype"),
        OPTIONAL.stream().filter(name -> options.has("--no" + name)).toList());
  }

  /** As a command. */
  public Command command() {
    List<String> words = new ArrayList<>();
    type.ifPresent(text -> words.add("--type=" + text));
    fsType.ifPresent(text -> words.add("--fstype=" + text));
    without.forEach(name -> words.add("--no" + name));
    return new Command(NAME, words);
  }
}
