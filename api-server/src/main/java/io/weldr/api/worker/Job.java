package io.weldr.api.worker;

import com.google.protobuf.ByteString;
import io.weldr.proto.worker.v1.AptSource;
import io.weldr.proto.worker.v1.BlueprintDocument;
import io.weldr.proto.worker.v1.Customizations;
import io.weldr.proto.worker.v1.Firewall;
import io.weldr.proto.worker.v1.GitRepository;
import io.weldr.proto.worker.v1.Group;
import io.weldr.proto.worker.v1.HostSource;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.Locale;
import io.weldr.proto.worker.v1.Package;
import io.weldr.proto.worker.v1.RpmSource;
import io.weldr.proto.worker.v1.Services;
import io.weldr.proto.worker.v1.Source;
import io.weldr.proto.worker.v1.SshKey;
import io.weldr.proto.worker.v1.TestMode;
import io.weldr.proto.worker.v1.Timezone;
import io.weldr.proto.worker.v1.User;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A job for the worker, put together part by part; limits and patterns are those of the protocol,
 * and the worker checks them.
 */
public final class Job {
  private final JobSpec.Builder spec = JobSpec.newBuilder();
  private final Customizations.Builder customizations = Customizations.newBuilder();

  public Job(UUID id, String outputType, long size) {
    spec.setComposeId(id.toString()).setOutputType(outputType).setSize(size);
  }

  JobSpec spec() {
    return spec.clone().setCustomizations(customizations).build();
  }

  /** The blueprint for the record: as committed, and with exact versions. */
  public Job blueprint(String name, String version, String commit, String toml, String frozenToml) {
    spec.setBlueprint(
        BlueprintDocument.newBuilder()
            .setName(name)
            .setVersion(version)
            .setCommit(commit)
            .setToml(toml)
            .setFrozenToml(frozenToml));
    return this;
  }

  /** Bytes all packages take when installed; the worker plans disk space by it. */
  public Job installedSize(long bytes) {
    spec.setInstalledSize(bytes);
    return this;
  }

  /** Composes take turns between submitters. */
  public Job submitter(int number) {
    spec.setSubmitter(number);
    return this;
  }

  /** For downloads from servers that nobody else has a proxy for. */
  public Job proxy(String url) {
    spec.setProxy(url);
    return this;
  }

  /** Pretend to build, and fail. */
  public Job testFailure() {
    spec.setTestMode(TestMode.TEST_MODE_FAIL);
    return this;
  }

  /** Pretend to build, and finish. */
  public Job testFinish() {
    spec.setTestMode(TestMode.TEST_MODE_FINISH);
    return this;
  }

