package io.weldr.worker.installer.git;

import static java.util.stream.Collectors.joining;

import com.googlecode.javaewah.EWAHCompressedBitmap;
import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.GitAccess;
import io.weldr.worker.spec.GitPackage;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.logging.LogFactory;
import org.apache.sshd.client.SshClient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.slf4j.Logger;

/**
 * Gets the files of a commit onto this machine.
 *
 * <p>Security: {@link GitFetchMain} does it as nobody, without capabilities, in a sandbox with the
 * network, the host's programs and configuration, this program's own classes, and one directory it
 * can write. The size of a file it writes, its time and its memory are limited. A repository of the
 * host is seen only when it lies below a directory that the administrator listed.
 */
final class GitFetch {
  /** nobody, on every distribution. */
  static final String NOBODY = "65534";

  static final List<String> AS_NOBODY =
      List.of(
          "/usr/bin/setpriv",
          "--reuid=" + NOBODY,
          "--regid=" + NOBODY,
          "--clear-groups",
          "--inh-caps=-all",
          "--bounding-set=-all",
          "--no-new-privs",
          "--");

  /** Bytes of one file, a pack for example; enforced by the kernel. */
  private static final long LARGEST_FILE = 2L << 30;

  private static final long MOST_BYTES = 4L << 30;
  private static final int MOST_FILES = 200_000;
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final List<Class<?>> NEEDED =
      List.of(
          GitFetchMain.class,
          Repository.class,
          EWAHCompressedBitmap.class,
          Logger.class,
          Hex.class,
          SshdSessionFactory.class,
          SshClient.class,
          LogFactory.class,
          BouncyCastleProvider.class);

  private static final String FILE_URL = "file://";
  private static final String SSH_URL = "ssh://";
  private static final String SSH = "/ssh";
  private static final String REPOSITORY = "/repository";
  private static final String OTHER_JAVA = "/java";

  /** How it begins when nobody answered, or not as a repository does. */
  private static final String CLONE_FAILED = "Failed to clone ";

  private final GitAccess access;
  private final StageReport report;

  /**
   * @param access to repositories of this host, and by ssh
   */
  GitFetch(GitAccess access, StageReport report) {
    this.access = access;
    this.report = report;
  }

  /**
   * Fetches.
   *
   * @param area empty directory for this package; belongs to nobody afterwards
   * @return directory with the files
   */
  Path fetch(GitPackage source, Path area)
      throws BuildException, IOException, InterruptedException {
    report.info("Fetching " + source.url() + " at " + source.commit());
    Path out = Files.createDirectory(area.resolve("fetched"));
    Subprocess.of("/usr/bin/chown", NOBODY + ":" + NOBODY, "--", out.toString()).check();
    List<String> errors = new ArrayList<>();
    Subprocess.Result result =
        sandbox(source, area)
            .writable(out, "/out")
            .command(argv(source))
            .timeout(LIMIT)
            .output(report::info)
            .errors(errors::add)
            .run();
    if (result.exitStatus() != 0) {
      errors.forEach(report::info);
      throw failed(source, errors);
    }
    return ownDirectory(out.resolve("tree"));
  }

