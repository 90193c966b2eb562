package io.weldr.worker.installer;

import io.weldr.worker.kickstart.Keyboard;
import io.weldr.worker.kickstart.Language;
import io.weldr.worker.spec.BuildException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Locales are made from the sources in package locales; the keyboard is keyboard(5). */
final class DebianLocale implements LocaleSettings {
  private final Tree tree;

  DebianLocale(Tree tree) {
    this.tree = tree;
  }

  @Override
  public void setLanguage(Language language)
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

  @Override
  public void setKeyboard(Keyboard keyboard)
      throws BuildException, IOException, InterruptedException {
    boolean configurable = tree.has("/usr/share/X11/xkb/symbols");
    if (!configurable && keyboard.equals(Keyboard.DEFAULT)) {
      // What the kernel does by itself.
      return;
    }
    Layout layout = Layout.of(keyboard);
    String symbols = "/usr/share/X11/xkb/symbols/" + layout.name();
    if (!tree.succeeds("/usr/bin/test", "-f", symbols)) {
      throw Layout.unknown(keyboard);
    }
    tree.write(
        "/etc/default/keyboard",
        """
        XKBMODEL="pc105"
        XKBLAYOUT="%s"
        XKBVARIANT="%s"
        XKBOPTIONS=""
        BACKSPACE="guess"
        """
            .formatted(layout.name(), layout.variant()));
  }
}
