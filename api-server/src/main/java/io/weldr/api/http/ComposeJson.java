package io.weldr.api.http;

import io.weldr.api.compose.ComposeEntry;
import io.weldr.api.compose.Failure;
import io.weldr.api.compose.Progress;
import io.weldr.api.depsolve.PackageVersion;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Composes as the API shows them. */
final class ComposeJson {
  private ComposeJson() {}

  /** What details share with entries ({@link EntryJson}). */
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

  static Map<String, Object> error(Failure failure) {
    return Map.of(
        "code", failure.code(),
        "stage", failure.stage(),
        "msg", failure.message(),
        "hint", failure.hint());
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
