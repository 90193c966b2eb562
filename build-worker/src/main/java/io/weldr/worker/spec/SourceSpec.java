package io.weldr.worker.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/** Where packages come from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SourceSpec.Host.class, name = "host"),
  @JsonSubTypes.Type(value = SourceSpec.Apt.class, name = "apt")
})
public sealed interface SourceSpec {
  /** Unique within a job. */
  String id();

  /** A source of the host; address and keys are those of the host's own configuration. */
  record Host(String id) implements SourceSpec {}

  /**
   * A Debian archive.
   *
   * @param url http or https, without user information
   * @param proxy http URL
   * @param publicKeys armoured OpenPGP blocks
   */
  record Apt(
      String id,
      String url,
      List<String> suites,
      List<String> components,
      boolean checkSignature,
      boolean checkTls,
      Optional<String> proxy,
      List<String> publicKeys)
      implements SourceSpec {
    public Apt {
      suites = List.copyOf(suites);
      components = List.copyOf(components);
      publicKeys = List.copyOf(publicKeys);
    }
  }
}
