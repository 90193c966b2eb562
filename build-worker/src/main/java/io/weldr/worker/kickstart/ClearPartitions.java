package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code clearpart}.
 *
 * @param all whether every partition goes
 * @param newTable whether the disk gets a new partition table
 * @param diskLabel kind of the table, {@code gpt} or {@code msdos}; empty = the installer's choice
 */
public record ClearPartitions(boolean all, boolean newTable, Optional<String> diskLabel) {
  public static final String NAME = "clearpart";

  private static final Set<String> LABELS = Set.of("gpt", "msdos");

  /** The disk of an image is empty, and has no partition table. */
  public static final ClearPartitions WHOLE_DISK =
      new ClearPartitions(true, true, Optional.empty());

  /** Reads the command. */
  public static ClearPartitions from(Command command) throws KickstartException {
    Options options =
        Options.of(command, Set.of("--all", "--none", "--initlabel"), Set.of("--disklabel"))
            .withoutOperands();
    if (options.has("--all") && options.has("--none")) {
      throw options.error("cannot have both --all and --none");
    }
    Optional<String> label = options.value("--disklabel");
    if (label.isPresent() && !LABELS.contains(label.get())) {
      throw KickstartException.unsupportedOption(NAME, "--disklabel=" + label.get());
    }
    return new ClearPartitions(options.has("--all"), options.has("--initlabel"), label);
  }

  /** As a command. */
  public Command command() {
    List<String> words = new ArrayList<>(List.of(all ? "--all" : "--none"));
    if (newTable) {
      words.add("--initlabel");
    }
    diskLabel.ifPresent(label -> words.add("--disklabel=" + label));
    return new Command(NAME, words);
  }
}
