package io.weldr.worker.installer.git;

import io.weldr.worker.spec.GitPackage;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.PackageSpec;
import java.util.List;

/**
 * The only writer of spec and control files. A value from a blueprint is one line that stays text:
 * {@code %} is doubled in a spec file, and nothing else begins a macro there; a control file has no
 * macros at all.
 */
final class PackageText {
  private static final String DESCRIPTION = "Created from %s, reference '%s', commit %s";

  private PackageText() {}

  /**
   * A spec file whose package has the files of {@code /tree} and runs nothing.
   *
   * @param owned lines of {@code %files}: plain paths
   */
  static String spec(GitPackage source, List<String> owned) {
    StringBuilder text = new StringBuilder();
    // No helper programs look into the files, and nothing is generated from them.
    text.append("%global __os_install_post %{nil}\n");
    text.append("%global _build_id_links none\n");
    text.append("%global debug_package %{nil}\n");
    PackageSpec named = source.asPackage(PackageFamily.RPM);
    tag(text, "Name", named.name());
    tag(text, "Version", named.version());
    tag(text, "Release", named.release());
    tag(text, "Summary", source.summary());
    tag(text, "License", "Unknown");
    tag(text, "URL", source.url());
    text.append("BuildArch: noarch\nAutoReqProv: no\n");
    text.append("%description\n").append(macroless(description(source))).append('\n');
    text.append("%install\n");
    text.append("mkdir -p \"%{buildroot}").append(macroless(source.destination())).append("\"\n");
    text.append("cp -a --no-preserve=ownership -- /tree/. \"%{buildroot}")
        .append(macroless(source.destination()))
        .append("\"\n");
    text.append("%files\n%defattr(-,root,root,-)\n");
    owned.forEach(path -> text.append('"').append(macroless(path)).append("\"\n"));
    return text.toString();
  }

  /** A control file of a binary package, deb-control(5). */
  static String control(GitPackage source) {
    StringBuilder text = new StringBuilder();
    PackageSpec named = source.asPackage(PackageFamily.APT);
    tagAsIs(text, "Package", named.name());
    tagAsIs(text, "Version", named.fullVersion());
    tagAsIs(text, "Architecture", "all");
    tagAsIs(text, "Maintainer", "weldr-composer <root@localhost>");
    tagAsIs(text, "Section", "misc");
    tagAsIs(text, "Priority", "optional");
    tagAsIs(text, "Homepage", source.url());
    tagAsIs(text, "Description", source.summary());
    text.append(' ').append(oneLine(description(source))).append('\n');
    return text.toString();
  }

  private static String description(GitPackage source) {
    return DESCRIPTION.formatted(source.url(), source.ref(), source.commit());
  }

  private static void tag(StringBuilder text, String name, String value) {
    tagAsIs(text, name, macroless(value));
  }

  private static void tagAsIs(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(oneLine(value)).append('\n');
  }

  private static String macroless(String value) {
    return oneLine(value).replace("%", "%%");
  }

  /** Validated before; a line break would be a line of its own. */
  private static String oneLine(String value) {
    if (value.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)) {
      throw new IllegalArgumentException("a value for a package has a control character");
    }
    return value;
  }
}
