package io.weldr.worker.rpc;

import static io.weldr.worker.rpc.FullJob.apt;
import static io.weldr.worker.rpc.FullJob.custom;
import static io.weldr.worker.rpc.FullJob.full;
import static io.weldr.worker.rpc.FullJob.git;
import static io.weldr.worker.rpc.FullJob.pkg;
import static io.weldr.worker.rpc.FullJob.rpm;
import static io.weldr.worker.rpc.FullJob.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.weldr.proto.worker.v1.Group;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.worker.spec.SourceSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobSpecValidationTest {
  @Test
  void aJobWithEverythingIsAccepted() throws Exception {
    var spec = JobSpecValidation.validate(full());
    assertEquals("web", spec.customizations().hostname().orElseThrow());
    assertEquals(4_000_000_000L, spec.customizations().users().getFirst().uid().orElseThrow());
    assertEquals("ab".repeat(32), spec.packages().getFirst().sha256());
    assertEquals("1:2.0-3", spec.packages().getFirst().fullVersion());
    assertTrue(spec.sources().get(1) instanceof SourceSpec.Apt);
  }

  @Test
  void aJobWithNothingOptionalIsAccepted() throws Exception {
    var spec = JobSpecValidation.validate(TestServer.job("minimal"));
    assertEquals(io.weldr.worker.spec.Customizations.NONE, spec.customizations());
  }

  static Stream<Arguments> wrongJobs() {
    return Stream.of(
        wrong("packages are missing", job -> job.clearPackages()),
        wrong("sources are missing", job -> job.clearSources()),
        wrong("compose_id", job -> job.setComposeId("")),
        wrong("compose_id", job -> job.setComposeId("5A0CC4BC-6A6E-4BF0-9F0B-0B1A1F4F2A3C")),
        wrong("compose_id", job -> job.setComposeId("1-1-1-1-1")),
        wrong("output_type", job -> job.setOutputType("")),
        wrong("output_type", job -> job.setOutputType("../tar")),
        wrong("output_type", job -> job.setOutputType("Tar")),
        wrong("blueprint.name", job -> job.getBlueprintBuilder().setName("..")),
        wrong("blueprint.name", job -> job.getBlueprintBuilder().setName("x".repeat(201))),
        wrong("blueprint.version", job -> job.getBlueprintBuilder().setVersion("1.0")),
        wrong("blueprint.commit", job -> job.getBlueprintBuilder().setCommit("A".repeat(40))),
        wrong("blueprint.commit", job -> job.getBlueprintBuilder().setCommit("a".repeat(39))),
        wrong("blueprint.toml", job -> job.getBlueprintBuilder().setToml("a\0")),
        wrong("blueprint.toml", job -> job.getBlueprintBuilder().setToml("\u001b[2J")),
        wrong(
            "blueprint.frozen_toml",
            job -> job.getBlueprintBuilder().setFrozenToml("x".repeat((1 << 20) + 1))),
        wrong("packages[0].sha256", job -> pkg(job).setSha256(ByteString.copyFrom(new byte[31]))),
        wrong("packages[0].sha256", job -> pkg(job).setSha256(ByteString.copyFrom(new byte[33]))),
        wrong("packages[0].sha256", job -> pkg(job).setSha256(ByteString.EMPTY)),
        wrong("packages[0].size", job -> pkg(job).setSize(0)),
        wrong("packages[0].size", job -> pkg(job).setSize(-1)),
        wrong("packages[0].size", job -> pkg(job).setSize(1L << 60)),
        wrong("packages[0].epoch", job -> pkg(job).setEpoch(-1)),
        wrong("packages[0].version", job -> pkg(job).setVersion("")),
        wrong("packages[0].version", job -> pkg(job).setVersion("1:2")),
        wrong("packages[0].release", job -> pkg(job).setRelease("1-2")),
        wrong("packages[0].source_id", job -> pkg(job).setSourceId("other")),
        wrong("\"bash.amd64\" is there twice", job -> job.addPackages(job.getPackages(0))),
        wrong("at most 20000", job -> many(20_001, i -> job.addPackages(job.getPackages(0)))),
        wrong("\"debian\" is there twice", job -> job.addSources(job.getSources(0))),
        wrong("at most 64", job -> many(64, i -> job.addSources(job.getSources(0)))),
        wrong("sources[1].rpm.base_url", job -> rpm(job).setBaseUrl("http://example.org/?q")),
        wrong("sources[1].rpm.base_url", job -> rpm(job).setBaseUrl("http://example.org/$(id)")),
        wrong("sources[1].rpm.base_url", job -> rpm(job).setBaseUrl("http://$host@example.org/")),
        wrong("sources[1].rpm.base_url", job -> rpm(job).setBaseUrl("file:///$releasever")),
        wrong("sources[1].rpm.metalink", job -> rpm(job).setMetalink("http://example.org/?a=b#c")),
        wrong("sources[1].rpm.metalink", job -> rpm(job).setMetalink("http://example.org/?a=b c")),
        wrong(
            "sources[1].rpm.mirrorlist", job -> rpm(job).setMirrorlist("http://example.org/?a?b")),
        wrong("sources[1].rpm says neither", job -> rpm(job)),
        wrong("sources[1].rpm.proxy", job -> rpm(job).setProxy("http://u:p@proxy/")),
        wrong("sources[1].rpm.public_keys[0]", job -> rpm(job).addPublicKeys("/etc/passwd")),
        wrong("neither host, apt nor rpm", job -> job.getSourcesBuilder(0).clearKind()),
        wrong("sources[1].apt.url", job -> apt(job).setUrl("file:///etc")),
        wrong("sources[1].apt.url", job -> apt(job).setUrl("ftp://example.org/")),
        wrong("sources[1].apt.url", job -> apt(job).setUrl("http://u:p@example.org/")),
        wrong("sources[1].apt.url", job -> apt(job).setUrl("http://example.org/a b")),
        wrong("sources[1].apt.url", job -> apt(job).setUrl("http://example.org/?q")),
        wrong("sources[1].apt.url", job -> apt(job).setUrl("http://example.org/#f")),
        wrong("sources[1].apt.url", job -> apt(job).setUrl("http://example.org/a/../b")),
        wrong("sources[1].apt.url", job -> apt(job).setUrl("http://example.org:99999/")),
        wrong("sources[1].apt.url", job -> apt(job).setUrl("http://")),
        wrong("sources[1].apt.suites", job -> apt(job).clearSuites()),
        wrong("sources[1].apt.suites[0]", job -> apt(job).setSuites(0, "../x")),
        wrong("sources[1].apt.components[0]", job -> apt(job).setComponents(0, "a b")),
        wrong("packages[0].location", job -> pkg(job).setLocation("/etc/passwd")),
        wrong("packages[0].location", job -> pkg(job).setLocation("../x")),
        wrong("packages[0].location", job -> pkg(job).setLocation("./../x")),
        wrong("packages[0].location", job -> pkg(job).setLocation("pool/../../x")),
        wrong("packages[0].location", job -> pkg(job).setLocation("pool/..")),
        wrong("packages[0].location", job -> pkg(job).setLocation("pool/a b")),
        wrong("packages[0].location", job -> pkg(job).setLocation("x".repeat(1025))),
        wrong("proxy", job -> job.setProxy("socks://proxy/")),
        wrong("proxy", job -> job.setProxy("http://u:p@proxy/")),
        wrong("sources[1].apt.proxy", job -> apt(job).setProxy("ftp://proxy/")),
        wrong("sources[1].apt.proxy", job -> apt(job).setProxy("http://u@proxy/")),
        wrong("public_keys[0]", job -> apt(job).setPublicKeys(0, "")),
        wrong("public_keys[0]", job -> apt(job).setPublicKeys(0, "/etc/passwd")),
        wrong(
            "public_keys[0]", job -> apt(job).setPublicKeys(0, apt(job).getPublicKeys(0) + "more")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("ext::sh -c id")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("--upload-pack=id")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("http://example.org/x")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("https://u:p@example.org/x")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("https://u@example.org/x")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("ssh://-oProxyCommand=id/x")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("git://example.org/../x")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("file://host/x")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("file:///srv/../etc")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("/srv/git")),
        wrong("git_repositories[0].url", job -> git(job).setUrl("https://example.org/x?y")),
        wrong("git_repositories[0].commit", job -> git(job).setCommit("HEAD")),
        wrong("git_repositories[0].ref", job -> git(job).setRef("-x")),
        wrong("git_repositories[0].destination", job -> git(job).setDestination("opt")),
        wrong("git_repositories[0].destination", job -> git(job).setDestination("/opt/")),
        wrong("git_repositories[0].destination", job -> git(job).setDestination("/a/../b")),
        wrong("git_repositories[0].destination", job -> git(job).setDestination("/DEBIAN")),
        wrong("git_repositories[0].destination", job -> git(job).setDestination("/DEBIAN/x")),
        wrong("git_repositories[0].version", job -> git(job).setVersion("1-2")),
        wrong("git_repositories[0].summary", job -> git(job).setSummary("")),
        wrong("git_repositories[0].name is the name", job -> git(job).setName("Bash")),
        wrong("is there twice", job -> job.addGitRepositories(git(job).build())),
        wrong("at most 16", job -> many(16, i -> job.addGitRepositories(git(job).build()))),
        wrong("test_mode", job -> job.setTestModeValue(7)),
        wrong("size", job -> job.setSize(-1)),
        wrong("installed_size", job -> job.setInstalledSize(-1)),
        wrong("installed_size", job -> job.setInstalledSize(1L << 51)),
        wrong("hostname", job -> custom(job).setHostname("-a")),
        wrong("hostname", job -> custom(job).setHostname("a..b")),
        wrong("hostname", job -> custom(job).setHostname("a_b")),
        wrong("hostname", job -> custom(job).setHostname("x".repeat(65))),
        wrong("ssh_keys[0].user", job -> custom(job).getSshKeysBuilder(0).setUser("")),
        wrong("ssh_keys[0].key", job -> custom(job).getSshKeysBuilder(0).setKey("")),
        wrong("ssh_keys[0].key", job -> custom(job).getSshKeysBuilder(0).setKey("a\nb")),
        wrong("users[0].name", job -> user(job).setName("")),
        wrong("users[0].name", job -> user(job).setName("Admin")),
        wrong("users[0].name", job -> user(job).setName("0")),
        wrong("users[0].description", job -> user(job).setDescription("a:b")),
        wrong("users[0].password_hash", job -> user(job).setPasswordHash("clear text")),
        wrong("users[0].password_hash", job -> user(job).setPasswordHash("$1$abc$0123456789")),
        wrong("users[0].password_hash", job -> user(job).setPasswordHash("$6$a:b$0123456789")),
        wrong("users[0].home", job -> user(job).setHome("home/a")),
        wrong("users[0].home", job -> user(job).setHome("/home/../etc")),
        wrong("users[0].home", job -> user(job).setHome("/home/a/")),
        wrong("users[0].shell", job -> user(job).setShell("bash")),
        wrong("users[0].groups[0]", job -> user(job).setGroups(0, "a,b")),
        wrong("users[0].uid", job -> user(job).setUid(-1)),
        wrong("users[0].gid", job -> user(job).setGid(-1)),
        wrong("\"admin\" is there twice", job -> custom(job).addUsers(user(job).build())),
        wrong("groups[0].name", job -> custom(job).getGroupsBuilder(0).setName("a b")),
        wrong("groups[0].gid", job -> custom(job).getGroupsBuilder(0).setGid(-1)),
        wrong("\"staff\" is there twice", job -> custom(job).addGroups(custom(job).getGroups(0))),
        wrong("timezone.zone", job -> custom(job).getTimezoneBuilder().setZone("../UTC")),
        wrong("timezone.zone", job -> custom(job).getTimezoneBuilder().setZone("/etc/x")),
        wrong("ntp_servers[0]", job -> custom(job).getTimezoneBuilder().setNtpServers(0, "")),
        wrong("languages[0]", job -> custom(job).getLocaleBuilder().setLanguages(0, "deutsch!")),
        wrong("locale.keyboard", job -> custom(job).getLocaleBuilder().setKeyboard("'us'")),
        wrong("ports[0]", job -> custom(job).getFirewallBuilder().setPorts(0, "22")),
        wrong("ports[0]", job -> custom(job).getFirewallBuilder().setPorts(0, "0:tcp")),
        wrong("ports[0]", job -> custom(job).getFirewallBuilder().setPorts(0, "65536:tcp")),
        wrong("ports[0]", job -> custom(job).getFirewallBuilder().setPorts(0, "90-80:tcp")),
        wrong("ports[0]", job -> custom(job).getFirewallBuilder().setPorts(0, "80:icmp")),
        wrong("services.enabled[0]", job -> custom(job).getServicesBuilder().setEnabled(0, "-f")),
        wrong(
            "services.disabled[0]", job -> custom(job).getServicesBuilder().setDisabled(0, "a b")),
        wrong(
            "at most 256",
            job -> many(256, i -> custom(job).addUsers(user(job).setName("u" + i).build()))));
  }

  @ParameterizedTest
  @MethodSource("wrongJobs")
  void aWrongJobIsRefusedWithThePlace(String expected, Consumer<JobSpec.Builder> change) {
    JobSpec.Builder job = full().toBuilder();
    change.accept(job);
    var refused =
        assertThrows(InvalidRequestException.class, () -> JobSpecValidation.validate(job.build()));
    assertTrue(refused.getMessage().contains(expected), refused.getMessage());
  }

  @Test
  void allProblemsAreInOneMessageOfBoundedLength() {
    JobSpec.Builder job = full().toBuilder().setOutputType("A").setSize(-1);
    custom(job).setHostname("-");
    many(100, i -> custom(job).addGroups(Group.newBuilder().setName("\u001b" + i)));
    String message =
        assertThrows(InvalidRequestException.class, () -> JobSpecValidation.validate(job.build()))
            .getMessage();
    assertTrue(message.contains("output_type"), message);
    assertTrue(message.contains("hostname"), message);
    assertTrue(message.contains(" more"), message);
    assertFalse(message.contains("\u001b"));
    assertTrue(message.getBytes(StandardCharsets.UTF_8).length < 4000, message);
  }

  @Test
  void rightValuesOfTheFieldAreAccepted() throws Exception {
    for (String port : List.of("22:tcp", "1000-2000:udp", "ssh:tcp", "65535:sctp")) {
      JobSpec.Builder job = full().toBuilder();
      custom(job).getFirewallBuilder().setPorts(0, port);
      JobSpecValidation.validate(job.build());
    }
    for (String language : List.of("de_DE.UTF-8", "C", "C.UTF-8", "sr_RS@latin", "eo")) {
      JobSpec.Builder job = full().toBuilder();
      custom(job).getLocaleBuilder().setLanguages(0, language);
      JobSpecValidation.validate(job.build());
    }
    for (String url : List.of("git://h:9418/a/b.git", "ssh://git@h:22/~x/y", "file:///srv/git/x")) {
      JobSpec.Builder job = full().toBuilder();
      git(job).setUrl(url).setDestination("/");
      JobSpecValidation.validate(job.build());
    }
    for (String zone : List.of("UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+3")) {
      JobSpec.Builder job = full().toBuilder();
      custom(job).getTimezoneBuilder().setZone(zone);
      JobSpecValidation.validate(job.build());
    }
    for (String version : List.of("12.4+deb12u11", "1.2~rc1", "2.36", "20230311+b1", "1.0-2")) {
      JobSpec.Builder job = full().toBuilder();
      pkg(job).setVersion(version);
      JobSpecValidation.validate(job.build());
    }
    for (String url : List.of("http://[::1]:8080/debian", "https://a.example/~x/a+b", "http://h")) {
      JobSpec.Builder job = full().toBuilder();
      apt(job).setUrl(url);
      JobSpecValidation.validate(job.build());
    }
    for (String url : List.of("https://h/$releasever/$basearch/os/", "http://h", "http://h:8/$a")) {
      JobSpec.Builder job = full().toBuilder();
      rpm(job).setBaseUrl(url);
      JobSpecValidation.validate(job.build());
      rpm(job).setMetalink(url + "?repo=fedora-$releasever&arch=$basearch");
      var spec = (SourceSpec.Rpm) JobSpecValidation.validate(job.build()).sources().get(1);
      assertEquals(SourceSpec.RpmAddress.Kind.METALINK, spec.address().kind());
    }
  }

  private static Arguments wrong(String expected, Consumer<JobSpec.Builder> change) {
    return Arguments.of(expected, change);
  }

  private static void many(int count, java.util.function.IntConsumer step) {
    for (int i = 0; i < count; i++) {
      step.accept(i);
    }
  }
}
