package io.weldr.worker.rpc;

import io.weldr.proto.worker.v1.GitRepository;
import io.weldr.worker.spec.GitPackage;
import io.weldr.worker.spec.PackageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Checks the git repositories of a job and turns them into specs. */
final class GitPackageValidation {
  static final int MOST_REPOSITORIES = 16;

  /** What the archive of a Debian package has its scripts in. */
  private static final String DEBIAN_SCRIPTS = "/DEBIAN";

  private final Problems problems;

  GitPackageValidation(Problems problems) {
    this.problems = problems;
  }

  /**
   * @param others what is installed besides
   */
  List<GitPackage> packages(List<GitRepository> repositories, List<PackageSpec> others) {
    List<GitPackage> specs = new ArrayList<>();
    Set<String> taken =
        others.stream()
            .map(PackageSpec::name)
            .map(GitPackageValidation::lower)
            .collect(Collectors.toSet());
    Consumer<String> unique = problems.unique("git_repositories");
    problems.each(
        "git_repositories",
        repositories,
        MOST_REPOSITORIES,
        (place, one) -> {
          check(place, one);
          unique.accept(lower(one.getName()));
          if (taken.contains(lower(one.getName()))) {
            problems.add(place + ".name", "is the name of another package of the job");
          }
          specs.add(spec(one));
        });
    return specs;
  }

  private void check(String place, GitRepository one) {
    problems.check(place + ".url", one.getUrl(), FieldRule.GIT_URL);
    problems.check(place + ".commit", one.getCommit(), FieldRule.COMMIT);
    problems.check(place + ".ref", one.getRef(), FieldRule.GIT_REF);
    String destination = one.getDestination();
    if (!destination.equals("/")) {
      problems.check(place + ".destination", destination, FieldRule.PATH);
    }
    if (destination.equals(DEBIAN_SCRIPTS) || destination.startsWith(DEBIAN_SCRIPTS + "/")) {
      problems.add(place + ".destination", "is where Debian packages have their scripts");
    }
    problems.check(place + ".name", one.getName(), FieldRule.PACKAGE_NAME);
    problems.check(place + ".version", one.getVersion(), FieldRule.GIT_VERSION);
    problems.check(place + ".release", one.getRelease(), FieldRule.GIT_VERSION);
    problems.check(place + ".summary", one.getSummary(), FieldRule.SUMMARY);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static GitPackage spec(GitRepository one) {
    return new GitPackage(
        one.getName(),
        one.getVersion(),
        one.getRelease(),
        one.getSummary(),
        one.getUrl(),
        one.getRef(),
        one.getCommit(),
        one.getDestination());
  }
}
