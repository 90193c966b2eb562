package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code bootloader}.
 *
 * @param location {@code none} or {@code mbr}
 * @param append arguments of the kernel
 * @param timeout seconds the menu waits
 * @param bootDrive the disk the firmware starts from
 */
public record BootLoader(
    String location, Optional<String> append, OptionalLong timeout, Optional<String> bootDrive) {
  public static final String NAME = "bootloader";

  private static final String APPEND = "--append";

  /** What a template without the command means. */
  public static final BootLoader DEFAULT =
      new BootLoader("none", Optional.empty(), OptionalLong.empty(), Optional.empty());

  /** What a document says last. */
  public static BootLoader in(Kickstart kickstart) throws KickstartException {
    BootLoader last = DEFAULT;
    for (Command command : kickstart.commands()) {
      if (command.name().equals(NAME)) {
        last = from(command);
      }
    }
    return last;
  }

  /** Reads the command. */
  public static BootLoader from(Command command) throws KickstartException {
    Options options =
        Options.of(command, Set.of(), Set.of("--location", "--append", "--timeout", "--boot-drive"))
            .withoutOperands();
    String location = options.value("--location").orElse("mbr");
    if (!Set.of("none", "mbr").contains(location)) {
      throw KickstartException.unsupportedOption(NAME, "--location=" + location);
    }
    return new BootLoader(
        location,
        options.value("--append"),
        Numbers.seconds(options, "--timeout"),
        options.value("--boot-drive"));
  }

  /** Whether the system starts by itself. */
  public boolean isInstalled() {
    return !location.equals("none");
  }

  /** With more arguments for the kernel. */
  public BootLoader appended(String more) {
    return new BootLoader(
        location,
        Optional.of(append.map(text -> text + " " + more).orElse(more)),
        timeout,
        bootDrive);
  }

  /**
   * A command with more arguments for the kernel, whatever else it says; for one that {@link #from}
   * does not know all of.
   */
  static Command appended(Command command, String more) {
    List<String> words = new ArrayList<>(command.arguments());
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith(APPEND + "=")) {
        String present = word.substring(APPEND.length() + 1);
        words.set(i, APPEND + "=" + (present + " " + more).strip());
        return new Command(NAME, words);
      }
      if (word.equals(APPEND) && i + 1 < words.size()) {
        words.set(i + 1, (words.get(i + 1) + " " + more).strip());
        return new Command(NAME, words);
      }
    }
    words.add(APPEND + "=" + more);
    return new Command(NAME, words);
  }

  /** As a command. */
  public Command command() {
    List<String> words = new ArrayList<>();
    append.ifPresent(text -> words.add("--append=" + text));
    words.add("--location=" + location);
    timeout.ifPresent(seconds -> words.add("--timeout=" + seconds));
    bootDrive.ifPresent(name -> words.add("--boot-drive=" + name));
    return new Command(NAME, words);
  }
}
