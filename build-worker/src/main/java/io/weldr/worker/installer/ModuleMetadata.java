package io.weldr.worker.installer;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.SubprocessException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metadata of module streams for packages whose headers say that they are of one: dnf installs such
 * a package only from a repository that lists it in an active stream. Each stream is made its
 * module's default, and so active; the solver had chosen it before. The format is that of
 * libmodulemd, documents {@code modulemd} version 2 and {@code modulemd-defaults} version 1.
 *
 * <p>Security: headers are read by rpm in a sandbox without network; names that are not plain are
 * left out, and nothing else of a header is written.
 */
final class ModuleMetadata {
  private static final String LABELS =
      """
      mkdir /tmp/rpmdb
      cd /packages
      exec rpm --define '_dbpath /tmp/rpmdb' --nosignature --nodigest -qp --queryformat "$1" -- *.rpm
      """;

  private static final String FORMAT =
      "%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH} %{MODULARITYLABEL}\\n";

  /** The package, and its label: module, stream, version, context. */
  private static final Pattern LINE =
      Pattern.compile(
          "([A-Za-z0-9_][A-Za-z0-9+._:~^-]{0,250}) ([A-Za-z0-9._+-]{1,99}):([A-Za-z0-9._+-]{1,99})"
              + ":([0-9]{1,18}):([A-Za-z0-9]{1,20})");

  private static final String STREAM =
      """
      ---
      document: modulemd
      version: 2
      data:
        name: "%1$s"
        stream: "%2$s"
        version: %3$s
        context: "%4$s"
        arch: "%5$s"
        summary: "packages of a compose"
        description: "packages of a compose"
        license:
          module: ["MIT"]
        artifacts:
          rpms:
      %6$s...
      ---
      document: modulemd-defaults
      version: 1
      data:
        module: "%1$s"
        stream: "%2$s"
      ...
      """;

  private ModuleMetadata() {}

  /**
   * Of the packages in a directory.
   *
   * @return the documents as YAML; empty when no package is of a module
   */
  static String of(Path packages) throws SubprocessException, InterruptedException {
    List<String> lines = new ArrayList<>();
    Sandbox.ofHostPrograms()
        .with("LC_ALL", "C.UTF-8")
        .readOnly(packages, "/packages")
        .command("/bin/sh", "-euc", LABELS, "labels", FORMAT)
        .output(lines::add)
        .check();
    return documents(lines);
  }

  /**
   * As above.
   *
   * @param lines {@code NAME-EPOCH:VERSION-RELEASE.ARCH LABEL}; the label is {@code (none)} where
   *     there is none
   */
  static String documents(List<String> lines) {
    Map<String, List<Matcher>> streams = new LinkedHashMap<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String stream = matcher.group(2) + ":" + matcher.group(3);
        streams.computeIfAbsent(stream, name -> new ArrayList<>()).add(matcher);
      }
    }
    StringBuilder documents = new StringBuilder();
    streams.values().forEach(packages -> documents.append(document(packages)));
    return documents.toString();
  }

  private static String document(List<Matcher> packages) {
    Matcher first = packages.getFirst();
    StringBuilder artifacts = new StringBuilder();
    String architecture = "noarch";
    for (Matcher each : packages) {
      String name = each.group(1);
      String suffix = name.substring(name.lastIndexOf('.') + 1);
      architecture = architecture.equals("noarch") ? suffix : architecture;
      artifacts.append("    - \"").append(name).append("\"\n");
    }
    return STREAM.formatted(
        first.group(2), first.group(3), first.group(4), first.group(5), architecture, artifacts);
  }
}
