package io.weldr.worker.installer;

import io.weldr.worker.kickstart.Keyboard;
import io.weldr.worker.kickstart.Language;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.PackageFamily;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Languages and keyboard of the tree, which every family keeps in files of its own. */
sealed interface LocaleSettings permits DebianLocale, RpmLocale {
  /** Locales that need no package. */
  Set<String> BUILT_IN = Set.of("C", "POSIX", "C.UTF-8");

  /**
   * Sets the languages, of which the first is the system's.
   *
   * @throws BuildException CUSTOMIZATION_FAILED naming a locale that the image does not know
   */
  void setLanguage(Language language) throws BuildException, IOException, InterruptedException;

  /**
   * Sets the keyboard of the console, and of graphical systems.
   *
   * @throws BuildException CUSTOMIZATION_FAILED naming a layout that the image does not know
   */
  void setKeyboard(Keyboard keyboard) throws BuildException, IOException, InterruptedException;

  /** The family's. */
  static LocaleSettings of(PackageFamily family, Tree tree) {
    return switch (family) {
      case APT -> new DebianLocale(tree);
      case RPM -> new RpmLocale(tree);
    };
  }

  /**
   * A layout as xkb has it, {@code de (nodeadkeys)}.
   *
   * @param variant may be empty
   */
  record Layout(String name, String variant) {
    private static final Pattern SHAPE = Pattern.compile("([a-z0-9_-]+)(?: ?\\(([^)]+)\\))?");

    static Layout of(Keyboard keyboard) throws BuildException {
      Matcher matcher = SHAPE.matcher(keyboard.layout());
      if (!matcher.matches()) {
        throw unknown(keyboard);
      }
      return new Layout(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2));
    }

    static BuildException unknown(Keyboard keyboard) {
      return Tree.refused(
          "the image does not know the keyboard layout \"" + keyboard.layout() + "\"");
    }
  }
}
