package io.weldr.api.blueprint;

/**
 * A record that {@link SectionMapping} reads out of a table and prints into one: every component is
 * a key. The type of a component says what its value is:
 *
 * <ul>
 *   <li>{@code String}: a text that must be there and not be empty; {@code Optional<String>} one
 *       that need not; {@code List<String>} several
 *   <li>{@code Optional} of {@code Long}, {@code Boolean}, {@link DataSize}, {@link
 *       AccountReference} or {@link Node}
 *   <li>{@code Optional} or {@code List} of another section: a table or a list of tables
 * </ul>
 */
interface Section {
  /** Checks what one component cannot know alone; the components themselves were checked. */
  default void check(TableReader table) {}
}
