package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code bootloader}.
 *
 * @param location {@code none} or {@code mbr}
 * @param append arguments of the kernel
 */
public record BootLoader(String location, Optional<String> append) {
  public static final String NAME = "bootloader";

  /** What a template without the command means. */
  public static final BootLoader DEFAULT = new BootLoader("none", Optional.empty());

  /** Reads the command. */
  public static BootLoader from(Command command) throws KickstartException {
    Options options =
        Options.of(command, Set.of(), Set.of("--location", "--append")).withoutOperands();
    String location = options.value("--location").orElse("mbr");
    if (!Set.of("none", "mbr").contains(location)) {
      throw KickstartException.unsupportedOption(NAME, "--location=" + location);
    }
    return new BootLoader(location, options.value("--append"));
  }

  /** With more arguments for the kernel. */
  public BootLoader appended(String more) {
    return new BootLoader(location, Optional.of(append.map(a -> a + " " + more).orElse(more)));
  }

  /** As a command. */
  public Command command() {
    List<String> words = new ArrayList<>();
    append.ifPresent(text -> words.add("--append=" + text));
    words.add("--location=" + location);
    return new Command(NAME, words);
  }
}
