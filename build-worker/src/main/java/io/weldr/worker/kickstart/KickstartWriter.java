package io.weldr.worker.kickstart;

import java.util.List;
import java.util.regex.Pattern;

/** Writes kickstart documents; reading back what it wrote gives the same document. */
public final class KickstartWriter {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*");

  /** A package, or one that is not to come, with a minus and maybe as a pattern. */
  private static final Pattern ENTRY =
      Pattern.compile("[A-Za-z0-9@][A-Za-z0-9+._:~^=-]*|-[A-Za-z0-9*][A-Za-z0-9+._*?-]*");

  private final StringBuilder text = new StringBuilder();

  private KickstartWriter() {}

  /**
   * The document as text.
   *
   * @throws KickstartException when a value cannot be written so that it stays a value
   */
  public static String write(Kickstart kickstart) throws KickstartException {
    KickstartWriter writer = new KickstartWriter();
    for (Section section : kickstart.sections()) {
      switch (section) {
        case Command command -> writer.write(command);
        case Script script -> writer.write(script.name(), script.options(), script.body());
        case AddOn addOn -> writer.write("%addon", addOn.options(), addOn.body());
        case Packages packages -> writer.write(packages);
      }
    }
    return writer.text.toString();
  }

  private void write(Command command) throws KickstartException {
    if (!NAME.matcher(command.name()).matches()) {
      throw KickstartException.unsupportedCommand(command.name());
    }
    line(command.name(), command.arguments());
  }

  private void write(String name, List<String> options, String body) throws KickstartException {
    if (body.lines().anyMatch(KickstartParser::isEnd) || !endsItsLine(body)) {
      throw new KickstartException("a " + name + " section would not end where its %end is");
    }
    text.append('\n');
    line(name, options);
    text.append(body).append("%end\n");
  }

  private static boolean endsItsLine(String body) {
    return body.isEmpty() || body.endsWith("\n");
  }

  private void write(Packages packages) throws KickstartException {
    text.append('\n');
    line("%packages", packages.options());
    for (String entry : packages.entries()) {
      if (!ENTRY.matcher(entry).matches()) {
        throw new KickstartException("\"" + entry + "\" cannot be a line of %packages");
      }
      text.append(entry).append('\n');
    }
    text.append("%end\n\n");
  }

  private void line(String name, List<String> arguments) throws KickstartException {
    text.append(name);
    for (String argument : arguments) {
      text.append(' ').append(Words.quote(argument));
    }
    text.append('\n');
  }
}
