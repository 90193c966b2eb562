package io.weldr.api.http;

import io.helidon.http.Status;
import java.util.List;
import java.util.stream.Collectors;

/** A request that fails as a whole; becomes {@code {"status":false,"errors":[…]}}. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Status status;
  private final transient List<ApiError> errors;
  private final boolean ofTransport;

  private ApiException(Status status, List<ApiError> errors, boolean ofTransport) {
    super(errors.stream().map(ApiError::msg).collect(Collectors.joining("; ")), null, false, false);
    this.status = status;
    this.errors = List.copyOf(errors);
    this.ofTransport = ofTransport;
  }

  /** Status 400 with one error. */
  static ApiException badRequest(String id, String message) {
    return badRequest(List.of(new ApiError(id, message)));
  }

  /** Status 400 with errors, the most useful first. */
  static ApiException badRequest(List<ApiError> errors) {
    return new ApiException(Status.BAD_REQUEST_400, errors, false);
  }

  /** A route that was called without its path argument. */
  static ApiException missing(String message) {
    return badRequest(ApiError.HTTP_ERROR, message);
  }

  /** What the transport itself answers, with the status code in the error. */
  static ApiException ofTransport(Status status, String message) {
    return new ApiException(status, List.of(new ApiError(ApiError.HTTP_ERROR, message)), true);
  }

  static ApiException notFound() {
    return ofTransport(Status.NOT_FOUND_404, "Not Found");
  }

  /** A JSON body that cannot be parsed. */
  static ApiException unreadableJson() {
    return ofTransport(Status.BAD_REQUEST_400, "Bad Request");
  }

  Status status() {
    return status;
  }

  /** At least one. */
  List<ApiError> errors() {
    return errors;
  }

  /** Whether the errors carry the status code. */
  boolean ofTransport() {
    return ofTransport;
  }
}
