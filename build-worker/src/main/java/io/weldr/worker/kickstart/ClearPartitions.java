package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code clearpart}.
 *
 * @param all whether every partition goes
 * @param newTable whether the disk gets a new partition table
 */
public record ClearPartitions(boolean all, boolean newTable) {
  public static final String NAME = "clearpart";

  /** The disk of an image is empty, and has no partition table. */
  public static final ClearPartitions WHOLE_DISK = new ClearPartitions(true, true);

  /** Reads the command. */
  public static ClearPartitions from(Command command) throws KickstartException {
    Options options =
        Options.of(command, Set.of("--all", "--none", "--initlabel"), Set.of()).withoutOperands();
    if (options.has("--all") && options.has("--none")) {
      throw options.error("cannot have both --all and --none");
    }
    return new ClearPartitions(options.has("--all"), options.has("--initlabel"));
  }

  /** As a command. */
  public Command command() {
    List<String> words = new ArrayList<>(List.of(all ? "--all" : "--none"));
    if (newTable) {
      words.add("--initlabel");
    }
    return new Command(NAME, words);
  }
}
