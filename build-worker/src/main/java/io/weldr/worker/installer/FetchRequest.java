package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The JSON document that {@code apt.py fetch} and {@code dnf.py fetch} read. */
final class FetchRequest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FetchRequest() {}

  /**
   * The document.
   *
   * @param proxy for servers that neither a source nor the host has another one for
   * @param cached SHA-256 of packages that need no download
   */
  static String of(
      List<SourceSpec> sources,
      List<PackageSpec> packages,
      Optional<String> proxy,
      Set<String> cached) {
    ObjectNode request = JSON.createObjectNode();
    proxy.ifPresent(url -> request.put("proxy", url));
    ArrayNode sourceList = request.putArray("sources");
    sources.forEach(source -> describe(source, sourceList.addObject()));
    ArrayNode packageList = request.putArray("packages");
    for (PackageSpec pkg : packages) {
      packageList
          .addObject()
          .put("name", pkg.name())
          .put("version", pkg.fullVersion())
          .put("architecture", pkg.architecture())
          .put("sha256", pkg.sha256())
          .put("source_id", pkg.sourceId())
          .put("location", pkg.location())
          .put("size", pkg.size())
          .put("download", !cached.contains(pkg.sha256()));
    }
    return request.toString();
  }

  private static void describe(SourceSpec source, ObjectNode json) {
    json.put("id", source.id());
    switch (source) {
      case SourceSpec.Host host -> json.put("host", true);
      case SourceSpec.Apt apt -> {
        json.put("url", apt.url());
        apt.suites().forEach(json.putArray("suites")::add);
        apt.components().forEach(json.putArray("components")::add);
        json.put("check_gpg", apt.checkSignature());
        json.put("check_tls", apt.checkTls());
        apt.proxy().ifPresent(proxy -> json.put("proxy", proxy));
        apt.publicKeys().forEach(json.putArray("public_keys")::add);
      }
      case SourceSpec.Rpm rpm -> {
        json.put("type", rpm.address().kind().type());
        json.put("url", rpm.address().url());
        json.put("check_gpg", rpm.checkPackages());
        json.put("check_repo_gpg", rpm.checkMetadata());
        json.put("check_tls", rpm.checkTls());
        rpm.proxy().ifPresent(proxy -> json.put("proxy", proxy));
        rpm.publicKeys().forEach(json.putArray("public_keys")::add);
      }
    }
  }
}
