package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintToml;
import io.weldr.api.blueprint.Customizations;
import io.weldr.api.blueprint.Customizations.Kernel;
import io.weldr.api.blueprint.GitRepository;
import io.weldr.api.depsolve.PackageVersion;
import io.weldr.api.depsolve.SolvedPackage;
import io.weldr.api.source.Source;
import io.weldr.api.worker.Job;
import java.util.Optional;

/** A plan in the words of the worker. */
final class PlannedJob {
  private PlannedJob() {}

  /**
   * @param proxy for servers that neither a source nor the host has another one for
   * @throws IllegalArgumentException when a number does not fit the protocol
   */
  static Job of(ComposePlan plan, Optional<String> proxy) {
    Job job = new Job(plan.id(), plan.type().name(), plan.request().size());
    job.installedSize(plan.packages().stream().mapToLong(SolvedPackage::installedSize).sum());
    job.submitter(plan.request().submitter());
    Blueprint blueprint = plan.blueprint().blueprint();
    job.blueprint(
        blueprint.name(),
        blueprint.version().orElse("0.0.1"),
        plan.blueprint().commitId(),
        BlueprintToml.print(blueprint),
        BlueprintToml.print(plan.frozen()));
    proxy.ifPresent(job::proxy);
    switch (plan.request().test()) {
      case NONE -> {}
      case FAIL -> job.testFailure();
      case FINISH -> job.testFinish();
    }
    plan.packages().forEach(solved -> add(job, solved));
    plan.sources().forEach(source -> add(job, source));
    plan.commits().forEach(commit -> add(job, commit));
    blueprint.customizations().ifPresent(customizations -> add(job, customizations));
    return job;
  }

  private static void add(Job job, SolvedPackage solved) {
    PackageVersion version = solved.version();
    job.addPackage(
        version.name(),
        version.epoch(),
        version.version(),
        version.release(),
        version.architecture(),
        solved.sourceId(),
        solved.sha256(),
        solved.location(),
        solved.size());
  }

  private static void add(Job job, Source source) {
    if (source.system()) {
      job.addHostSource(source.id());
      return;
    }
    switch (source.type()) {
      case APT ->
          job.addAptSource(
              source.id(),
              source.url(),
              source.suites(),
              source.components(),
              source.checkSignature(),
              source.checkTls(),
              source.proxy(),
              source.keys().all());
      case YUM_BASEURL -> addRpm(job, Job.RpmAddress.BASE_URL, source);
      case YUM_METALINK -> addRpm(job, Job.RpmAddress.METALINK, source);
      case YUM_MIRRORLIST -> addRpm(job, Job.RpmAddress.MIRRORLIST, source);
    }
  }

  private static void addRpm(Job job, Job.RpmAddress kind, Source source) {
    job.addRpmSource(
        source.id(),
        kind,
        source.url(),
        source.checkSignature(),
        source.checkTls(),
        source.proxy(),
        source.keys().all());
  }

  private static void add(Job job, GitCommit commit) {
    GitRepository repository = commit.repository();
    String destination = repository.destination();
    job.addGitRepository(
        repository.repo(),
        commit.id(),
        repository.ref(),
        destination.length() > 1 && destination.endsWith("/")
            ? destination.substring(0, destination.length() - 1)
            : destination,
        repository.rpmname(),
        repository.rpmversion(),
        repository.rpmrelease(),
        repository.summary());
  }

  private static void add(Job job, Customizations custom) {
    custom.hostname().ifPresent(job::hostname);
    custom.kernel().flatMap(Kernel::append).ifPresent(job::kernelAppend);
    custom.sshKeys().forEach(key -> job.addSshKey(key.user(), key.key()));
    custom.users().forEach(user -> add(job, user));
    custom.groups().forEach(group -> job.addGroup(group.name(), group.gid()));
    custom.timezone().ifPresent(time -> job.timezone(time.zone(), time.ntpServers()));
    custom.locale().ifPresent(locale -> job.locale(locale.languages(), locale.keyboard()));
    custom
        .firewall()
        .ifPresent(
            wall -> job.firewall(wall.ports(), wall.enabledServices(), wall.disabledServices()));
    custom.services().ifPresent(units -> job.services(units.enabled(), units.disabled()));
  }

  private static void add(Job job, Customizations.User user) {
    job.addUser(
        user.name(),
        user.description(),
        user.password(),
        user.key(),
        user.home(),
        user.shell(),
        user.groups(),
        user.uid(),
        user.gid());
  }
}
