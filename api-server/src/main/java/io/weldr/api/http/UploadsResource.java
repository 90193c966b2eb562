package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;

/**
 * The upload routes of version 1 of a server that has no provider: it lists none, knows no upload,
 * and refuses to plan any, in words that clients can show.
 */
final class UploadsResource implements HttpService {
  /** What a compose with an upload is told too. */
  static final String NOT_SUPPORTED = "Uploads are not supported by this server";

  private static final String NO_ID = "no UUID given";
  private static final String NO_PROVIDER = "no provider name given";

  private final ApiVersion version;

  UploadsResource(ApiVersion version) {
    this.version = version;
  }

  @Override
  public void routing(HttpRules rules) {
    if (version == ApiVersion.V0) {
      return;
    }
    new Routes(rules)
        .get("/upload/providers", UploadsResource::providers)
        .post("/upload/providers/save", UploadsResource::refuse)
        .deleteWithout("/upload/providers/delete", NO_PROVIDER)
        .delete("/upload/providers/delete/{provider}/{profile}", UploadsResource::refuse)
        .postWithout("/compose/uploads/schedule", "no compose UUID given")
        .post("/compose/uploads/schedule/{id}", UploadsResource::refuse)
        .getWithout("/upload/info", NO_ID)
        .get("/upload/info/{id}", UploadsResource::unknown)
        .getWithout("/upload/log", NO_ID)
        .get("/upload/log/{id}", UploadsResource::unknown)
        .postWithout("/upload/reset", NO_ID)
        .post("/upload/reset/{id}", UploadsResource::unknown)
        .deleteWithout("/upload/cancel", NO_ID)
        .delete("/upload/cancel/{id}", UploadsResource::unknown)
        .deleteWithout("/upload/delete", "no upload UUID given")
        .delete("/upload/delete/{id}", UploadsResource::invalid);
  }

  private static void providers(ServerRequest request, ServerResponse response) {
    Replies.json(request, response, Map.of("providers", Map.of(), "status", true));
  }

  private static void refuse(ServerRequest request, ServerResponse response) {
    throw ApiException.badRequest(ApiError.UPLOAD_ERROR, NOT_SUPPORTED);
  }

  private static void unknown(ServerRequest request, ServerResponse response) {
    throw ApiException.badRequest(
        ApiError.UPLOAD_ERROR, "Could not find upload " + PathNames.general(request, "id") + "!");
  }

  private static void invalid(ServerRequest request, ServerResponse response) {
    throw ApiException.badRequest(
        ApiError.UPLOAD_ERROR, PathNames.general(request, "id") + " is not a valid upload id!");
  }
}
