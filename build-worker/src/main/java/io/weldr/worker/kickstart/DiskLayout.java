package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a final kickstart says about the disk.
 *
 * @param partitions in the order of the file
 * @param required partitions for the firmware; empty = none
 * @param diskLabel kind of the partition table, {@code gpt} or {@code msdos}; empty = not said
 */
public record DiskLayout(
    List<Partition> partitions, Optional<RequiredPartitions> required, Optional<String> diskLabel) {
  private static final Set<String> DIVIDING =
      Set.of(Partition.NAME, Partition.LONG_NAME, AutomaticPartitions.NAME, ClearPartitions.NAME);

  public DiskLayout {
    partitions = List.copyOf(partitions);
  }

  /**
   * Reads it from a document.
   *
   * @throws KickstartException naming what cannot be read
   */
  public static DiskLayout of(Kickstart kickstart) throws KickstartException {
    List<Partition> partitions = new ArrayList<>();
    Optional<RequiredPartitions> required = Optional.empty();
    Optional<String> diskLabel = Optional.empty();
    for (Command command : kickstart.commands()) {
      switch (command.name()) {
        case Partition.NAME, Partition.LONG_NAME -> partitions.add(Partition.from(command));
        case RequiredPartitions.NAME -> required = Optional.of(RequiredPartitions.from(command));
        case ClearPartitions.NAME -> diskLabel = ClearPartitions.from(command).diskLabel();
        case AutomaticPartitions.NAME ->
            throw KickstartException.unsupportedCommand(command.name());
        default -> {
          // Not about the disk.
        }
      }
    }
    return new DiskLayout(partitions, required, diskLabel);
  }

  /** Whether a template says itself how its disk is divided. */
  public static boolean isIn(Kickstart template) {
    return template.commands().stream().anyMatch(command -> DIVIDING.contains(command.name()));
  }

  /** The file system of the whole system. */
  public Optional<Partition> root() {
    return partitions.stream().filter(each -> each.mountPoint().equals("/")).findFirst();
  }
}
