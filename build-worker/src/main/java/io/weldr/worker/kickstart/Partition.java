package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code part}, also written {@code partition}.
 *
 * @param mountPoint absolute path, or {@code swap}, {@code biosboot}
 * @param sizeMib at least so many MiB
 * @param grow whether it takes what is left of the disk
 * @param maxSizeMib how far it grows
 * @param fsType empty = the distribution's default
 * @param label of the file system
 * @param mountOptions for fstab, with commas
 */
public record Partition(
    String mountPoint,
    long sizeMib,
    boolean grow,
    OptionalLong maxSizeMib,
    Optional<String> fsType,
    Optional<String> label,
    Optional<String> mountOptions) {
  public static final String NAME = "part";
  public static final String LONG_NAME = "partition";

  private static final Set<String> VALUED =
      Set.of("--size", "--maxsize", "--fstype", "--label", "--fsoptions");

  /** The file system of the whole system, of the distribution's default type. */
  public static Partition root(long sizeMib) {
    return new Partition(
        "/",
        sizeMib,
        false,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Reads the command. */
  public static Partition from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of("--grow"), VALUED);
    return new Partition(
        options.operand(),
        Numbers.mebibytes(options, "--size")
            .orElseThrow(() -> options.error("lacks the value of \"--size\"")),
        options.has("--grow"),
        Numbers.mebibytes(options, "--maxsize"),
        options.value("--fstype"),
        options.value("--label"),
        options.value("--fsoptions"));
  }

  /** As a command. */
  public Command command() {
    List<String> words = new ArrayList<>(List.of(mountPoint, "--size=" + sizeMib));
    if (grow) {
      words.add("--grow");
    }
    maxSizeMib.ifPresent(size -> words.add("--maxsize=" + size));
    fsType.ifPresent(type -> words.add("--fstype=" + type));
    label.ifPresent(text -> words.add("--label=" + text));
    mountOptions.ifPresent(text -> words.add("--fsoptions=" + text));
    return new Command(NAME, words);
  }
}
