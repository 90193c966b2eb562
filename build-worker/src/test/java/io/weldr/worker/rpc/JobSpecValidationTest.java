package io.weldr.worker.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.weldr.proto.worker.v1.AptSource;
import io.weldr.proto.worker.v1.Customizations;
import io.weldr.proto.worker.v1.Firewall;
import io.weldr.proto.worker.v1.GitRepository;
import io.weldr.proto.worker.v1.Group;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.Locale;
import io.weldr.proto.worker.v1.RpmSource;
import io.weldr.proto.worker.v1.Services;
import io.weldr.proto.worker.v1.Source;
import io.weldr.proto.worker.v1.SshKey;
import io.weldr.proto.worker.v1.Timezone;
import io.weldr.proto.worker.v1.User;
import io.weldr.worker.spec.SourceSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobSpecValidationTest {
  /** What no string field but the two documents and the key blocks may hold. */
  private static final List<String> HOSTILE_ANYWHERE =
      List.of(
          "a\nb",
          "a\n%post\ntouch /x\n%end",
          "a\r",
          "a\n",
          "\na",
          "a\0b",
          "a\tb",
          "\u001b[31m",
          "a\u007f",
          "a\u0085b",
          "a\u2028b",
          "a\u202eb",
          "a\u200bb",
          "\ufeff",
          "\ud800",
          "\ue000",
          "x".repeat(70_000));

  /** What no string field but free text may hold besides. */
  private static final List<String> HOSTILE_NAMES =
      List.of(
          "a b",
          "a;b",
          "$(id)",
          "`id`",
          "a'b",
          "a\"b",
          "a|b",
          "a&b",
          "a>b",
          "a\\b",
          "a*",
          "../../etc/passwd",
          "--option",
          "-o",
          "%include /x",
          "{a}",
          "a#b",
          "é",
          "\u0430dmin");

  /** Free text: the rules allow blanks and quotes, the kickstart writer quotes them. */
  private static final Set<String> FREE_TEXT =
      Set.of(
          "customizations.kernel_append",
          "customizations.ssh_keys.key",
          "customizations.users.key",
          "customizations.users.description",
          "customizations.locale.keyboard",
          "git_repositories.summary");

  /** Stored and never interpreted, or of many lines. */
  private static final Set<String> MANY_LINES =
      Set.of(
          "blueprint.toml",
          "blueprint.frozen_toml",
          "sources.apt.public_keys",
          "sources.rpm.public_keys");

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

  static Stream<Arguments> hostileValues() {
    List<Arguments> table = new ArrayList<>();
    for (Field field : stringFields(JobSpec.getDescriptor(), "", List.of())) {
      List<String> values = new ArrayList<>();
      if (!MANY_LINES.contains(field.place())) {
        values.addAll(HOSTILE_ANYWHERE);
        if (!FREE_TEXT.contains(field.place())) {
          values.addAll(HOSTILE_NAMES);
        }
      }
      values.forEach(value -> table.add(Arguments.of(field.place(), field.path(), value)));
    }
    assertTrue(table.size() > 900, "rows: " + table.size());
    return table.stream();
  }

  @Test
  void hostileValuesInEveryStringFieldAreRefusedByName() throws Exception {
    for (Arguments row : hostileValues().toList()) {
      String place = (String) row.get()[0];
      @SuppressWarnings("unchecked")
      List<FieldDescriptor> path = (List<FieldDescriptor>) row.get()[1];
      String value = (String) row.get()[2];
      JobSpec job = (JobSpec) with(full(), path, value);
      var refused =
          assertThrows(
              InvalidRequestException.class,
              () -> JobSpecValidation.validate(job),
              () -> place + " = " + Problems.show(value));
      String message = refused.getMessage();
      String leaf = place.substring(place.lastIndexOf('.') + 1);
      assertTrue(message.contains(leaf), place + ": " + message);
      assertTrue(message.chars().allMatch(c -> c >= ' ' && c < 0x7f), place + ": " + message);
      assertTrue(message.length() < 4000, place);
    }
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

  private static io.weldr.proto.worker.v1.Package.Builder pkg(JobSpec.Builder job) {
    return job.getPackagesBuilder(0);
  }

  private static GitRepository.Builder git(JobSpec.Builder job) {
    return job.getGitRepositoriesBuilder(0);
  }

  private static AptSource.Builder apt(JobSpec.Builder job) {
    return job.getSourcesBuilder(1).getAptBuilder();
  }

  /** A repository in place of the archive. */
  private static RpmSource.Builder rpm(JobSpec.Builder job) {
    return job.getSourcesBuilder(1).getRpmBuilder();
  }

  private static Customizations.Builder custom(JobSpec.Builder job) {
    return job.getCustomizationsBuilder();
  }

  private static User.Builder user(JobSpec.Builder job) {
    return custom(job).getUsersBuilder(0);
  }

  /**
   * A string field somewhere in a message.
   *
   * @param place names joined by dots, without indexes
   */
  private record Field(String place, List<FieldDescriptor> path) {}

  private static List<Field> stringFields(
      Descriptor type, String place, List<FieldDescriptor> path) {
    List<Field> fields = new ArrayList<>();
    for (FieldDescriptor field : type.getFields()) {
      List<FieldDescriptor> longer = new ArrayList<>(path);
      longer.add(field);
      if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
        fields.add(new Field(place + field.getName(), longer));
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        fields.addAll(stringFields(field.getMessageType(), place + field.getName() + ".", longer));
      }
    }
    return fields;
  }

  /** A copy with the value in the field; in lists the last element is changed. */
  private static Message with(Message message, List<FieldDescriptor> path, String value) {
    FieldDescriptor field = path.getFirst();
    Message.Builder builder = message.toBuilder();
    if (path.size() == 1 && field.isRepeated()) {
      builder.setRepeatedField(field, message.getRepeatedFieldCount(field) - 1, value);
    } else if (path.size() == 1) {
      builder.setField(field, value);
    } else if (field.isRepeated()) {
      int last = message.getRepeatedFieldCount(field) - 1;
      Message inner = (Message) message.getRepeatedField(field, last);
      builder.setRepeatedField(field, last, with(inner, path.subList(1, path.size()), value));
    } else {
      Message inner = (Message) message.getField(field);
      builder.setField(field, with(inner, path.subList(1, path.size()), value));
    }
    return builder.build();
  }

  private static JobSpec full() {
    AptSource apt =
        AptSource.newBuilder()
            .setUrl("https://example.org/debian")
            .addSuites("stable")
            .addComponents("main")
            .setCheckSignature(true)
            .setCheckTls(true)
            .setProxy("http://proxy.example:3128/")
            .addPublicKeys(
                """
                -----BEGIN PGP PUBLIC KEY BLOCK-----

                mQIN
                =abcd
                -----END PGP PUBLIC KEY BLOCK-----
                """)
            .build();
    User user =
        User.newBuilder()
            .setName("admin")
            .setDescription("Ädmin, the \"first\"")
            .setPasswordHash("$6$saltsalt$0123456789abcdef./")
            .setKey("ssh-ed25519 AAAA admin@example")
            .setHome("/home/admin")
            .setShell("/bin/bash")
            .addGroups("wheel")
            .setUid((int) 4_000_000_000L)
            .setGid(1000)
            .build();
    Customizations customizations =
        Customizations.newBuilder()
            .setHostname("web")
            .setKernelAppend("console=ttyS0,115200n8 quiet")
            .addSshKeys(SshKey.newBuilder().setUser("root").setKey("ssh-rsa AAAA"))
            .addUsers(user)
            .addGroups(Group.newBuilder().setName("staff").setGid(50))
            .setTimezone(
                Timezone.newBuilder().setZone("Europe/Berlin").addNtpServers("ntp.example"))
            .setLocale(Locale.newBuilder().addLanguages("de_DE.UTF-8").setKeyboard("de"))
            .setFirewall(
                Firewall.newBuilder()
                    .addPorts("22:tcp")
                    .addEnabledServices("ssh")
                    .addDisabledServices("telnet"))
            .setServices(Services.newBuilder().addEnabled("sshd").addDisabled("getty@tty1.service"))
            .build();
    JobSpec base = TestServer.job("full");
    return base.toBuilder()
        .setComposeId("5a0cc4bc-6a6e-4bf0-9f0b-0b1a1f4f2a3c")
        .setPackages(
            0,
            base.getPackages(0).toBuilder()
                .setName("bash")
                .setEpoch(1)
                .setVersion("2.0")
                .setRelease("3")
                .setSha256(ByteString.fromHex("ab".repeat(32))))
        .addSources(Source.newBuilder().setId("mine").setApt(apt))
        .setCustomizations(customizations)
        .setSize(1L << 30)
        .addGitRepositories(
            GitRepository.newBuilder()
                .setUrl("https://git.example.com/site.git")
                .setCommit("0123456789".repeat(4))
                .setRef("origin/v1.0")
                .setDestination("/opt/site")
                .setName("site-config")
                .setVersion("1.0")
                .setRelease("1")
                .setSummary("The site's \"configuration\""))
        .build();
  }
}
