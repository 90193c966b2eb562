package io.weldr.worker.kickstart;

/**
 * A kickstart cannot be read, written or carried out. The message is for the person who composes:
 * it names the command, option or value.
 */
public final class KickstartException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Takes a whole sentence without its full stop. */
  public KickstartException(String message) {
    super(message);
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
