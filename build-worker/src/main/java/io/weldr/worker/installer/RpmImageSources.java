package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The sources that the system in the image will use, as dnf.conf(5) describes them: those of the
 * compose that its packages do not bring themselves, without what belongs to the building host
 * alone (proxies, certificates, addresses of local files).
 *
 * <p>Security: what the unprivileged helper says about the host's sources becomes lines of files in
 * the tree, so every value must be one printable word.
 */
final class RpmImageSources {
  private static final String DIRECTORY = "/etc/yum.repos.d/";
  private static final String KEYS = "/etc/pki/rpm-gpg/";
  private static final Pattern WORD = Pattern.compile("[!-~]+");

  private final Tree tree;
  private final PackageHelper helper;
  private final StageReport report;

  RpmImageSources(Tree tree, PackageHelper helper, StageReport report) {
    this.tree = tree;
    this.helper = helper;
    this.report = report;
  }

  /**
   * Writes a file for each.
   *
   * @param proxy for fetching keys of the host's sources
   */
  void write(List<SourceSpec> sources, Optional<String> proxy)
      throws BuildException, IOException, InterruptedException {
    List<JsonNode> ofHost = List.of();
    if (sources.stream().anyMatch(SourceSpec.Host.class::isInstance)) {
      ofHost = helper.hostSources();
    }
    for (SourceSpec source : sources) {
      if (tree.succeeds("/usr/bin/grep", "-rqxF", "-e", "[" + source.id() + "]", DIRECTORY)) {
        report.info("The packages bring source " + source.id() + " themselves");
        continue;
      }
      switch (source) {
        case SourceSpec.Rpm rpm -> write(rpm);
        case SourceSpec.Host host -> write(host, ofHost, proxy);
        case SourceSpec.Apt apt -> throw new IOException(apt.id() + " has no RPM packages");
      }
    }
  }

  private void write(SourceSpec.Rpm rpm) throws BuildException, IOException, InterruptedException {
    write(
        rpm.id(),
        List.of(rpm.address().kind().option() + "=" + word(rpm.address().url())),
        rpm.checkPackages(),
        rpm.checkTls(),
        rpm.publicKeys());
  }

  private void write(SourceSpec.Host host, List<JsonNode> ofHost, Optional<String> proxy)
      throws BuildException, IOException, InterruptedException {
    JsonNode source =
        ofHost.stream()
            .filter(candidate -> candidate.path("id").asText().equals(host.id()))
            .findFirst()
            .orElseThrow(
                () -> new IOException("the host has no source " + host.id() + " any more"));
    List<String> urls = new ArrayList<>();
    for (JsonNode url : source.path("urls")) {
      if (url.asText().matches("https?://.*")) {
        urls.add(word(url.asText()));
      }
    }
    if (urls.isEmpty()) {
      report.info("The source " + host.id() + " is left out of the image: it is local to the host");
      return;
    }
    String option = source.path("type").asText().replaceFirst("^yum-", "");
    boolean signed = source.path("check_gpg").asBoolean(true);
    List<String> keys =
        signed ? helper.hostKeys(List.of(host.id()), proxy, report).get(host.id()) : List.of();
    write(
        host.id(),
        List.of(word(option) + "=" + String.join(" ", urls)),
        signed,
        source.path("check_tls").asBoolean(true),
        keys);
  }

  private void write(
      String id, List<String> address, boolean signed, boolean checkTls, List<String> keys)
      throws BuildException, IOException, InterruptedException {
    List<String> lines = new ArrayList<>(List.of("[" + id + "]", "name=" + id, "enabled=1"));
    lines.addAll(address);
    lines.add("gpgcheck=" + (signed ? 1 : 0));
    List<String> files = new ArrayList<>();
    for (String key : keys) {
      String file = KEYS + "RPM-GPG-KEY-" + id + "-" + (files.size() + 1);
      tree.write(file, key.endsWith("\n") ? key : key + "\n");
      files.add("file://" + file);
    }
    if (!files.isEmpty()) {
      lines.add("gpgkey=" + String.join(" ", files));
    }
    if (!checkTls) {
      lines.add("sslverify=0");
    }
    tree.write(DIRECTORY + id + ".repo", String.join("\n", lines) + "\n");
  }

  private static String word(String text) throws IOException {
    if (!WORD.matcher(text).matches()) {
      throw new IOException("a source of the host has a value that cannot be written");
    }
    return text;
  }
}
