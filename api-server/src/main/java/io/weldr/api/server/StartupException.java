package io.weldr.api.server;

import java.util.List;

/** The server cannot start. Every message is logged, then the program ends with status 1. */
public final class StartupException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> messages;

  /**
   * @param messages each says what is wrong, where, and what to do
   */
  public StartupException(List<String> messages) {
    super(String.join("\n", messages));
    this.messages = List.copyOf(messages);
  }

  public StartupException(String message) {
    this(List.of(message));
  }

  public StartupException(String message, Throwable cause) {
    super(message, cause);
    this.messages = List.of(message);
  }

  /** At least one sentence. */
  public List<String> messages() {
    return messages;
  }
}
