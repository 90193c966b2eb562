package io.weldr.api.compose;

import java.util.Set;

/**
 * A kind of image that can be asked for.
 *
 * @param name as clients write it
 * @param enabled whether it can be made on this machine's architecture
 * @param imageName base name of the image file
 * @param sized whether a size can be asked for; otherwise an image is as large as its content
 * @param unsupported sections of a blueprint's customizations that such an image cannot have
 */
public record OutputType(
    String name, boolean enabled, String imageName, boolean sized, Set<String> unsupported) {

  public OutputType {
    unsupported = Set.copyOf(unsupported);
  }
}
