package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The sources that the system in the image will use: those of the compose, without what belongs to
 * the building host alone (proxies, user names and passwords, addresses of local files).
 *
 * <p>Security: what the unprivileged helper says about the host's sources becomes lines of files in
 * the tree, so every value must be one printable word. Keyrings are read with the helper's rights,
 * not root's.
 */
final class ImageSources {
  private static final String KEYRINGS = "/etc/apt/keyrings/";
  private static final Pattern WORD = Pattern.compile("[!-~]+");

  private final Tree tree;
  private final PackageHelper helper;
  private final Path work;
  private final StageReport report;

  /**
   * @param work directory of this compose that only root can enter
   */
  ImageSources(Tree tree, PackageHelper helper, Path work, StageReport report) {
    this.tree = tree;
    this.helper = helper;
    this.work = work;
    this.report = report;
  }

  void write(List<SourceSpec> sources) throws BuildException, IOException, InterruptedException {
    List<JsonNode> ofHost = List.of();
    if (sources.stream().anyMatch(SourceSpec.Host.class::isInstance)) {
      ofHost = helper.hostSources();
    }
    for (SourceSpec source : sources) {
      switch (source) {
        case SourceSpec.Host host -> write(host, ofHost);
        case SourceSpec.Apt apt -> write(apt);
        case SourceSpec.Rpm rpm -> throw new IllegalArgumentException(rpm.id());
      }
    }
  }

  private void write(SourceSpec.Apt apt) throws BuildException, IOException, InterruptedException {
    Stanza stanza = new Stanza();
    stanza.add("URIs", List.of(apt.url()));
    stanza.add("Suites", apt.suites());
    stanza.add("Components", apt.components());
    if (apt.checkSignature()) {
      stanza.add("Signed-By", writeKeys(apt.id(), apt.publicKeys()));
    } else {
      stanza.add("Trusted", List.of("yes"));
    }
    write(apt.id(), stanza);
  }

  private void write(SourceSpec.Host host, List<JsonNode> ofHost)
      throws BuildException, IOException, InterruptedException {
    JsonNode source =
        ofHost.stream()
            .filter(candidate -> candidate.path("id").asText().equals(host.id()))
            .findFirst()
            .orElseThrow(
                () -> new IOException("the host has no source " + host.id() + " any more"));
    List<String> urls = new ArrayList<>();
    for (String url : texts(source, "urls")) {
      urls.addAll(forImage(url));
    }
    if (urls.isEmpty()) {
      report.info("The source " + host.id() + " is left out of the image: it is local to the host");
      return;
    }
    Stanza stanza = new Stanza();
    stanza.add("URIs", urls);
    stanza.add("Suites", texts(source, "suites"));
    stanza.add("Components", texts(source, "components"));
    List<String> keys = new ArrayList<>(writeKeys(host.id(), texts(source, "public_keys")));
    for (String keyring : texts(source, "keyrings")) {
      keys.add(keyring(keyring));
    }
    stanza.add("Signed-By", keys);
    if (!source.path("check_gpg").asBoolean(true)) {
      stanza.add("Trusted", List.of("yes"));
    }
    write(host.id(), stanza);
  }

  /** The address without user information; none for what is not on the network. */
  private static List<String> forImage(String url) throws IOException {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IOException("the host has a source with an address that is not one", e);
    }
    if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
      return List.of();
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return List.of(uri.getScheme() + "://" + uri.getHost() + port + path);
  }

  private List<String> writeKeys(String id, List<String> keys)
      throws BuildException, IOException, InterruptedException {
    List<String> files = new ArrayList<>();
    for (String key : keys) {
      String file = KEYRINGS + fileName(id) + "-" + (files.size() + 1) + ".asc";
      tree.write(file, key.endsWith("\n") ? key : key + "\n");
      files.add(file);
    }
    return files;
  }

  /** Where the image has a keyring of the host. */
  private String keyring(String path) throws BuildException, IOException, InterruptedException {
    if (tree.has(path)) {
      return path;
    }
    Path copy = work.resolve("keyring");
    helper.copyKeyring(path, copy);
    String target = KEYRINGS + Path.of(path).getFileName();
    tree.write(target, Files.readAllBytes(copy));
    Files.delete(copy);
    return target;
  }

  private void write(String id, Stanza stanza)
      throws BuildException, IOException, InterruptedException {
    tree.write("/etc/apt/sources.list.d/" + fileName(id) + ".sources", stanza.text());
  }

  /** apt reads only files whose name has nothing but letters, digits, '_', '-' and '.'. */
  private static String fileName(String id) {
    return id.replace(':', '-');
  }

  private static List<String> texts(JsonNode source, String field) {
    List<String> texts = new ArrayList<>();
    source.path(field).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** A paragraph of sources.list(5) in deb822 form. */
  private static final class Stanza {
    private final StringBuilder text = new StringBuilder("Types: deb\n");

    void add(String field, List<String> words) throws IOException {
      for (String word : words) {
        if (!WORD.matcher(word).matches()) {
          throw new IOException("a source has a value that cannot be written: " + field);
        }
      }
      if (!words.isEmpty()) {
        text.append(field).append(": ").append(String.join(" ", words)).append('\n');
      }
    }

    String text() {
      return text.toString();
    }
  }
}
