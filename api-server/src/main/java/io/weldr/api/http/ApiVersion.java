package io.weldr.api.http;

/** The versions of the API. Version 1 is version 0 with some replies and requests extended. */
enum ApiVersion {
  V0,
  V1;

  /** The part of the path. */
  String segment() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
