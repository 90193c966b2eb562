package io.weldr.api.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;

/** Requests that end before a route is found, such as malformed or oversized ones, in JSON. */
final class JsonErrors implements DirectHandler {
  private final Limits limits;

  JsonErrors(Limits limits) {
    this.limits = limits;
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType eventType,
      Status defaultStatus,
      ServerResponseHeaders headers,
      String message) {
    headers.set(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json"));
    return TransportResponse.builder()
        .status(defaultStatus)
        .headers(headers)
        .keepAlive(false)
        .entity(Replies.transportError(defaultStatus, message(defaultStatus)))
        .build();
  }

  private String message(Status status) {
    return status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()
        ? "Request Entity Too Large: at most %d bytes are accepted".formatted(limits.bodyBytes())
        : status.reasonPhrase();
  }
}
