package io.weldr.worker.kickstart;

import io.weldr.worker.spec.SourceSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code url} and {@code repo}: where packages come from. The commands have options of our own: for
 * Debian archives {@code --suites} and {@code --components} (lists with commas), for all {@code
 * --nosignature}, and {@code --host-source=ID} in place of an address for a source that the host
 * itself is configured for. Keys are not part of the kickstart.
 *
 * @param repositoryName name of a {@code repo}; empty for {@code url}
 */
public record PackageSource(Optional<String> repositoryName, SourceSpec source) {
  public static final String URL = "url";
  public static final String REPO = "repo";

  /** Whether a command is one of the two. */
  public static boolean isOne(Command command) {
    return command.name().equals(URL) || command.name().equals(REPO);
  }

  /** Checks that the command says what {@link #command} writes. */
  public static void check(Command command) throws KickstartException {
    boolean first = command.name().equals(URL);
    List<String> addresses = new ArrayList<>(List.of(first ? "--url" : "--baseurl"));
    addresses.addAll(List.of("--metalink", "--mirrorlist", "--host-source"));
    Set<String> valued = new HashSet<>(addresses);
    valued.addAll(List.of("--suites", "--components", "--proxy"));
    if (!first) {
      valued.add("--name");
    }
    Options options =
        Options.of(command, Set.of("--noverifyssl", "--nosignature"), valued).withoutOperands();
    if (addresses.stream().filter(options::has).count() != 1) {
      throw options.error("needs one of " + String.join(", ", addresses));
    }
  }

  /** As a command. */
  public Command command() throws KickstartException {
    List<String> words = new ArrayList<>();
    repositoryName.ifPresent(name -> words.add("--name=" + name));
    switch (source) {
      case SourceSpec.Host host -> words.add("--host-source=" + host.id());
      case SourceSpec.Apt apt -> addAddress(apt, words);
      case SourceSpec.Rpm rpm -> addAddress(rpm, words);
    }
    return new Command(repositoryName.isEmpty() ? URL : REPO, words);
  }

  private void addAddress(SourceSpec.Apt apt, List<String> words) throws KickstartException {
    words.add((repositoryName.isEmpty() ? "--url=" : "--baseurl=") + apt.url());
    words.add("--suites=" + Options.join(apt.suites()));
    if (!apt.components().isEmpty()) {
      words.add("--components=" + Options.join(apt.components()));
    }
    apt.proxy().ifPresent(proxy -> words.add("--proxy=" + proxy));
    if (!apt.checkTls()) {
      words.add("--noverifyssl");
    }
    if (!apt.checkSignature()) {
      words.add("--nosignature");
    }
  }

  private void addAddress(SourceSpec.Rpm rpm, List<String> words) {
    String option = rpm.address().kind().option();
    boolean base = rpm.address().kind() == SourceSpec.RpmAddress.Kind.BASE_URL;
    words.add(
        "--" + (base && repositoryName.isEmpty() ? "url" : option) + "=" + rpm.address().url());
    rpm.proxy().ifPresent(proxy -> words.add("--proxy=" + proxy));
    if (!rpm.checkTls()) {
      words.add("--noverifyssl");
    }
    if (!rpm.checkPackages()) {
      words.add("--nosignature");
    }
  }
}
