package io.weldr.api.http;

import java.time.Duration;

/**
 * What one client may take up.
 *
 * @param bodyBytes of a request
 * @param connections open at once; a new one beyond that displaces the one that has been silent the
 *     longest
 * @param idle how long a connection may take to send the head of a request
 * @param body how long it may take to send the body
 * @param stall how long it may leave a part of a download unread
 */
public record Limits(int bodyBytes, int connections, Duration idle, Duration body, Duration stall) {

  /** The limits in production. */
  public static Limits standard() {
    return new Limits(
        1 << 20, 512, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }
}
