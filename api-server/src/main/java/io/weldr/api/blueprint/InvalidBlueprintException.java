package io.weldr.api.blueprint;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A document is not a valid blueprint; carries every problem found, in the order of the contract.
 */
public final class InvalidBlueprintException extends BlueprintException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  InvalidBlueprintException(List<Problem> problems) {
    super(problems.stream().map(Problem::line).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one; {@link #getMessage()} is their lines joined by newlines. */
  public List<Problem> problems() {
    return problems;
  }
}
