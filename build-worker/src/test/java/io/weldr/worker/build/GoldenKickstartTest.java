package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.weldr.worker.build.GoldenCases.Case;
import io.weldr.worker.image.OutputType;
import io.weldr.worker.kickstart.AddOn;
import io.weldr.worker.kickstart.Command;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.kickstart.Packages;
import io.weldr.worker.kickstart.Script;
import io.weldr.worker.kickstart.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The final kickstarts of every type, release and customization, below {@code
 * src/test/resources/kickstart/RELEASE/TYPE}. {@code make golden} writes them. Scripts are shown in
 * full where nothing is customized, and as their number of lines elsewhere.
 */
class GoldenKickstartTest {
  private static final boolean WRITE = Boolean.getBoolean("golden.write");
  private static final Path GOLDEN = Path.of("src/test/resources/kickstart");
  private static final Pattern BODY = Pattern.compile("(?ms)^(%post[^\n]*\n)(.*?)^%end$");
  private static final List<String> REFUSE_FIREWALL = List.of("google", "openstack");

  /**
   * Anaconda 34 and later warns about {@code logging --level} or refuses it, and has timesource.
   */
  private static final List<String> NEWER_ANACONDA = List.of("fedora-44", "rhel-9");

  /** In the order in which they are written when a template lacks them. */
  private static final List<String> DEFAULTS =
      List.of("bootloader", "timezone", "lang", "keyboard", "firewall", "services");

  @TestFactory
  Stream<DynamicTest> everyTypeOnEveryRelease() {
    return new TreeSet<>(GoldenCases.RELEASES.keySet())
        .stream()
            .flatMap(
                release ->
                    GoldenCases.TYPES.stream()
                        .map(
                            type ->
                                dynamicTest(release + "/" + type, () -> compare(release, type))));
  }

  @Test
  void nothingElseIsThere() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      long expected =
          (long) GoldenCases.RELEASES.size()
              * GoldenCases.TYPES.size()
              * GoldenCases.cases().size();
      assertEquals(expected, files.filter(Files::isRegularFile).count());
    }
  }

  private static void compare(String release, String type) throws Exception {
    String template = Files.readString(OutputType.template(GoldenCases.SHARE, type));
    for (Map.Entry<String, Case> each : GoldenCases.cases().entrySet()) {
      boolean firewall = !REFUSE_FIREWALL.contains(type);
      boolean all = each.getKey().equals("all");
      Case rendered = firewall || !all ? each.getValue() : each.getValue().withoutFirewall();
      String text = render(release, type, template, rendered);
      Path file = GOLDEN.resolve(release).resolve(type).resolve(each.getKey() + ".ks");
      String shown = each.getKey().equals("none") ? text : withoutScripts(text);
      if (WRITE) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, shown);
      }
      assertEquals(Files.readString(file), shown, file.toString());
      if (!text.startsWith("Refused")) {
        checkSections(release, template, rendered, KickstartParser.document(text));
      }
    }
  }

  private static String render(String release, String type, String template, Case of)
      throws IOException {
    Distribution distribution = GoldenCases.distribution(release);
    try {
      return FinalKickstart.render(
          GoldenCases.job(of, distribution.family()),
          OutputType.load(GoldenCases.SHARE, type),
          template,
          distribution);
    } catch (KickstartException e) {
      return "Refused: " + e.getMessage() + "\n";
    }
  }

  private static String withoutScripts(String text) {
    return BODY.matcher(text)
        .replaceAll(
            match -> match.group(1) + "# " + match.group(2).lines().count() + " lines\n%end");
  }

  /** The template's sections, and one command per customization; scripts are the template's. */
  private static void checkSections(String release, String template, Case of, Kickstart rendered)
      throws Exception {
    Kickstart before = KickstartParser.template(template);
    List<String> names = names(rendered.sections());
    int packages = names.indexOf("%packages");

    List<String> after = new ArrayList<>(of.commands());
    after.add("rootpw");
    assertEquals(after, names.subList(packages + 1, names.size()));

    List<String> expected = new ArrayList<>();
    for (String name : DEFAULTS) {
      boolean wanted = !name.equals("services") || of.customizations().services().isPresent();
      if (before.commands(name).isEmpty() && wanted) {
        expected.add(name);
      }
    }
    expected.addAll(names(before.sections()));
    expected.remove("%packages");
    if (NEWER_ANACONDA.contains(release)) {
      expected.remove("logging");
    }
    if (release.startsWith("debian") && of.customizations().firewall().isEmpty()) {
      expected.remove("firewall");
    }
    List<String> head = new ArrayList<>(names.subList(0, packages));
    head.removeIf(List.of("url", "repo", "clearpart", "part", "timesource")::contains);
    assertEquals(expected, head);

    assertEquals(before.scripts(), rendered.scripts());
    assertEquals(before.addOns(), rendered.addOns());
    assertTrue(!names.contains("timesource") || NEWER_ANACONDA.contains(release));
  }

  private static List<String> names(List<Section> sections) {
    List<String> names = new ArrayList<>();
    for (Section section : sections) {
      names.add(
          switch (section) {
            case Command command -> command.name();
            case Script script -> "%post";
            case AddOn addOn -> "%addon";
            case Packages packages -> "%packages";
          });
    }
    return names;
  }
}
