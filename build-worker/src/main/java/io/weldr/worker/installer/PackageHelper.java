package io.weldr.worker.installer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.WorkArea;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs the family's program of {@code share/depsolve}, which knows the host's sources and downloads
 * packages.
 *
 * <p>Security: it runs as an unprivileged user without any capability, in a sandbox with the
 * network, the host's programs, the host's configuration and the directories of its file sources as
 * that user can read them, and two directories of this compose that it can write. Nothing that a
 * fetch says is believed: the packages are hashed again by {@link PackageCache}, and the order it
 * proposes only decides which of them dpkg sees first. Sources and keys of the host are asked for
 * in runs of their own, which read nothing of a repository.
 */
final class PackageHelper {
  /** Characters; an answer is one line, about 500 for each of at most 20,000 packages. */
  private static final int LONGEST_ANSWER = 16 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PROXIES =
      List.of("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY");

  /** Where keyrings of sources belong. */
  private static final Pattern KEYRING =
      Pattern.compile("/(etc/apt|usr/share/keyrings)(/[A-Za-z0-9_][A-Za-z0-9_.+-]*)+");

  /** An address of apt-transport-file(1) or copy, below a directory of the host. */
  private static final Pattern LOCAL =
      Pattern.compile("(?:file|copy):(?://)?(/[A-Za-z0-9_][A-Za-z0-9_.+/-]*)");

  private final PackageAdapter adapter;
  private final Sandbox sandbox;

  /**
   * @param shareDirectory root of the installed data
   */
  PackageHelper(Path shareDirectory, PackageAdapter adapter) {
    this.adapter = adapter;
    Sandbox base =
        Sandbox.ofHostPrograms()
            .withNetwork()
            .withCapabilities("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
            .readOnly(Path.of("/etc"), "/etc")
            .readOnly(shareDirectory.resolve("depsolve"), "/depsolve");
    // Where /etc/resolv.conf may lead to.
    for (String owner : List.of("systemd/resolve", "NetworkManager", "resolvconf")) {
      base = base.readOnlyIfThere(Path.of("/run", owner), "/run/" + owner);
    }
    for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
      if (PROXIES.contains(variable.getKey())) {
        base = base.with(variable.getKey(), variable.getValue());
      }
    }
    this.sandbox = base;
  }

  PackageAdapter adapter() {
    return adapter;
  }

