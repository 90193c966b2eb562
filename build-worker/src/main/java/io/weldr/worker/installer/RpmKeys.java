package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The keys by which packages must be signed.
 *
 * @param bySource armoured OpenPGP blocks by the id of the source; a source whose packages are not
 *     checked is not in it
 */
record RpmKeys(Map<String, List<String>> bySource) {

  /** Those of the job; of the host's own sources as its configuration says now. */
  static RpmKeys of(JobSpec job, PackageHelper helper, StageReport report)
      throws BuildException, IOException, InterruptedException {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    List<String> ofHost = new ArrayList<>();
    for (SourceSpec source : job.sources()) {
      switch (source) {
        case SourceSpec.Rpm rpm -> {
          if (rpm.checkPackages()) {
            keys.put(rpm.id(), rpm.publicKeys());
          }
        }
        case SourceSpec.Host host -> ofHost.add(host.id());
        case SourceSpec.Apt apt -> throw new IOException(apt.id() + " has no RPM packages");
      }
    }
    if (!ofHost.isEmpty()) {
      List<String> checked = checked(ofHost, helper.hostSources());
      keys.putAll(helper.hostKeys(checked, job.proxy(), report));
    }
    return new RpmKeys(keys);
  }

  private static List<String> checked(List<String> ofHost, List<JsonNode> described) {
    var unchecked =
        described.stream()
            .filter(source -> !source.path("check_gpg").asBoolean(true))
            .map(source -> source.path("id").asText())
            .collect(Collectors.toSet());
    return ofHost.stream().filter(id -> !unchecked.contains(id)).toList();
  }
}
