package io.weldr.api.compose;

import java.util.Optional;
import java.util.Set;

/**
 * A kind of image that can be asked for.
 *
 * @param name as clients write it
 * @param disabled why it cannot be made here, to follow "is disabled"; empty when it can be
 * @param imageName base name of the image file
 * @param sized whether a size can be asked for; otherwise an image is as large as its content
 * @param starters what starts a machine from such an image, by the names distribution files have
 *     below {@code boot}: {@code bios}, {@code uefi}, {@code iso}
 * @param unsupported sections of a blueprint's customizations that such an image cannot have
 */
public record OutputType(
    String name,
    Optional<String> disabled,
    String imageName,
    boolean sized,
    Set<String> starters,
    Set<String> unsupported) {

  public OutputType {
    starters = Set.copyOf(starters);
    unsupported = Set.copyOf(unsupported);
  }

  /** Whether it can be made here. */
  public boolean enabled() {
    return disabled.isEmpty();
  }
}
