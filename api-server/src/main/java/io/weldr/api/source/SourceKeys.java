package io.weldr.api.source;

import java.util.List;
import java.util.stream.Stream;

/**
 * The OpenPGP keys of a source. A source of the host has none here: it uses the host's keys.
 *
 * @param urls addresses of keys
 * @param inline armoured keys that came with the source
 * @param fetched armoured keys that were found at the addresses when the source was accepted
 */
public record SourceKeys(List<String> urls, List<String> inline, List<String> fetched) {

  public SourceKeys {
    urls = List.copyOf(urls);
    inline = List.copyOf(inline);
    fetched = List.copyOf(fetched);
  }

  public static SourceKeys none() {
    return new SourceKeys(List.of(), List.of(), List.of());
  }

  /** Armoured keys without an address. */
  public static SourceKeys inline(List<String> keys) {
    return new SourceKeys(List.of(), keys, List.of());
  }

  /** These keys with the ones behind the addresses. */
  public SourceKeys withFetched(List<String> keys) {
    return new SourceKeys(urls, inline, keys);
  }

  /** All keys, armoured. */
  public List<String> all() {
    return Stream.concat(inline.stream(), fetched.stream()).toList();
  }
}
