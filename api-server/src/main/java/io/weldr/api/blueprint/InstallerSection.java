package io.weldr.api.blueprint;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How an installer image behaves. */
public record InstallerSection(
    Optional<Boolean> unattended,
    @Key(value = "sudo-nopasswd", rule = ValueRule.LINE) List<String> sudoNopasswd,
    Optional<Kickstart> kickstart,
    Optional<Modules> modules,
    Optional<Bootloader> bootloader,
    Optional<Payload> payload)
    implements Section {

  /** Anaconda's module for accounts; without it no user of the blueprint can be made. */
  static final String USERS_MODULE = "org.fedoraproject.Anaconda.Modules.Users";

  public InstallerSection {
    sudoNopasswd = List.copyOf(sudoNopasswd);
  }

  @Override
  public void check(TableReader table) {
    boolean own = kickstart.flatMap(Kickstart::contents).isPresent();
    if (own && unattended.filter(u -> u).isPresent()) {
      table.problem("unattended", "cannot be used together with kickstart.contents");
    }
    if (own && !sudoNopasswd.isEmpty()) {
      table.problem("sudo-nopasswd", "cannot be used together with kickstart.contents");
    }
  }

  /** Lines of a kickstart. */
  public record Kickstart(Optional<String> contents) implements Section {
    private static final Pattern ACCOUNT =
        Pattern.compile("(?m)^[ \\t]*(?:rootpw[ \\t]|(?:user|sshpw)[ \\t].*--password).*$");

    @Override
    public void check(TableReader table) {
      boolean clear =
          contents.stream()
              .flatMap(text -> ACCOUNT.matcher(text).results())
              .map(line -> line.group())
              .anyMatch(line -> !line.contains("--iscrypted") && !line.contains("--lock"));
      if (clear) {
        table.problem("contents", "has a clear text password; give a hash and --iscrypted");
      }
    }

    /** Without the hashes. */
    @Override
    public String toString() {
      return "Kickstart";
    }
  }

  /** Modules of Anaconda. */
  public record Modules(
      @Key(rule = ValueRule.LINE) List<String> enable,
      @Key(rule = ValueRule.LINE) List<String> disable)
      implements Section {
    public Modules {
      enable = List.copyOf(enable);
      disable = List.copyOf(disable);
    }
  }

  /** Boot loader of the medium. */
  public record Bootloader(Optional<Grub2> grub2) implements Section {}

  /**
   * GRUB.
   *
   * @param menuTimeout seconds; -1 waits for ever
   */
  public record Grub2(
      @Key(value = "menu-timeout", least = -1, most = 86_400) Optional<Long> menuTimeout)
      implements Section {}

  /** What is installed besides packages. */
  public record Payload(Optional<Flatpaks> flatpaks) implements Section {}

  /** Flatpak applications. */
  public record Flatpaks(@Key(rule = ValueRule.LINE) List<String> force) implements Section {
    public Flatpaks {
      force = List.copyOf(force);
    }
  }
}
