package io.weldr.worker.kickstart;

/**
 * A kickstart cannot be read, written or carried out. The message is for the person who composes:
 * it names the command, option or value.
 */
public final class KickstartException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A value that is longer is shown by its beginning, with the end of the sentence. */
  private static final int LONGEST = 1000;

  private static final int ENDING = 200;

  /** Takes a whole sentence without its full stop. */
  public KickstartException(String message) {
    super(shortened(message));
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST
        ? message
        : message.substring(0, LONGEST - ENDING)
            + "…"
            + message.substring(message.length() - ENDING);
  }

  /** A command that the installer cannot carry out. */
  public static KickstartException unsupportedCommand(String command) {
    return new KickstartException("the kickstart command \"" + command + "\" is not supported");
  }

  /** An option that the installer cannot carry out. */
  public static KickstartException unsupportedOption(String command, String option) {
    return new KickstartException(
        "the option \""
            + option
            + "\" of the kickstart command \""
            + command
            + "\" is not supported");
  }
}
