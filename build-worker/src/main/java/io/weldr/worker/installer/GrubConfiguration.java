package io.weldr.worker.installer;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What GRUB is told: {@code /etc/default/grub}, from which grub-mkconfig makes grub.cfg in the
 * running system, and the grub.cfg of the first start, which says the same.
 *
 * <p>Security: kernel arguments are the blueprint's own text. They are split into words as the
 * kernel splits them, quoted once for GRUB's language, and as a whole once more for the shell that
 * reads {@code /etc/default/grub}.
 *
 * @param title of the system, for the menu
 * @param arguments of the kernel
 * @param timeout seconds the menu waits
 */
record GrubConfiguration(String title, List<String> arguments, OptionalLong timeout) {
  private static final long DEFAULT_TIMEOUT = 1;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,=@%+-]+");
  private static final Pattern SERIAL = Pattern.compile("console=ttyS([0-9])(?:,([0-9]{1,7}).*)?");

  GrubConfiguration {
    arguments = List.copyOf(arguments);
  }

  /** Words of a kernel command line: blanks divide them, double quotes hold them together. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (char c : (line + " ").toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ' ' && !quoted) {
        if (!word.isEmpty()) {
          words.add(word.toString());
          word.setLength(0);
        }
      } else {
        word.append(c);
      }
    }
    if (!word.toString().isBlank()) {
      words.add(word.toString().strip());
    }
    return words;
  }

  /** {@code /etc/default/grub}. */
  String defaults() {
    StringBuilder text =
        new StringBuilder("# Read by grub-mkconfig; after a change run update-grub.\n");
    variable(text, "GRUB_DEFAULT", "0");
    variable(text, "GRUB_TIMEOUT", Long.toString(seconds()));
    variable(text, "GRUB_DISTRIBUTOR", title);
    variable(text, "GRUB_CMDLINE_LINUX_DEFAULT", "");
    variable(text, "GRUB_CMDLINE_LINUX", argumentText());
    variable(text, "GRUB_DISABLE_OS_PROBER", "true");
    Matcher serial = serial();
    if (serial.matches()) {
      variable(text, "GRUB_TERMINAL", "console serial");
      variable(text, "GRUB_SERIAL_COMMAND", serialCommand(serial));
    }
    return text.toString();
  }

  /**
   * {@code grub.cfg}.
   *
   * @param directory where GRUB sees the kernels: {@code /boot} or, in a file system of its own,
   *     empty
   * @param kernels the default first
   */
  String menu(BootPlan plan, String directory, List<Kernel> kernels) {
    StringBuilder text =
        new StringBuilder("# For the first start; update-grub replaces this file.\n");
    text.append("set default=0\nset timeout=").append(seconds()).append('\n');
    text.append(terminal());
    for (Kernel kernel : kernels) {
      text.append("menuentry ").append(quoted(title + ", " + kernel.version())).append(" {\n");
      text.append("  search --no-floppy --fs-uuid --set=root ");
      text.append(plan.boot().orElse(plan.root())).append('\n');
      text.append("  linux ").append(quoted(directory + "/" + kernel.kernel()));
      text.append(" root=UUID=").append(plan.root()).append(" ro");
      text.append(arguments.isEmpty() ? "" : " " + argumentText()).append('\n');
      if (!kernel.ramFileSystem().isEmpty()) {
        text.append("  initrd ").append(quoted(directory + "/" + kernel.ramFileSystem()));
        text.append('\n');
      }
      text.append("}\n");
    }
    return text.toString();
  }

  /** Commands of GRUB that show the menu on the serial console as well, if the kernel has one. */
  String terminal() {
    Matcher serial = serial();
    return serial.matches()
        ? serialCommand(serial)
            + "\nterminal_input console serial\nterminal_output console serial\n"
        : "";
  }

  private long seconds() {
    return timeout.orElse(DEFAULT_TIMEOUT);
  }

  /** The arguments, quoted for GRUB. */
  String argumentText() {
    return String.join(" ", arguments.stream().map(GrubConfiguration::quoted).toList());
  }

  /** The last serial console that is asked for; the one that becomes the system console. */
  private Matcher serial() {
    return SERIAL.matcher(
        arguments.reversed().stream()
            .filter(a -> SERIAL.matcher(a).matches())
            .findFirst()
            .orElse(""));
  }

  private static String serialCommand(Matcher serial) {
    String speed = serial.group(2) == null ? "9600" : serial.group(2);
    return "serial --unit=%s --speed=%s".formatted(serial.group(1), speed);
  }

  private static void variable(StringBuilder text, String name, String value) {
    text.append(name).append('=').append(quoted(value)).append('\n');
  }

  /** For GRUB and for the shell: between single quotes nothing is special in either. */
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
