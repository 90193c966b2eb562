package io.weldr.api.server;

/** Starts the API server. */
public final class Main {
  private Main() {}

  /** The program. */
  public static void main(String[] arguments) {}
}
