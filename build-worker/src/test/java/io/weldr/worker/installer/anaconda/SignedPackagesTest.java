package io.weldr.worker.installer.anaconda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.weldr.worker.build.Jobs;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.image.Checksum;
import io.weldr.worker.installer.RpmBuilder;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.TestMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the recorded stand-in gets to install, with real packages, keys, createrepo_c and dnf: only
 * what is signed by a key of its source.
 */
class SignedPackagesTest {
  private static final String KICKSTART =
      "url --url=%s\ntimezone UTC\n%%packages\nhello-1-1.noarch\n%%end\n";

  @TempDir Path directory;

  private RpmBuilder rpms;
  private HttpServer server;
  private RecordedAnaconda anaconda;

  @BeforeEach
  void build() throws Exception {
    anaconda = RecordedAnaconda.playing("dnf");
    rpms = new RpmBuilder(Files.createDirectory(directory.resolve("build")));
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.writeString(root.resolve("hello.txt"), "hello\n");
    buildHello("");
    Path served = rpms.file("hello").getParent();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = SimpleFileServer.createFileServer(address, served, SimpleFileServer.OutputLevel.NONE);
    server.start();
  }

  /**
   * @param tags more lines of its preamble
   */
  private void buildHello(String tags) throws Exception {
    rpms.add("hello", tags, directory.resolve("root"), "");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private void carryOut(boolean checked, String... keys) throws Exception {
    Path file = rpms.file("hello");
    Subprocess.of("/usr/bin/createrepo_c", "--quiet", file.getParent().toString()).check();
    PackageSpec hello =
        new PackageSpec(
            "hello",
            0,
            "1",
            "1",
            "noarch",
            RpmBuilder.SOURCE,
            Checksum.sha256(file),
            file.getFileName().toString(),
            Files.size(file));
    SourceSpec source =
        new SourceSpec.Rpm(
            RpmBuilder.SOURCE,
            new SourceSpec.RpmAddress(SourceSpec.RpmAddress.Kind.BASE_URL, url()),
            checked,
            false,
            true,
            Optional.empty(),
            List.of(keys));
    JobSpec job = Jobs.job(List.of(hello), List.of(source), Customizations.NONE, TestMode.NONE);
    anaconda.carryOut(job, KICKSTART.formatted(url()));
  }

  private String refused(String... keys) {
    BuildException refused = assertThrows(BuildException.class, () -> carryOut(true, keys));
    assertEquals(FailureCode.BAD_SIGNATURE, refused.code());
    assertFalse(Files.exists(anaconda.logs()), "Anaconda was not started");
    return refused.getMessage();
  }

  @Test
  void signedPackagesAreInstalledOutOfTheCheckedRepository() throws Exception {
    String key = rpms.key();
    rpms.sign("hello");
    carryOut(true, key);
    assertTrue(Files.exists(anaconda.tree().resolve("hello.txt")), anaconda.lines::toString);
    assertTrue(anaconda.lines.contains("The signatures of 1 packages of source test are good"));
    String read =
        Files.readString(anaconda.directory.resolve("work/anaconda/tmp/final-kickstart.ks"));
    assertTrue(read.startsWith("url --url=file:///run/work/repository\n"), read);
    assertFalse(read.contains(url()), read);
    assertTrue(read.contains("%packages --nocore\nhello-1-1.noarch\n"), read);
    assertTrue(read.contains("timezone UTC --nontp\n"), read);
  }

  /** Alone in a repository dnf refuses it: "No available modular metadata". */
  @Test
  void aPackageOfAModuleIsInstalledToo() throws Exception {
    buildHello("ModularityLabel: greetings:1.10:20260101:abcdef01\n");
    String key = rpms.key();
    rpms.sign("hello");
    carryOut(true, key);
    assertTrue(Files.exists(anaconda.tree().resolve("hello.txt")), anaconda.lines::toString);
  }

  @Test
  void anUnsignedPackageEndsTheComposeBeforeAnacondaStarts() throws Exception {
    String message = refused(rpms.key());
    assertTrue(
        message.startsWith("a package is not signed by a key of source test: hello-1-1"), message);
    assertEquals("the packages of source test must be signed, and it has no key", again());
  }

  private String again() throws Exception {
    anaconda = RecordedAnaconda.playing("dnf");
    return refused();
  }

  @Test
  void aPackageSignedByAnotherKeyEndsItToo() throws Exception {
    rpms.key();
    rpms.sign("hello");
    String other = new RpmBuilder(Files.createDirectory(directory.resolve("other"))).key();
    String message = refused(other);
    assertTrue(
        message.startsWith("a package is not signed by a key of source test: hello-1-1"), message);
  }

  @Test
  void packagesThatNeedNoSignatureAreAnacondasToFetch() throws Exception {
    carryOut(false);
    assertTrue(Files.exists(anaconda.tree().resolve("hello.txt")), anaconda.lines::toString);
    assertFalse(Files.exists(anaconda.directory.resolve("work/repository")));
  }
}
