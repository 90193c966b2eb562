package io.weldr.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerRequest;
import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.compose.ComposeRequest;
import io.weldr.api.compose.TestMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the body of {@code POST compose}. Unknown fields are ignored. */
final class ComposeRequests {
  private final ApiVersion version;
  private final JsonNode body;
  private final List<ApiError> errors = new ArrayList<>();

  private ComposeRequests(ApiVersion version, JsonNode body) {
    this.version = version;
    this.body = body;
  }

  /**
   * What a request asks for.
   *
   * @throws ApiException with everything that is wrong with it
   */
  static ComposeRequest read(ApiVersion version, ServerRequest request) {
    if (RequestBody.form(request) != RequestBody.Form.JSON) {
      throw missingBody();
    }
    JsonNode body = RequestBody.parse(request, Json::read);
    if (!body.isObject() || body.isEmpty()) {
      throw missingBody();
    }
    return new ComposeRequests(version, body).composeRequest(testMode(request));
  }

  private static ApiException missingBody() {
    return ApiException.badRequest(ApiError.MISSING_POST, "Missing POST body");
  }

  /** The {@code test} argument; what is not a number counts as 0. */
  private static TestMode testMode(ServerRequest request) {
    try {
      return TestMode.of(QueryIntegers.parse(Query.of(request).value("test").orElse("0")));
    } catch (QueryIntegers.NotAnInteger e) {
      return TestMode.NONE;
    }
  }

  private ComposeRequest composeRequest(TestMode test) {
    Optional<BlueprintName> blueprint = collect(this::blueprint);
    Optional<String> type = collect(() -> text("compose_type", ApiError.BAD_COMPOSE_TYPE));
    Optional<BranchName> branch = collect(this::branch);
    Optional<Long> size = collect(this::size);
    refuseUnsupported();
    if (!errors.isEmpty()) {
      throw ApiException.badRequest(errors);
    }
    return new ComposeRequest(
        blueprint.orElseThrow(),
        branch.orElseThrow(),
        type.orElseThrow(),
        test,
        size.orElseThrow(),
        ClientConnection.current().peer().uid());
  }

  private interface Field<T> {
    T read();
  }

  /** Reads a field; its error is kept with those of the others. */
  private <T> Optional<T> collect(Field<T> field) {
    try {
      return Optional.of(field.read());
    } catch (ApiException e) {
      errors.addAll(e.errors());
      return Optional.empty();
    }
  }

  private BlueprintName blueprint() {
    return PathNames.blueprint(text("blueprint_name", ApiError.UNKNOWN_BLUEPRINT));
  }

  private String text(String key, String errorId) {
    JsonNode value = body.path(key);
    if (value.isMissingNode() || value.isNull()) {
      throw ApiException.badRequest(errorId, "No '" + key + "' in the JSON request");
    }
    if (!value.isTextual()) {
      throw ApiException.badRequest(errorId, "'" + key + "' must be a string");
    }
    return value.textValue();
  }

  private BranchName branch() {
    JsonNode value = body.path("branch");
    if (value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.asText().isEmpty())) {
      return BranchName.MASTER;
    }
    return Query.branch(text("branch", ApiError.INVALID_CHARS));
  }

  private Long size() {
    JsonNode value = body.path("size");
    if (value.isMissingNode() || value.isNull()) {
      return 0L;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw ApiException.badRequest(
          ApiError.COMPOSE_ERROR, "'size' must be a whole number of bytes, 0 or more");
    }
    return value.longValue();
  }

  /** What cannot be done is not ignored in silence. Clients send empty forms of both. */
  private void refuseUnsupported() {
    if (hasContent(body.path("ostree"))) {
      errors.add(new ApiError(ApiError.COMPOSE_ERROR, "'ostree' is not supported by this server"));
    }
    JsonNode upload = body.path("upload");
    if (version == ApiVersion.V1 && !upload.isMissingNode() && !upload.isNull()) {
      errors.add(new ApiError(ApiError.UPLOAD_ERROR, UploadsResource.NOT_SUPPORTED));
    }
  }

  private static boolean hasContent(JsonNode value) {
    if (value.isContainerNode()) {
      for (JsonNode item : value) {
        if (hasContent(item)) {
          return true;
        }
      }
      return false;
    }
    return !value.isMissingNode()
        && !value.isNull()
        && !(value.isBoolean() && !value.booleanValue())
        && !(value.isTextual() && value.textValue().isEmpty());
  }
}
