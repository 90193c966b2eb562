package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.util.Optional;

/**
 * What a program of {@code share/depsolve} prints while it fetches: lines of JSON, of which the
 * last decides.
 */
final class HelperAnswer {
  private final StageReport report;
  private Optional<JsonNode> result = Optional.empty();
  private Optional<BuildException> failure = Optional.empty();

  HelperAnswer(StageReport report) {
    this.report = report;
  }

  synchronized void line(String line) {
    try {
      JsonNode json = PackageHelper.parse(line);
      if (json.has("progress")) {
        progress(json.get("progress"));
      }
      result = Optional.ofNullable(json.get("result")).or(() -> result);
      failure =
          Optional.ofNullable(json.get("error")).map(HelperAnswer::exception).or(() -> failure);
    } catch (IOException e) {
      report.warning(e.getMessage());
    }
  }

  synchronized Optional<JsonNode> result() {
    return result;
  }

  synchronized Optional<BuildException> failure() {
    return failure;
  }

  private void progress(JsonNode progress) {
    if (progress.path("stage").asText().equals("download")) {
      report.progress(progress.path("done").asLong(), progress.path("total").asLong());
    }
  }

  private static BuildException exception(JsonNode error) {
    FailureCode code = code(error.path("code").asText());
    return new BuildException(code, error.path("message").asText(), hint(code));
  }

  private static FailureCode code(String name) {
    return switch (name) {
      case "SOURCE_UNREACHABLE" -> FailureCode.SOURCE_UNREACHABLE;
      case "PACKAGE_MISSING" -> FailureCode.PACKAGE_MISSING;
      case "BAD_SIGNATURE" -> FailureCode.BAD_SIGNATURE;
      case "BAD_CHECKSUM" -> FailureCode.BAD_CHECKSUM;
      case "NO_SPACE" -> FailureCode.NO_SPACE;
      default -> FailureCode.INTERNAL;
    };
  }

  private static String hint(FailureCode code) {
    return switch (code) {
      case SOURCE_UNREACHABLE -> "Check the source's address and the network of the host.";
      case PACKAGE_MISSING -> "The source has changed since; start the compose again.";
      case BAD_SIGNATURE -> "Check the keys of the source.";
      case BAD_CHECKSUM -> "Start the compose again; if it happens again, check the source.";
      case NO_SPACE -> "Free some space on the host.";
      default -> "See logs/combined.log of the compose.";
    };
  }
}
