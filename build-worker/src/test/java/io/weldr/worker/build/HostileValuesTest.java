package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.OutputType;
import io.weldr.worker.installer.TreeConfiguration;
import io.weldr.worker.kickstart.Command;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.Firewall;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.spec.Customizations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every text field of a blueprint with every hostile value: the kickstart is refused, or the
 * installer reads exactly the value and nothing else.
 */
class HostileValuesTest {
  private static final Path SHARE = Path.of("../share").toAbsolutePath().normalize();
  private static final String MARK = "ok";
  private static final Optional<String> NOTHING = Optional.empty();

  private static final List<String> VALUES =
      List.of(
          "x\n%post\nid > /tmp/owned\n%end",
          "x\r\nrootpw --plaintext owned",
          "x\nuser --name=owned",
          "x\u2028rootpw --plaintext owned",
          "x\u0085rootpw --plaintext owned",
          "x\u000brootpw",
          "\u0000",
          "x\u001b[31m",
          "x\u007f",
          "",
          " ",
          "x y",
          "\t",
          "\"",
          "\" --plaintext --password=\"owned",
          "'",
          "\\",
          "\\\"",
          "x\\",
          "$(id)",
          "`id`",
          "${PATH}",
          "x;id",
          "x&&id",
          "x|id",
          "x>/tmp/owned",
          "-x",
          "--uid=0",
          "--",
          "-",
          "#x",
          "%end",
          "%packages",
          "x,y",
          ",",
          "x:y",
          "x:0:0::/:/bin/sh",
          "x=y",
          "../../etc/shadow",
          "/etc/../etc/shadow",
          "/",
          "//",
          ".",
          "..",
          "~root",
          "*",
          "?",
          "{a,b}",
          "!x",
          "x\u202ey",
          "\ud800",
          "\ud83d\ude00",
          "\u00e4\u00f6",
          "%pre",
          "%include /etc/shadow",
          "x\n%include /etc/shadow",
          "x\n%pre --interpreter=/bin/sh\nid\n%end\n",
          "x\u2029%pre",
          "x\f%include /etc/shadow",
          "x\u0000\n%post",
          "--append=x",
          "--plaintext --lock",
          "x\" --groups=wheel \"",
          "x\\\" --groups=wheel",
          "x\\\n%post",
          "x".repeat(5000),
          "x\"\\ ".repeat(1 << 18));

  @TestFactory
  Stream<DynamicTest> hostName() {
    return all(
        value -> new Wishes().hostname(value).done(),
        configuration -> List.of(configuration.hostname().orElseThrow()));
  }

  @TestFactory
  Stream<DynamicTest> kernelArguments() {
    return all(
        value -> new Wishes().kernelAppend(value).done(),
        configuration -> configuration.bootLoader().append().stream().toList());
  }

  @TestFactory
  Stream<DynamicTest> userName() {
    return all(
        value -> Jobs.withUser(Jobs.user(value)),
        configuration -> List.of(configuration.users().getFirst().name()));
  }

  @TestFactory
  Stream<DynamicTest> userDescription() {
    return all(
        value -> Jobs.withUser(user(Optional.of(value), NOTHING, NOTHING, NOTHING, List.of())),
        configuration -> List.of(configuration.users().getFirst().description().orElseThrow()));
  }

  @TestFactory
  Stream<DynamicTest> userPasswordHash() {
    return all(
        value -> Jobs.withUser(user(NOTHING, Optional.of(value), NOTHING, NOTHING, List.of())),
        configuration -> List.of(configuration.users().getFirst().passwordHash().orElseThrow()));
  }

  @TestFactory
  Stream<DynamicTest> userHome() {
    return all(
        value -> Jobs.withUser(user(NOTHING, NOTHING, Optional.of(value), NOTHING, List.of())),
        configuration -> List.of(configuration.users().getFirst().home().orElseThrow()));
  }

  @TestFactory
  Stream<DynamicTest> userShell() {
    return all(
        value -> Jobs.withUser(user(NOTHING, NOTHING, NOTHING, Optional.of(value), List.of())),
        configuration -> List.of(configuration.users().getFirst().shell().orElseThrow()));
  }

  @TestFactory
  Stream<DynamicTest> userGroup() {
    return all(
        value -> Jobs.withUser(user(NOTHING, NOTHING, NOTHING, NOTHING, List.of(value))),
        configuration -> configuration.users().getFirst().groups());
  }

  @TestFactory
  Stream<DynamicTest> groupName() {
    return all(
        value -> new Wishes().groups(new Customizations.Group(value, OptionalLong.empty())).done(),
        configuration -> List.of(configuration.groups().getFirst().name()));
  }

  @TestFactory
  Stream<DynamicTest> sshKey() {
    return all(
        value -> new Wishes().keys(new Customizations.SshKey(MARK, value)).done(),
        configuration -> List.of(configuration.keys().getFirst().key()));
  }

  @TestFactory
  Stream<DynamicTest> sshKeyUser() {
    return all(
        value -> new Wishes().keys(new Customizations.SshKey(value, Jobs.KEY)).done(),
        configuration -> List.of(configuration.keys().getFirst().user()));
  }

