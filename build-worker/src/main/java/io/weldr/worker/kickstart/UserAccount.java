package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code user}.
 *
 * @param passwordHash crypt(3) hash; without one nobody can log in with a password
 * @param description the comment field of the account
 */
public record UserAccount(
    String name,
    Optional<String> home,
    Optional<String> passwordHash,
    Optional<String> shell,
    OptionalLong uid,
    OptionalLong gid,
    Optional<String> description,
    List<String> groups) {
  public static final String NAME = "user";

  private static final Set<String> VALUED =
      Set.of(
          "--name", "--homedir", "--password", "--shell", "--uid", "--gid", "--gecos", "--groups");

  public UserAccount {
    groups = List.copyOf(groups);
  }

  /** Reads the command. Clear text passwords are refused. */
  public static UserAccount from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of("--iscrypted"), VALUED).withoutOperands();
    if (options.has("--password") != options.has("--iscrypted")) {
      throw options.error("needs --password and --iscrypted together");
    }
    return new UserAccount(
        options.value("--name").orElseThrow(() -> options.error("lacks \"--name\"")),
        options.value("--homedir"),
        options.value("--password"),
        options.value("--shell"),
        Numbers.id(options, "--uid"),
        Numbers.id(options, "--gid"),
        options.value("--gecos"),
        options.list("--groups"));
  }

  /** As a command. */
  public Command command() throws KickstartException {
    List<String> words = new ArrayList<>(List.of("--name=" + name));
    home.ifPresent(path -> words.add("--homedir=" + path));
    passwordHash.ifPresent(hash -> words.addAll(List.of("--iscrypted", "--password=" + hash)));
    shell.ifPresent(path -> words.add("--shell=" + path));
    uid.ifPresent(number -> words.add("--uid=" + number));
    gid.ifPresent(number -> words.add("--gid=" + number));
    description.ifPresent(text -> words.add("--gecos=" + text));
    if (!groups.isEmpty()) {
      words.add("--groups=" + Options.join(groups));
    }
    return new Command(NAME, words);
  }
}