  /** Sources of the host, each as the adapter's program describes it. */
  List<JsonNode> hostSources() throws BuildException, IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    Subprocess.Result result =
        sandbox
            .command(argv("sources"))
            .timeout(Duration.ofMinutes(1))
            .longestLine(LONGEST_ANSWER)
            .output(lines::add)
            .errors(errors::add)
            .run();
    if (result.exitStatus() != 0 || lines.isEmpty()) {
      throw failed(errors);
    }
    List<JsonNode> sources = new ArrayList<>();
    parse(lines.getLast()).forEach(sources::add);
    return sources;
  }

  /**
   * Downloads packages.
   *
   * @param proxy for servers that neither a source nor the host has another one for
   * @param cached SHA-256 of packages that need no download
   * @param area empty directories for the helper's own files and for archives, {@code <sha256>.deb}
   *     or {@code .rpm}
   * @return the answer's {@code result}
   * @throws BuildException with the helper's own code and sentence
   */
  JsonNode fetch(
      List<SourceSpec> sources,
      List<PackageSpec> packages,
      Optional<String> proxy,
      Set<String> cached,
      Area area,
      StageReport report)
      throws BuildException, IOException, InterruptedException {
    Sandbox extended =
        withLocalSources(sources)
            .writable(area.cache(), "/fetch-cache")
            .writable(area.out(), "/fetch-out");
    String request = FetchRequest.of(sources, packages, proxy, cached);
    List<String> argv = argv("fetch", "--cache", "/fetch-cache", "--out", "/fetch-out");
    return answer(extended.command(argv).timeout(Duration.ofHours(1)), request, report);
  }

  /**
   * Keys of sources of the host, by their ids. Only RPM sources keep them elsewhere than in the
   * description of {@link #hostSources}.
   *
   * @param proxy for servers that the host has no other one for
   * @return armoured OpenPGP blocks
   * @throws BuildException as {@link #fetch}
   */
  Map<String, List<String>> hostKeys(List<String> ids, Optional<String> proxy, StageReport report)
      throws BuildException, IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode();
    proxy.ifPresent(url -> request.put("proxy", url));
    ids.forEach(request.putArray("sources")::add);
    Subprocess process = sandbox.command(argv("keys")).timeout(Duration.ofMinutes(5));
    JsonNode answer = answer(process, request.toString(), report);
    Map<String, List<String>> keys = new HashMap<>();
    for (String id : ids) {
      List<String> blocks = new ArrayList<>();
      answer.path(id).forEach(block -> blocks.add(block.asText()));
      keys.put(id, List.copyOf(blocks));
    }
    return keys;
  }

  private JsonNode answer(Subprocess process, String request, StageReport report)
      throws BuildException, IOException, InterruptedException {
    HelperAnswer answer = new HelperAnswer(report);
    List<String> errors = new ArrayList<>();
    process
        .stdin(request.getBytes(StandardCharsets.UTF_8))
        .longestLine(LONGEST_ANSWER)
        .output(answer::line)
        .errors(
            line -> {
              errors.add(line);
              report.info(adapter.program() + ": " + line);
            })
        .run();
    return answer.result().orElseThrow(() -> answer.failure().orElseGet(() -> failed(errors)));
  }

  /** A source of the host may be a directory of it; files in it keep their owners and modes. */
  private Sandbox withLocalSources(List<SourceSpec> sources)
      throws BuildException, IOException, InterruptedException {
    Set<String> ofHost =
        sources.stream()
            .filter(SourceSpec.Host.class::isInstance)
            .map(SourceSpec::id)
            .collect(Collectors.toSet());
    Sandbox extended = sandbox;
    for (JsonNode source : ofHost.isEmpty() ? List.<JsonNode>of() : hostSources()) {
      if (ofHost.contains(source.path("id").asText())) {
        for (JsonNode url : source.path("urls")) {
          Optional<Path> directory = localDirectory(url.asText());
          if (directory.isPresent()) {
            extended = extended.readOnlyIfThere(directory.get(), directory.get().toString());
          }
        }
      }
    }
    return extended;
  }

  /** The directory that {@code file:} or {@code copy:} leads to. */
  static Optional<Path> localDirectory(String url) {
    Matcher matcher = LOCAL.matcher(url);
    return matcher.matches() && !url.contains("/..")
        ? Optional.of(Path.of(matcher.group(1)).normalize())
        : Optional.empty();
  }

  /**
   * Copies a keyring of the host, read as the unprivileged user.
   *
   * @param keyring path that the helper named
   */
  void copyKeyring(String keyring, Path to) throws IOException, InterruptedException {
    if (!KEYRING.matcher(keyring).matches()) {
      throw new IOException("a source of the host has its keyring in an unusual place");
    }
    List<String> argv = new ArrayList<>(asUser());
    argv.addAll(List.of("/usr/bin/head", "--bytes=4M", "--", keyring));
    sandbox.command(argv).outputTo(to).check();
  }

  /**
   * Directories that the helper can write.
   *
   * @param cache its own files
   * @param out downloaded archives
   */
  record Area(Path cache, Path out) {
    /** Makes them below a directory only root can enter. */
    static Area make(Path parent, PackageAdapter adapter) throws BuildException, IOException {
      Area area = new Area(parent.resolve("fetch-cache"), parent.resolve("fetch-out"));
      UserPrincipal user = user(adapter);
      for (Path directory : List.of(area.cache, area.out)) {
        Files.createDirectory(directory);
        Files.setOwner(directory, user);
      }
      return area;
    }

    /** With all that is in them. */
    void remove() throws IOException, InterruptedException {
      WorkArea.remove(cache);
      WorkArea.remove(out);
    }

    private static UserPrincipal user(PackageAdapter adapter) throws BuildException, IOException {
      try {
        return FileSystems.getDefault()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(adapter.user());
      } catch (UserPrincipalNotFoundException e) {
        throw new BuildException(
            FailureCode.TOOL_MISSING,
            "the host has no user " + adapter.user() + ", which downloads packages",
            "Install the package " + adapter.hostPackage() + " on the host.",
            e);
      }
    }
  }

  private List<String> asUser() {
    return List.of(
        "/usr/bin/setpriv",
        "--reuid=" + adapter.user(),
        "--regid=" + adapter.group(),
        "--clear-groups",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--no-new-privs",
        "--");
  }

  private List<String> argv(String command, String... arguments) {
    List<String> argv = new ArrayList<>(asUser());
    argv.addAll(List.of("/usr/bin/python3", "-IB", "/depsolve/" + adapter.program(), command));
    argv.addAll(adapter.options());
    argv.addAll(List.of(arguments));
    return argv;
  }

  /**
   * @throws IOException when the line is not JSON
   */
  static JsonNode parse(String line) throws IOException {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IOException("the package helper answered something that is not JSON", e);
    }
  }

  private BuildException failed(List<String> errors) {
    if (errors.stream()
        .anyMatch(line -> line.contains("No module named '" + adapter.module() + "'"))) {
      return new BuildException(
          FailureCode.TOOL_MISSING,
          "the host's Python has no module " + adapter.module() + ", which downloads packages",
          "Install the package " + adapter.hostPackage() + " on the host.");
    }
    String last = errors.isEmpty() ? "it printed nothing" : errors.getLast();
    return new BuildException(
        FailureCode.INTERNAL,
        "the program that downloads packages ended without an answer: " + last,
        "See logs/combined.log of the compose.");
  }
}
