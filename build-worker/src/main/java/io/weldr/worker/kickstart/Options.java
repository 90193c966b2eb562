package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The arguments of one command, told apart into flags, options with a value, and operands. */
final class Options {
  private static final Pattern COMMA = Pattern.compile(",");

  private final Command command;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> operands = new ArrayList<>();

  private Options(Command command) {
    this.command = command;
  }

  /**
   * @param flags options without a value, with their dashes
   * @param valued options with a value, written {@code --x=v} or {@code --x v}
   * @throws KickstartException naming an option that is neither, is given twice or lacks its value
   */
  static Options of(Command command, Set<String> flags, Set<String> valued)
      throws KickstartException {
    Options options = new Options(command);
    Iterator<String> words = command.arguments().iterator();
    while (words.hasNext()) {
      String word = words.next();
      if (!word.startsWith("--")) {
        options.operands.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (equals < 0 && flags.contains(name)) {
        options.put(name, "");
      } else if (valued.contains(name)) {
        options.put(name, equals < 0 ? options.following(name, words) : word.substring(equals + 1));
      } else {
        throw KickstartException.unsupportedOption(command.name(), name);
      }
    }
    return options;
  }

  boolean has(String flag) {
    return values.containsKey(flag);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(values.get(option));
  }

  /** The value of an option that is a list with commas; empty when it is absent. */
  List<String> list(String option) {
    return value(option).stream()
        .flatMap(COMMA::splitAsStream)
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** The one operand. */
  String operand() throws KickstartException {
    if (operands.size() != 1) {
      throw error("needs exactly one value, and has " + operands.size());
    }
    return operands.getFirst();
  }

  /** The operand, where one is allowed and none is needed. */
  Optional<String> optionalOperand() throws KickstartException {
    return operands.isEmpty() ? Optional.empty() : Optional.of(operand());
  }

  /** This, if there is no operand. */
  Options withoutOperands() throws KickstartException {
    if (!operands.isEmpty()) {
      throw error("cannot have the value \"" + operands.getFirst() + "\"");
    }
    return this;
  }

  /**
   * Items as the value of one option.
   *
   * @throws KickstartException when an item is empty or holds a comma, and would not be read back
   */
  static String join(Iterable<String> items) throws KickstartException {
    for (String item : items) {
      if (item.isEmpty() || item.indexOf(',') >= 0 || !item.equals(item.strip())) {
        throw new KickstartException("\"" + item + "\" cannot be an item of a list with commas");
      }
    }
    return String.join(",", items);
  }

  KickstartException error(String what) {
    return new KickstartException("the kickstart command \"" + command.name() + "\" " + what);
  }

  private String following(String name, Iterator<String> words) throws KickstartException {
    if (!words.hasNext()) {
      throw error("lacks the value of \"" + name + "\"");
    }
    return words.next();
  }

  private void put(String name, String value) throws KickstartException {
    if (values.put(name, value) != null) {
      throw error("has \"" + name + "\" twice");
    }
  }
}
