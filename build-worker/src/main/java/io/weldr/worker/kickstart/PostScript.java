package io.weldr.worker.kickstart;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a {@code %post} section is carried out, in the installed system.
 *
 * @param interpreter program of the installed system that gets the script as a file
 * @param log file of the installed system that gets what the script says
 * @param fatal whether a script that fails ends the compose; one that does not is only reported
 */
public record PostScript(String interpreter, Optional<String> log, boolean fatal, String body) {
  private static final String SHELL = "/bin/sh";

  /** Absolute, and without a name that leads up or nowhere. */
  private static final Pattern PATH =
      Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._+-]{1,255})+");

  /** What is written there is no part of the image. */
  private static final Pattern FLEETING = Pattern.compile("/(dev|proc|run|sys|tmp)(/.*)?");

  /**
   * Interprets the options of a section. {@code --nochroot} is not among those that are known: no
   * script of a kickstart runs outside of the tree.
   */
  public static PostScript from(Script script) throws KickstartException {
    if (!script.name().equals(Script.POST)) {
      throw new KickstartException(
          "the kickstart section " + script.name() + " is not supported by the direct installer");
    }
    Options options =
        Options.of(
                new Command(Script.POST, script.options()),
                Set.of("--erroronfail"),
                Set.of("--interpreter", "--log", "--logfile"))
            .withoutOperands();
    String interpreter = options.value("--interpreter").orElse(SHELL);
    if (!PATH.matcher(interpreter).matches()) {
      throw KickstartException.unsupportedOption(Script.POST, "--interpreter=" + interpreter);
    }
    Optional<String> log = options.value("--log").or(() -> options.value("--logfile"));
    if (log.isPresent()
        && (!PATH.matcher(log.get()).matches() || FLEETING.matcher(log.get()).matches())) {
      throw KickstartException.unsupportedOption(Script.POST, "--log=" + log.get());
    }
    return new PostScript(interpreter, log, options.has("--erroronfail"), script.body());
  }
}
