package io.weldr.worker.installer;

import io.weldr.worker.kickstart.Keyboard;
import io.weldr.worker.kickstart.Language;
import io.weldr.worker.spec.BuildException;
import java.io.IOException;
import java.util.List;

/** locale.conf(5) and vconsole.conf(5); packages glibc-langpack-* and kbd bring what they name. */
final class RpmLocale implements LocaleSettings {
  private static final List<String> KEYMAPS = List.of("/usr/lib/kbd/keymaps", "/usr/share/keymaps");

  private final Tree tree;

  RpmLocale(Tree tree) {
    this.tree = tree;
  }

  @Override
  public void setLanguage(Language language)
      throws BuildException, IOException, InterruptedException {
    List<String> known =
        tree.lines("/usr/bin/locale", "-a").orElse(List.of()).stream()
            .map(RpmLocale::normal)
            .toList();
    for (String locale : language.all()) {
      if (!BUILT_IN.contains(locale) && !known.contains(normal(locale))) {
        throw Tree.refused(
            "the image does not know the locale \""
                + locale
                + "\": glibc-all-langpacks is missing");
      }
    }
    tree.write("/etc/locale.conf", "LANG=" + language.first() + "\n");
  }

  /** glibc writes the character set in its own way. */
  private static String normal(String locale) {
    return locale.replace("UTF-8", "utf8").replace("UTF8", "utf8");
  }

  @Override
  public void setKeyboard(Keyboard keyboard)
      throws BuildException, IOException, InterruptedException {
    Layout layout = Layout.of(keyboard);
    // How kbd names the keymaps it makes from those of xkb.
    String keymap = layout.name() + (layout.variant().isEmpty() ? "" : "-" + layout.variant());
    if (!keyboard.equals(Keyboard.DEFAULT) && !hasKeymap(keymap)) {
      throw Layout.unknown(keyboard);
    }
    tree.write("/etc/vconsole.conf", "KEYMAP=\"%s\"\n".formatted(keymap));
    if (tree.has("/usr/share/X11/xkb/symbols")) {
      tree.write(
          "/etc/X11/xorg.conf.d/00-keyboard.conf",
          """
          Section "InputClass"
                  Identifier "system-keyboard"
                  MatchIsKeyboard "on"
                  Option "XkbLayout" "%s"
                  Option "XkbVariant" "%s"
          EndSection
          """
              .formatted(layout.name(), layout.variant()));
    }
  }

  private boolean hasKeymap(String keymap) throws IOException, InterruptedException {
    for (String directory : KEYMAPS) {
      List<String> found =
          tree.lines(
                  "/usr/bin/find",
                  directory,
                  "-name",
                  keymap + ".map*",
                  "-o",
                  "-name",
                  keymap + ".kmap*")
              .orElse(List.of());
      if (!found.isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