  /**
   * A package to install.
   *
   * @param sha256 64 hex digits
   * @param location of the archive below the source's address, or empty
   * @param size bytes of the archive
   */
  public Job addPackage(
      String name,
      long epoch,
      String version,
      String release,
      String architecture,
      String sourceId,
      String sha256,
      String location,
      long size) {
    spec.addPackages(
        Package.newBuilder()
            .setName(name)
            .setEpoch(Math.toIntExact(epoch))
            .setVersion(version)
            .setRelease(release)
            .setArchitecture(architecture)
            .setSourceId(sourceId)
            .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(sha256)))
            .setLocation(location)
            .setSize(size));
    return this;
  }

  /**
   * A package to make of a commit.
   *
   * @param commit 40 hex digits
   * @param ref what the blueprint calls it
   * @param destination directory in the image, without a slash at its end unless it is the root
   */
  public Job addGitRepository(
      String url,
      String commit,
      String ref,
      String destination,
      String name,
      String version,
      String release,
      String summary) {
    spec.addGitRepositories(
        GitRepository.newBuilder()
            .setUrl(url)
            .setCommit(commit)
            .setRef(ref)
            .setDestination(destination)
            .setName(name)
            .setVersion(version)
            .setRelease(release)
            .setSummary(summary));
    return this;
  }

  /** A source of the host; the worker looks it up by its id. */
  public Job addHostSource(String id) {
    spec.addSources(Source.newBuilder().setId(id).setHost(HostSource.getDefaultInstance()));
    return this;
  }

  /** A Debian archive that a user added. */
  public Job addAptSource(
      String id,
      String url,
      List<String> suites,
      List<String> components,
      boolean checkSignature,
      boolean checkTls,
      Optional<String> proxy,
      List<String> publicKeys) {
    spec.addSources(
        Source.newBuilder()
            .setId(id)
            .setApt(
                AptSource.newBuilder()
                    .setUrl(url)
                    .addAllSuites(suites)
                    .addAllComponents(components)
                    .setCheckSignature(checkSignature)
                    .setCheckTls(checkTls)
                    .setProxy(proxy.orElse(""))
                    .addAllPublicKeys(publicKeys)));
    return this;
  }

  /**
   * A repository of RPM packages.
   *
   * @param kind what there is at the address
   * @param checkSignature whether packages must be signed by one of the keys
   */
  public Job addRpmSource(
      String id,
      RpmAddress kind,
      String url,
      boolean checkSignature,
      boolean checkTls,
      Optional<String> proxy,
      List<String> publicKeys) {
    RpmSource.Builder source =
        RpmSource.newBuilder()
            .setCheckGpg(checkSignature)
            .setCheckTls(checkTls)
            .setProxy(proxy.orElse(""))
            .addAllPublicKeys(publicKeys);
    switch (kind) {
      case BASE_URL -> source.setBaseUrl(url);
      case METALINK -> source.setMetalink(url);
      case MIRRORLIST -> source.setMirrorlist(url);
    }
    spec.addSources(Source.newBuilder().setId(id).setRpm(source));
    return this;
  }

  /** What there is at the address of a source of RPM packages. */
  public enum RpmAddress {
    BASE_URL,
    METALINK,
    MIRRORLIST
  }

  public Job hostname(String hostname) {
    customizations.setHostname(hostname);
    return this;
  }

  public Job kernelAppend(String append) {
    customizations.setKernelAppend(append);
    return this;
  }

  public Job addSshKey(String user, String key) {
    customizations.addSshKeys(SshKey.newBuilder().setUser(user).setKey(key));
    return this;
  }

  /**
   * An account.
   *
   * @param passwordHash in crypt(3) form, never clear text
   */
  public Job addUser(
      String name,
      Optional<String> description,
      Optional<String> passwordHash,
      Optional<String> key,
      Optional<String> home,
      Optional<String> shell,
      List<String> groups,
      Optional<Long> uid,
      Optional<Long> gid) {
    User.Builder user = User.newBuilder().setName(name).addAllGroups(groups);
    description.ifPresent(user::setDescription);
    passwordHash.ifPresent(user::setPasswordHash);
    key.ifPresent(user::setKey);
    home.ifPresent(user::setHome);
    shell.ifPresent(user::setShell);
    uid.ifPresent(number -> user.setUid(unsigned(number)));
    gid.ifPresent(number -> user.setGid(unsigned(number)));
    customizations.addUsers(user);
    return this;
  }

  public Job addGroup(String name, Optional<Long> gid) {
    Group.Builder group = Group.newBuilder().setName(name);
    gid.ifPresent(number -> group.setGid(unsigned(number)));
    customizations.addGroups(group);
    return this;
  }

  public Job timezone(Optional<String> zone, List<String> ntpServers) {
    customizations.setTimezone(
        Timezone.newBuilder().setZone(zone.orElse("")).addAllNtpServers(ntpServers));
    return this;
  }

  public Job locale(List<String> languages, Optional<String> keyboard) {
    customizations.setLocale(
        Locale.newBuilder().addAllLanguages(languages).setKeyboard(keyboard.orElse("")));
    return this;
  }

  public Job firewall(
      List<String> ports, List<String> enabledServices, List<String> disabledServices) {
    customizations.setFirewall(
        Firewall.newBuilder()
            .addAllPorts(ports)
            .addAllEnabledServices(enabledServices)
            .addAllDisabledServices(disabledServices));
    return this;
  }

  public Job services(List<String> enabled, List<String> disabled) {
    customizations.setServices(
        Services.newBuilder().addAllEnabled(enabled).addAllDisabled(disabled));
    return this;
  }

  /** A uint32 field: the upper half is negative in Java. */
  private static int unsigned(long number) {
    if (number < 0 || number > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("not a 32 bit number: " + number);
    }
    return (int) number;
  }
}
