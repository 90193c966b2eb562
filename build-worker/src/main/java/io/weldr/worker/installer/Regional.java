package io.weldr.worker.installer;

import io.weldr.worker.kickstart.Keyboard;
import io.weldr.worker.kickstart.Language;
import io.weldr.worker.kickstart.TimeZone;
import io.weldr.worker.spec.BuildException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time zone, time servers, locales and keyboard of the tree. */
final class Regional {
  private static final Set<String> BUILT_IN = Set.of("C", "POSIX", "C.UTF-8");
  private static final Pattern LAYOUT = Pattern.compile("([a-z0-9_-]+)(?: ?\\(([^)]+)\\))?");

  private final Tree tree;

  Regional(Tree tree) {
    this.tree = tree;
  }

  void set(TreeConfiguration configuration)
      throws BuildException, IOException, InterruptedException {
    setZone(configuration.timeZone().zone());
    setTimeServers(configuration.timeZone());
    setLanguage(configuration.language());
    setKeyboard(configuration.keyboard());
  }

  private void setZone(String zone) throws BuildException, IOException, InterruptedException {
    String file = "/usr/share/zoneinfo/" + zone;
    if (!tree.succeeds("/usr/bin/test", "-f", file)) {
      if (zone.equals("UTC")) {
        // What a system without any zone has.
        return;
      }
      throw Tree.refused("the time zone \"" + zone + "\" is not in the image");
    }
    tree.run("the time zone cannot be set", "/bin/ln", "-sfn", "--", file, "/etc/localtime");
    tree.write("/etc/timezone", zone + "\n");
  }

  private void setTimeServers(TimeZone zone)
      throws BuildException, IOException, InterruptedException {
    if (zone.ntpServers().isEmpty()) {
      return;
    }
    if (tree.has("/etc/chrony/chrony.conf")) {
      StringBuilder sources = new StringBuilder();
      zone.ntpServers().forEach(host -> sources.append("server ").append(host).append(" iburst\n"));
      tree.write("/etc/chrony/sources.d/weldr.sources", sources.toString());
    } else if (tree.has("/lib/systemd/systemd-timesyncd")) {
      String servers = String.join(" ", zone.ntpServers());
      tree.write("/etc/systemd/timesyncd.conf.d/weldr.conf", "[Time]\nNTP=" + servers + "\n");
    } else {
      throw Tree.refused(
          "the image has no program for NTP servers, neither systemd-timesyncd nor chrony");
    }
  }

  private void setLanguage(Language language)
      throws BuildException, IOException, InterruptedException {
    List<String> generated = new ArrayList<>();
    for (String locale : language.all()) {
      if (!BUILT_IN.contains(locale)) {
        generated.add(supported(locale));
      }
    }
    if (!generated.isEmpty()) {
      tree.write("/etc/locale.gen", String.join("\n", generated) + "\n");
      tree.run("the locales cannot be made", "/usr/sbin/locale-gen");
    }
    tree.write("/etc/default/locale", "LANG=" + language.first() + "\n");
  }

  /** The line of the list of supported locales that begins with the name. */
  private String supported(String locale) throws BuildException, IOException, InterruptedException {
    String list = "/usr/share/i18n/SUPPORTED";
    if (!tree.has(list)) {
      throw Tree.refused(
          "the locale \"%s\" needs the package locales, which is not in the image"
              .formatted(locale));
    }
    String start = locale.replace("UTF8", "UTF-8").replace("utf8", "UTF-8") + " ";
    return tree.lines("/bin/cat", "--", list)
        .flatMap(lines -> lines.stream().filter(line -> line.startsWith(start)).findFirst())
        .orElseThrow(() -> Tree.refused("the image does not know the locale \"" + locale + "\""));
  }

  private void setKeyboard(Keyboard keyboard)
      throws BuildException, IOException, InterruptedException {
    boolean configurable = tree.has("/usr/share/X11/xkb/symbols");
    if (!configurable && keyboard.equals(Keyboard.DEFAULT)) {
      // What the kernel does by itself.
      return;
    }
    Matcher layout = LAYOUT.matcher(keyboard.layout());
    if (!layout.matches()
        || !tree.succeeds("/usr/bin/test", "-f", "/usr/share/X11/xkb/symbols/" + layout.group(1))) {
      throw Tree.refused(
          "the image does not know the keyboard layout \"" + keyboard.layout() + "\"");
    }
    String variant = layout.group(2) == null ? "" : layout.group(2);
    tree.write(
        "/etc/default/keyboard",
        """
        XKBMODEL="pc105"
        XKBLAYOUT="%s"
        XKBVARIANT="%s"
        XKBOPTIONS=""
        BACKSPACE="guess"
        """
            .formatted(layout.group(1), variant));
  }
}
