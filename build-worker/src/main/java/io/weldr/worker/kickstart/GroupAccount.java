package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** {@code group}. */
public record GroupAccount(String name, OptionalLong gid) {
  public static final String NAME = "group";

  /** Reads the command. */
  public static GroupAccount from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of(), Set.of("--name", "--gid")).withoutOperands();
    return new GroupAccount(
        options.value("--name").orElseThrow(() -> options.error("lacks \"--name\"")),
        Numbers.id(options, "--gid"));
  }

  /** As a command. */
  public Command command() {
    List<String> words = new ArrayList<>(List.of("--name=" + name));
    gid.ifPresent(number -> words.add("--gid=" + number));
    return new Command(NAME, words);
  }
}
