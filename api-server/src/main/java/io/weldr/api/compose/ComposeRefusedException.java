package io.weldr.api.compose;

import java.util.List;
import java.util.stream.Collectors;

/** A compose that is not started; nothing was queued. */
public final class ComposeRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Refusal> refusals;

  /**
   * @param refusals at least one, the most useful first
   */
  public ComposeRefusedException(List<Refusal> refusals) {
    super(refusals.stream().map(Refusal::message).collect(Collectors.joining("\n")));
    if (refusals.isEmpty()) {
      throw new IllegalArgumentException("a refusal needs a reason");
    }
    this.refusals = List.copyOf(refusals);
  }

  public ComposeRefusedException(String id, String message) {
    this(List.of(new Refusal(id, message)));
  }

  /** The reasons, the most useful first. */
  public List<Refusal> refusals() {
    return refusals;
  }
}