  /**
   * What an unprivileged program made, once it has ended.
   *
   * @throws IOException when it is a link or no directory
   */
  static Path ownDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(directory.getFileName() + " is not a directory");
    }
    return directory;
  }

  private Sandbox sandbox(GitPackage source, Path area)
      throws BuildException, IOException, InterruptedException {
    Sandbox sandbox =
        Sandbox.ofHostPrograms()
            .withNetwork()
            .withCapabilities("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
            .readOnly(Path.of("/etc"), "/etc");
    for (String owner : List.of("systemd/resolve", "NetworkManager", "resolvconf")) {
      sandbox = sandbox.readOnlyIfThere(Path.of("/run", owner), "/run/" + owner);
    }
    Path java = java();
    if (!java.startsWith("/usr")) {
      sandbox = sandbox.readOnly(java, OTHER_JAVA);
    }
    List<Path> classes = classPath();
    for (int i = 0; i < classes.size(); i++) {
      sandbox = sandbox.readOnly(classes.get(i), inside(i));
    }
    if (source.url().startsWith(SSH_URL)) {
      return sandbox.readOnly(sshDirectory(source.url(), area), SSH);
    }
    return source.url().startsWith(FILE_URL) ? withRepository(sandbox, source.url()) : sandbox;
  }

  /** A copy that nobody can read, in a directory that only root can enter. */
  private Path sshDirectory(String url, Path area)
      throws BuildException, IOException, InterruptedException {
    if (access.sshDirectory().isEmpty()) {
      throw new BuildException(
          FailureCode.SOURCE_UNREACHABLE,
          "the repository " + url + " needs the setting git_ssh_directory",
          "Ask the administrator of this host, or use another address.");
    }
    Path copy = Files.createDirectory(area.resolve("ssh"));
    String from = access.sshDirectory().get() + "/.";
    Subprocess.of("/usr/bin/cp", "--recursive", "--no-dereference", "--", from, copy.toString())
        .check();
    Subprocess.of("/usr/bin/chmod", "--recursive", "u=rX,go=", "--", copy.toString()).check();
    Subprocess.of("/usr/bin/chown", "--recursive", NOBODY + ":" + NOBODY, "--", copy.toString())
        .check();
    return copy;
  }

  private Sandbox withRepository(Sandbox sandbox, String url) throws BuildException, IOException {
    Path repository = Path.of(url.substring(FILE_URL.length()));
    boolean listed =
        Files.isDirectory(repository, LinkOption.NOFOLLOW_LINKS)
            && access.directories().stream().anyMatch(repository.toRealPath()::startsWith);
    if (!listed) {
      throw new BuildException(
          FailureCode.SOURCE_UNREACHABLE,
          "the repository " + url + " is not below a directory of the setting git_directories",
          "Ask the administrator of this host, or use another address.");
    }
    return sandbox.readOnly(repository.toRealPath(), REPOSITORY);
  }

  private static List<String> argv(GitPackage source) throws IOException {
    List<String> argv = new ArrayList<>(AS_NOBODY);
    argv.addAll(List.of("/usr/bin/prlimit", "--fsize=" + LARGEST_FILE, "--"));
    Path java = java();
    argv.add((java.startsWith("/usr") ? java : Path.of(OTHER_JAVA)).resolve("bin/java").toString());
    argv.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx512m", "-cp"));
    argv.add(IntStream.range(0, NEEDED.size()).mapToObj(GitFetch::inside).collect(joining(":")));
    String url = source.url().startsWith(FILE_URL) ? FILE_URL + REPOSITORY : source.url();
    argv.addAll(List.of(GitFetchMain.class.getName(), "/out", url, source.commit()));
    argv.addAll(List.of(Long.toString(MOST_BYTES), Integer.toString(MOST_FILES)));
    return argv;
  }

  /** Where the classes are that it needs, and no others. */
  private static List<Path> classPath() {
    return NEEDED.stream()
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
        .map(location -> Path.of(URI.create(location.toString())))
        .toList();
  }

  /** Right below the root: nobody could not pass directories that bubblewrap makes. */
  private static String inside(int entry) {
    return "/classes" + entry;
  }

  private static Path java() throws IOException {
    return Path.of(System.getProperty("java.home")).toRealPath();
  }

  private static BuildException failed(GitPackage source, List<String> errors) {
    String last = errors.isEmpty() ? "it printed nothing" : errors.getLast();
    return new BuildException(
        FailureCode.SOURCE_UNREACHABLE,
        last.startsWith(CLONE_FAILED)
            ? last
            : "the repository %s cannot be used: %s".formatted(source.url(), last),
        "Check repos.git of the blueprint and the repository.");
  }
}
