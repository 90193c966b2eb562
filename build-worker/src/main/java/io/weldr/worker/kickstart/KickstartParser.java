package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads kickstart documents made of commands, scripts, {@code %addon} and one {@code %packages}
 * section. Any other section is an error, and so is a section that is not closed. Comments have a
 * line of their own, or follow an entry of {@code %packages}. A command is one line.
 */
public final class KickstartParser {
  private static final String END = "%end";

  private final Iterator<String> lines;
  private final boolean template;
  private final List<Section> sections = new ArrayList<>();
  private int number;

  private KickstartParser(String text, boolean template) {
    this.lines = Stream.of(text.split("\n", -1)).iterator();
    this.template = template;
  }

  /**
   * Reads a template, which ends inside an open {@code %packages} section.
   *
   * @throws KickstartException with the number of the line
   */
  public static Kickstart template(String text) throws KickstartException {
    return new KickstartParser(text, true).parse();
  }

  /**
   * Reads a complete document.
   *
   * @throws KickstartException with the number of the line
   */
  public static Kickstart document(String text) throws KickstartException {
    return new KickstartParser(text, false).parse();
  }

  private Kickstart parse() throws KickstartException {
    boolean open = false;
    while (lines.hasNext()) {
      String line = next().strip();
      if (isNothing(line)) {
        continue;
      }
      if (line.startsWith("%")) {
        open = section(words(line));
      } else {
        command(words(line));
      }
    }
    Kickstart kickstart = new Kickstart(sections);
    if (kickstart.packages().size() != 1 || open != template) {
      throw new KickstartException(
          template
              ? "the template does not end inside its one open %packages section"
              : "the kickstart does not have one %packages section closed by %end");
    }
    return kickstart;
  }

  private void command(List<String> words) throws KickstartException {
    sections.add(new Command(words.getFirst(), words.subList(1, words.size())));
  }

  /** Reads a section to its end; true when the end of the file came first. */
  private boolean section(List<String> header) throws KickstartException {
    List<String> options = header.subList(1, header.size());
    return switch (header.getFirst()) {
      case "%addon" -> addOn(options);
      case "%packages" -> packages(options);
      default -> script(header.getFirst(), options);
    };
  }

  private boolean script(String name, List<String> options) throws KickstartException {
    if (!Script.NAMES.contains(name)) {
      throw error("the section " + name + " is not supported");
    }
    sections.add(new Script(name, options, body(name)));
    return false;
  }

  private boolean addOn(List<String> options) throws KickstartException {
    sections.add(new AddOn(options, body("%addon")));
    return false;
  }

  /** The lines up to {@code %end}, whatever they look like. */
  private String body(String section) throws KickstartException {
    StringBuilder body = new StringBuilder();
    while (lines.hasNext()) {
      String line = lines.next();
      number++;
      if (isEnd(line)) {
        return body.toString();
      }
      body.append(line).append('\n');
    }
    throw error("a " + section + " section is not closed by %end");
  }

  private boolean packages(List<String> options) throws KickstartException {
    List<String> entries = new ArrayList<>();
    boolean open = true;
    while (open && lines.hasNext()) {
      String line = withoutComment(next());
      if (isEnd(line)) {
        open = false;
      } else if (!isNothing(line)) {
        entries.add(line);
      }
    }
    sections.add(new Packages(options, entries));
    return open;
  }

  private String next() throws KickstartException {
    number++;
    String line = lines.next();
    try {
      Words.refuseLineBreaks(line.replace('\t', ' '));
    } catch (KickstartException e) {
      throw error(e.getMessage());
    }
    return line;
  }

  private List<String> words(String line) throws KickstartException {
    try {
      if (Words.hasComment(line)) {
        throw new KickstartException("a comment needs a line of its own");
      }
      return Words.split(line);
    } catch (KickstartException e) {
      throw error(e.getMessage());
    }
  }

  /** Blanks and a comment may follow. */
  static boolean isEnd(String line) {
    return line.startsWith(END) && line.substring(END.length()).matches("(\\s.*)?");
  }

  private static boolean isNothing(String line) {
    return line.isBlank() || line.startsWith("#");
  }

  private static String withoutComment(String entry) {
    int comment = entry.indexOf('#');
    return (comment < 0 ? entry : entry.substring(0, comment)).strip();
  }

  private KickstartException error(String message) {
    return new KickstartException("line " + number + ": " + message);
  }
}