  @TestFactory
  Stream<DynamicTest> timeZone() {
    return all(
        value -> new Wishes().timezone(Optional.of(value), List.of()).done(),
        configuration -> List.of(configuration.timeZone().zone()));
  }

  @TestFactory
  Stream<DynamicTest> timeServer() {
    return all(
        value -> new Wishes().timezone(NOTHING, List.of(value)).done(),
        configuration -> configuration.timeZone().ntpServers());
  }

  @TestFactory
  Stream<DynamicTest> language() {
    return all(
        value -> new Wishes().locale(List.of(value), NOTHING).done(),
        configuration -> configuration.language().all());
  }

  @TestFactory
  Stream<DynamicTest> keyboard() {
    return all(
        value -> new Wishes().locale(List.of(), Optional.of(value)).done(),
        configuration -> List.of(configuration.keyboard().layout()));
  }

  @TestFactory
  Stream<DynamicTest> firewallPort() {
    return all(
        value -> new Wishes().firewall(List.of(value), List.of(), List.of()).done(),
        configuration -> List.copyOf(configuration.firewall().orElseThrow().ports()));
  }

  @TestFactory
  Stream<DynamicTest> firewallService() {
    return all(
        value -> new Wishes().firewall(List.of(), List.of(value), List.of()).done(),
        configuration -> List.copyOf(configuration.firewall().orElseThrow().services()));
  }

  @TestFactory
  Stream<DynamicTest> removedFirewallService() {
    return all(
        value -> new Wishes().firewall(List.of(), List.of(), List.of(value)).done(),
        configuration ->
            List.copyOf(configuration.firewall().map(Firewall::removedServices).orElseThrow()));
  }

  @TestFactory
  Stream<DynamicTest> enabledService() {
    return all(
        value -> new Wishes().services(List.of(value), List.of()).done(),
        configuration -> List.copyOf(configuration.services().enabled()));
  }

  @TestFactory
  Stream<DynamicTest> disabledService() {
    return all(
        value -> new Wishes().services(List.of(), List.of(value)).done(),
        configuration -> List.copyOf(configuration.services().disabled()));
  }

  /** One test per value. */
  private static Stream<DynamicTest> all(
      Function<String, Customizations> wish, Function<TreeConfiguration, List<String>> found) {
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < VALUES.size(); i++) {
      String value = VALUES.get(i);
      tests.add(DynamicTest.dynamicTest("value " + i, () -> check(value, wish, found)));
    }
    return tests.stream();
  }

  private static void check(
      String value,
      Function<String, Customizations> wish,
      Function<TreeConfiguration, List<String>> found)
      throws Exception {
    String harmless = harmless(wish);
    // Where Anaconda installs, nobody interprets the values before it does.
    for (boolean anaconda : List.of(false, true)) {
      String text;
      try {
        text = render(wish.apply(value), anaconda);
      } catch (KickstartException e) {
        assertFalse(e.getMessage().isBlank());
        assertTrue(e.getMessage().length() < 2000);
        continue;
      }
      Kickstart kickstart = KickstartParser.document(text);
      Kickstart expected = KickstartParser.document(render(wish.apply(harmless), anaconda));
      assertEquals(names(expected), names(kickstart));
      assertEquals(expected.scripts(), kickstart.scripts());
      assertEquals(expected.packages(), kickstart.packages());
      assertTrue(text.stripTrailing().endsWith("\nrootpw --lock"), text);
      if (!anaconda) {
        assertEquals(List.of(value), found.apply(TreeConfiguration.of(kickstart)));
      }
    }
  }

  /** The sections, and the commands by their names. */
  private static List<String> names(Kickstart kickstart) {
    return kickstart.sections().stream()
        .map(
            section ->
                section instanceof Command command
                    ? command.name()
                    : section.getClass().getSimpleName())
        .toList();
  }

  /** A value that every field takes, or else no value was taken at all. */
  private static String harmless(Function<String, Customizations> wish) throws Exception {
    for (String candidate : List.of(MARK, "/ok", "80:tcp", Jobs.HASH, "C.UTF-8", "UTC")) {
      try {
        render(wish.apply(candidate), false);
        render(wish.apply(candidate), true);
        return candidate;
      } catch (KickstartException e) {
        assertFalse(e.getMessage().isBlank());
      }
    }
    throw new AssertionError("the field takes no value");
  }

  private static String render(Customizations customizations, boolean anaconda) throws Exception {
    return FinalKickstart.render(
        Jobs.with(customizations),
        OutputType.load(SHARE, "tar"),
        Files.readString(OutputType.template(SHARE, "tar")),
        Distribution.load(SHARE.resolve("distros/debian.toml")),
        anaconda);
  }

  private static Customizations.User user(
      Optional<String> description,
      Optional<String> hash,
      Optional<String> home,
      Optional<String> shell,
      List<String> groups) {
    return new Customizations.User(
        MARK,
        description,
        hash,
        Optional.empty(),
        home,
        shell,
        groups,
        OptionalLong.empty(),
        OptionalLong.empty());
  }
}
