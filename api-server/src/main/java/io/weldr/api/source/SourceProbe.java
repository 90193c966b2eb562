package io.weldr.api.source;

/** Tries a source before it is accepted. */
public interface SourceProbe {

  /**
   * Fetches the keys behind the addresses of the source, and its metadata with all its keys.
   *
   * @return the source with the keys that were fetched
   * @throws UnusableSourceException when either cannot be had or is not signed as it should
   */
  Source tried(Source source) throws UnusableSourceException;
}
