package io.weldr.worker.installer.anaconda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tomlj.Toml;

/**
 * The sources the host itself is configured for, as options of the kickstart commands {@code url}
 * and {@code repo}.
 *
 * <p>Security: {@code dnf.py} reads the configuration as user nobody in a sandbox without a network
 * that sees it and nothing else of the host. Only the administrator writes there, and the values
 * are quoted by the writer of kickstarts like any other.
 */
public final class HostRepositories {
  /** Characters of the answer, which is one line. */
  private static final int LONGEST = 1 << 20;

  private static final String NOBODY = "65534";

  private static final Map<String, String> ADDRESSES =
      Map.of(
          "yum-baseurl", "--baseurl=",
          "yum-metalink", "--metalink=",
          "yum-mirrorlist", "--mirrorlist=");

  /** Field of a source to its option, in the order of lorax-composer. */
  private static final Map<String, String> MORE = new LinkedHashMap<>();

  static {
    MORE.put("proxy", "--proxy=");
    MORE.put("ca_certificate", "--sslcacert=");
    MORE.put("client_certificate", "--sslclientcert=");
    MORE.put("client_key", "--sslclientkey=");
  }

  private HostRepositories() {}

  /** Those of this host for the release that images are made for, if the job uses any. */
  public static Map<String, List<String>> of(JobSpec job, JobSettings settings)
      throws BuildException, IOException, InterruptedException {
    if (job.sources().stream().noneMatch(SourceSpec.Host.class::isInstance)) {
      return Map.of();
    }
    Target target = settings.target();
    String major = target.version().split("\\.", 2)[0];
    String releasever =
        Toml.parse(target.file(settings.shareDir()))
            .getString("release.releasever", () -> "")
            .replace("{version}", target.version())
            .replace("{major}", major);
    return options(settings.shareDir(), Path.of("/etc"), releasever);
  }

  /**
   * Reads them.
   *
   * @param shareDir root of the installed data
   * @param etc directory with {@code yum.repos.d} and {@code dnf/dnf.conf}
   * @param releasever value of {@code $releasever}; may be empty
   * @return options by the id of the source
   */
  static Map<String, List<String>> options(Path shareDir, Path etc, String releasever)
      throws BuildException, IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    Subprocess.Result result =
        Sandbox.ofHostPrograms()
            .withCapabilities("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
            .readOnly(etc, "/etc")
            .readOnly(shareDir.resolve("depsolve"), "/depsolve")
            .command(argv(releasever))
            .timeout(Duration.ofMinutes(1))
            .longestLine(LONGEST)
            .output(lines::add)
            .errors(errors::add)
            .run();
    if (result.exitStatus() != 0 || lines.isEmpty()) {
      throw new BuildException(
          FailureCode.INTERNAL,
          "the sources of the host cannot be read: "
              + (errors.isEmpty() ? "no reason was given" : errors.getLast()),
          "Correct the files in /etc/yum.repos.d.");
    }
    Map<String, List<String>> options = new LinkedHashMap<>();
    for (JsonNode source : new ObjectMapper().readTree(lines.getLast())) {
      options.put(source.path("id").asText(), options(source));
    }
    return options;
  }

  private static List<String> argv(String releasever) {
    return List.of(
        "/usr/bin/setpriv",
        "--reuid=" + NOBODY,
        "--regid=" + NOBODY,
        "--clear-groups",
        "--no-new-privs",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--",
        "/usr/bin/python3",
        "-IB",
        "/depsolve/dnf.py",
        "sources",
        "--releasever=" + releasever);
  }

  /** Of several addresses the first: the commands take one. */
  private static List<String> options(JsonNode source) throws IOException {
    String address = ADDRESSES.get(source.path("type").asText());
    if (address == null) {
      throw new IOException("a source of the host has a type that is not known");
    }
    List<String> options = new ArrayList<>();
    options.add(address + source.path("url").asText());
    for (Map.Entry<String, String> more : MORE.entrySet()) {
      String value = source.path(more.getKey()).asText("");
      if (!value.isEmpty()) {
        options.add(more.getValue() + value);
      }
    }
    if (!source.path("check_tls").asBoolean(true)) {
      options.add("--noverifyssl");
    }
    return options;
  }
}
