package io.weldr.api.compose;

/**
 * A kind of image that can be asked for.
 *
 * @param name as clients write it
 * @param enabled whether it can be made on this machine's architecture
 * @param imageName base name of the image file
 */
public record OutputType(String name, boolean enabled, String imageName) {}
