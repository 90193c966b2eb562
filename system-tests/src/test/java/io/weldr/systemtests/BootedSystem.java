package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a running system says of itself, asked through ssh, against the blueprint it was made from.
 *
 * @param key file with the private key of user admin
 */
record BootedSystem(BootedDistribution distribution, VirtualMachine machine, Path key) {
  static final String PASSWORD = "correct-horse-9";

  /** What {@link #assertFirewall} looks for; some output types have their firewall disabled. */
  static final String FIREWALL =
      """
      [customizations.firewall]
      ports = ["8080:tcp"]
      [customizations.firewall.services]
      enabled = ["ssh"]
      """;

  private static final String WHAT_FAILED =
      "systemctl --failed; journalctl -b -p 3; grep -sE 'WARN|ERROR' /var/log/cloud-init.log";

  private static final String RESTART_LATE =
      """
      for unit in $(systemctl --failed --plain --no-legend | cut -d" " -f1); do
        if [ "$(systemctl show --property Result --value "$unit")" = timeout ]; then
          systemctl restart "$unit"
        fi
      done
      """;

  /**
   * A blueprint with every customization that every disk can have. The administrator may use sudo.
   * The kernel does not test its timer: that of an emulated machine may be late on a loaded host.
   */
  static String blueprint(BootedDistribution distribution, String name, String publicKey) {
    return """
        name = "NAME"
        description = "A disk that is started"
        version = "0.0.1"
        [[packages]]
        name = "openssh-server"
        [[packages]]
        name = "KERNEL"
        [[packages]]
        name = "GROWPART"
        [customizations]
        hostname = "vm01.example.com"
        [customizations.kernel]
        append = "console=ttyS0,115200 no_timer_check weldr.test=a+b*c weldr.braces={(x)}"
        [[customizations.user]]
        name = "admin"
        description = "The administrator"
        password = "PASSWORD"
        key = "KEY"
        shell = "/bin/bash"
        groups = ["wheel", "widget"]
        uid = 1200
        gid = 1200
        [[customizations.group]]
        name = "widget"
        gid = 1130
        [customizations.timezone]
        timezone = "Europe/Vienna"
        ntpservers = ["192.0.2.1"]
        [customizations.locale]
        languages = ["de_AT.UTF-8", "en_US.UTF-8"]
        keyboard = "de"
        [customizations.services]
        enabled = ["SSHD"]
        disabled = ["cron"]
        """
        .replace("NAME", name)
        .replace("PASSWORD", PASSWORD)
        .replace("KERNEL", distribution.kernel)
        .replace("GROWPART", distribution.growpart)
        .replace("SSHD", distribution.sshd)
        .replace("KEY", publicKey.strip());
  }

  /**
   * Waits until sshd lets the administrator in by key, and everything was started. On an emulated
   * machine of a loaded host a service may need longer than systemd waits for it: it is started
   * again. One that failed for any other reason stays failed.
   */
  void awaitStarted() {
    if (!state().equals("running")) {
      root(RESTART_LATE);
    }
    assertEquals("running", state(), () -> root(WHAT_FAILED));
  }

  private String state() {
    return ask("systemctl is-system-running --wait || :").strip();
  }

  void assertAsTheBlueprintSays(Set<String> frozen) {
    assertAll(
        () -> assertEquals(frozen, installed()),
        () -> assertEquals("vm01.example.com\n", ask("hostname")),
        () -> assertEquals("1200\n1200\n", ask("id -u; id -g")),
        () ->
            assertEquals(
                "admin " + distribution.administrators + " widget\n",
                ask("id -nG | tr ' ' '\\n' | sort | xargs")),
        () -> assertEquals("widget:x:1130:admin\n", ask("getent group widget")),
        () -> assertEquals("LANG=de_AT.UTF-8\n", ask("grep LANG= " + distribution.locale)),
        () -> assertContains("en_US.utf8", ask("locale -a")),
        () -> assertEquals(distribution.germanKeyboard, ask(distribution.keyboard)),
        () -> assertEquals("Europe/Vienna\n", ask("timedatectl show -p Timezone --value")),
        () -> assertEquals("enabled\n", ask("systemctl is-enabled " + distribution.sshd)),
        () -> assertEquals("disabled\n", ask("systemctl is-enabled cron || :")),
        () -> assertContains(" weldr.test=a+b*c", ask("cat /proc/cmdline")),
        () -> assertContains(" weldr.braces={(x)}", ask("cat /proc/cmdline")),
        () -> assertMatches("[!*]+\n", root("cut -d: -f2 /etc/shadow | head -n 1")),
        () -> assertMatches("[0-9a-f]{32}\n", machineId()),
        () -> assertEquals("", ask("systemctl --failed --no-legend")));
  }

  /** Of a blueprint with {@link #FIREWALL}. */
  void assertFirewall() {
    assertAll(
        () -> assertEquals("active\n", ask("systemctl is-active firewalld")),
        () -> assertEquals("8080/tcp\n", root("firewall-cmd --list-ports")),
        () -> assertContains("ssh", root("firewall-cmd --list-services")));
  }

  /** Of an output type that has its firewall disabled, and may have none. */
  void assertNoFirewall() {
    assertMatches("(inactive|unknown)?\n", ask("systemctl is-active firewalld || :"));
  }

  /** The tools that administrators use on boot loader, file systems and partitions work. */
  void assertMaintainable() {
    assertAll(
        () -> assertContains("Found linux image", root(distribution.makeMenu + " 2>&1")),
        () -> assertContains("'weldr.braces={(x)}'", root("grep linux " + distribution.menu)),
        () -> assertEquals("", root("mount -a")),
        () ->
            assertEquals(
                "CHANGED",
                first(
                    root(
                        "growpart /dev/vda"
                            + " $(cat /sys/class/block/$(basename $(findmnt -no SOURCE /))/partition)"),
                    ":")),
        () -> assertContains("is now", root("resize2fs $(findmnt -no SOURCE /) 2>&1")));
  }

  boolean startedFromUefi() {
    return ask("ls /sys/firmware").contains("efi");
  }

  String machineId() {
    return ask("cat /etc/machine-id");
  }

  private Set<String> installed() {
    return ask(distribution.packages).lines().collect(Collectors.toCollection(TreeSet::new));
  }

  /** In English, whatever language the system has. */
  String ask(String command) {
    return machine.ssh(key, "admin", "export LC_ALL=C; " + command);
  }

  private String root(String command) {
    return ask(
        "echo '%s' | sudo -S -p '' sh -c '%s'".formatted(PASSWORD, command.replace("'", "'\\''")));
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), () -> part + " is not in: " + text);
  }

  private static void assertMatches(String regex, String text) {
    assertTrue(text.matches(regex), () -> regex + " is not: " + text);
  }

  private static String first(String text, String end) {
    int cut = text.indexOf(end);
    return cut < 0 ? text : text.substring(0, cut);
  }
}
