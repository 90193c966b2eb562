package io.weldr.api.http;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A part of a list. A limit of 0 asks for the total alone.
 *
 * @param offset items to leave out at the beginning
 * @param limit items to give at most
 */
record Pagination(long offset, long limit) {

  <T> List<T> page(List<T> items) {
    return items.stream().skip(offset).limit(limit).toList();
  }

  /** The places of the page in a list of so many items. */
  int[] places(int total) {
    int first = (int) Math.min(offset, total);
    return IntStream.range(first, first + (int) Math.min(limit, total - first)).toArray();
  }

  /**
   * The reply of a list.
   *
   * @param key what the items are called
   * @param items all of them
   */
  Map<String, Object> reply(String key, List<?> items) {
    return Map.of(key, page(items), "offset", offset, "limit", limit, "total", items.size());
  }
}
