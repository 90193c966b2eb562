package io.weldr.worker.kickstart;

import java.util.List;
import java.util.stream.Stream;

/** A kickstart document. */
public record Kickstart(List<Section> sections) {
  public Kickstart {
    sections = List.copyOf(sections);
  }

  /** All commands, in the order of the file. */
  public List<Command> commands() {
    return all(Command.class).toList();
  }

  /** The commands of one name, in the order of the file. */
  public List<Command> commands(String name) {
    return all(Command.class).filter(command -> command.name().equals(name)).toList();
  }

  /** All {@code %post} sections, in the order of the file. */
  public List<Script> scripts() {
    return all(Script.class).toList();
  }

  /** All {@code %addon} sections, in the order of the file. */
  public List<AddOn> addOns() {
    return all(AddOn.class).toList();
  }

  /** All {@code %packages} sections; both parsers see to it that there is exactly one. */
  public List<Packages> packages() {
    return all(Packages.class).toList();
  }

  private <T extends Section> Stream<T> all(Class<T> type) {
    return sections.stream().filter(type::isInstance).map(type::cast);
  }
}
