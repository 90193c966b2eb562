package io.weldr.worker.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/** Where packages come from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SourceSpec.Host.class, name = "host"),
  @JsonSubTypes.Type(value = SourceSpec.Apt.class, name = "apt"),
  @JsonSubTypes.Type(value = SourceSpec.Rpm.class, name = "rpm")
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

  /**
   * Where a repository of RPM packages is.
   *
   * @param url http or https, without user information; may have variables of dnf.conf(5)
   */
  record RpmAddress(Kind kind, String url) {
    /** What there is at the address. */
    public enum Kind {
      /** The repository. */
      BASE_URL("yum-baseurl", "baseurl"),
      /** A metalink that lists its mirrors. */
      METALINK("yum-metalink", "metalink"),
      /** A plain list of its mirrors. */
      MIRRORLIST("yum-mirrorlist", "mirrorlist");

      private final String type;
      private final String option;

      Kind(String type, String option) {
        this.type = type;
        this.option = option;
      }

      /** What {@code dnf.py} calls it. */
      public String type() {
        return type;
      }

      /** What dnf.conf(5) calls it, and with two dashes the kickstart command {@code repo}. */
      public String option() {
        return option;
      }
    }
  }

  /**
   * A repository of RPM packages.
   *
   * @param checkPackages whether each package must be signed by one of the keys
   * @param checkMetadata whether the metadata must be
   * @param proxy http URL
   * @param publicKeys armoured OpenPGP blocks
   */
  record Rpm(
      String id,
      RpmAddress address,
      boolean checkPackages,
      boolean checkMetadata,
      boolean checkTls,
      Optional<String> proxy,
      List<String> publicKeys)
      implements SourceSpec {
    public Rpm {
      publicKeys = List.copyOf(publicKeys);
    }
  }
}
