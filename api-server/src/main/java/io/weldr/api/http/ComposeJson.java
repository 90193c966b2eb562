package io.weldr.api.http;

import io.weldr.api.compose.ComposeEntry;
import io.weldr.api.compose.Failure;
import io.weldr.api.compose.Progress;
import io.weldr.api.compose.StageTime;
import io.weldr.api.depsolve.PackageVersion;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Composes as the API shows them. */
final class ComposeJson {
  private ComposeJson() {}

  /**
   * A compose in a list. Beside the fields that clients know it has {@code error}, {@code progress}
   * and {@code stages} where there are any.
   */
  static Map<String, Object> entry(ApiVersion version, ComposeEntry entry) {
    Map<String, Object> json = new HashMap<>();
    json.put("id", entry.id().toString());
    json.put("blueprint", entry.blueprint());
    json.put("version", entry.version());
    json.put("compose_type", entry.type());
    json.put("queue_status", entry.state().name());
    json.put("image_size", entry.imageSize());
    json.put("job_created", seconds(entry.created()));
    json.put("job_started", entry.started().map(ComposeJson::seconds).orElse(null));
    json.put("job_finished", entry.finished().map(ComposeJson::seconds).orElse(null));
    extras(version, entry, json);
    if (!entry.stages().isEmpty()) {
      json.put("stages", entry.stages().stream().map(ComposeJson::stage).toList());
    }
    return json;
  }

  /** What entries and details share. */
  static void extras(ApiVersion version, ComposeEntry entry, Map<String, Object> json) {
    if (version == ApiVersion.V1) {
      json.put("uploads", List.of());
    }
    entry.failure().ifPresent(failure -> json.put("error", error(failure)));
    entry.progress().ifPresent(progress -> json.put("progress", progress(progress)));
  }

  static Map<String, Object> progress(Progress progress) {
    return Map.of("stage", progress.stage(), "percent", progress.percent());
  }

  static Map<String, Object> dependency(PackageVersion dependency) {
    return Map.of(
        "name", dependency.name(),
        "epoch", dependency.epoch(),
        "version", dependency.version(),
        "release", dependency.release(),
        "arch", dependency.architecture());
  }

  private static Map<String, Object> error(Failure failure) {
    return Map.of(
        "code", failure.code(),
        "stage", failure.stage(),
        "msg", failure.message(),
        "hint", failure.hint());
  }

  private static Map<String, Object> stage(StageTime stage) {
    return Map.of(
        "stage", stage.stage(), "seconds", BigDecimal.valueOf(stage.duration().toMillis(), 3));
  }

  /** Seconds since the epoch with milliseconds, never in exponent form. */
  static BigDecimal seconds(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), 3);
  }

  /** The entry of an id in a reply about several. */
  static Optional<ApiError> unknown(String id, boolean found) {
    return found
        ? Optional.empty()
        : Optional.of(new ApiError(ApiError.UNKNOWN_UUID, id + " is not a valid build uuid"));
  }
}
