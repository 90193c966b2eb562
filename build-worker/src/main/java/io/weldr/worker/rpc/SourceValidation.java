package io.weldr.worker.rpc;

import io.weldr.proto.worker.v1.AptSource;
import io.weldr.proto.worker.v1.RpmSource;
import io.weldr.proto.worker.v1.Source;
import io.weldr.worker.spec.SourceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks the sources of a job and turns them into specs. */
final class SourceValidation {
  static final int MOST_SOURCES = 64;
  static final int MOST_NAMES = 32;
  static final int MOST_KEYS = 16;

  private final Problems problems;

  SourceValidation(Problems problems) {
    this.problems = problems;
  }

  List<SourceSpec> sources(List<Source> sources) {
    List<SourceSpec> specs = new ArrayList<>();
    if (sources.isEmpty()) {
      problems.add("sources", "are missing");
    }
    Consumer<String> unique = problems.unique("sources");
    problems.each(
        "sources",
        sources,
        MOST_SOURCES,
        (place, source) -> {
          problems.check(place + ".id", source.getId(), FieldRule.SOURCE_ID);
          unique.accept(source.getId());
          spec(place, source).ifPresent(specs::add);
        });
    return specs;
  }

  private Optional<SourceSpec> spec(String place, Source source) {
    return switch (source.getKindCase()) {
      case HOST -> Optional.of(new SourceSpec.Host(source.getId()));
      case APT -> Optional.of(apt(place + ".apt", source.getId(), source.getApt()));
      case RPM -> rpm(place + ".rpm", source.getId(), source.getRpm());
      case KIND_NOT_SET -> {
        problems.add(place, "says neither host, apt nor rpm");
        yield Optional.empty();
      }
    };
  }

  private SourceSpec apt(String place, String id, AptSource source) {
    problems.check(place + ".url", source.getUrl(), FieldRule.URL);
    if (source.getSuitesCount() == 0) {
      problems.add(place + ".suites", "are missing");
    }
    problems.checkAll(place + ".suites", source.getSuitesList(), MOST_NAMES, FieldRule.SUITE);
    problems.checkAll(
        place + ".components", source.getComponentsList(), MOST_NAMES, FieldRule.COMPONENT);
    problems.checkOptional(place + ".proxy", source.getProxy(), FieldRule.PROXY);
    problems.checkAll(
        place + ".public_keys", source.getPublicKeysList(), MOST_KEYS, FieldRule.PUBLIC_KEY);
    return new SourceSpec.Apt(
        id,
        source.getUrl(),
        source.getSuitesList(),
        source.getComponentsList(),
        source.getCheckSignature(),
        source.getCheckTls(),
        Optional.of(source.getProxy()).filter(proxy -> !proxy.isEmpty()),
        source.getPublicKeysList());
  }

  private Optional<SourceSpec> rpm(String place, String id, RpmSource source) {
    problems.checkOptional(place + ".proxy", source.getProxy(), FieldRule.PROXY);
    problems.checkAll(
        place + ".public_keys", source.getPublicKeysList(), MOST_KEYS, FieldRule.PUBLIC_KEY);
    return rpmAddress(place, source)
        .map(
            address ->
                new SourceSpec.Rpm(
                    id,
                    address,
                    source.getCheckGpg(),
                    source.getCheckRepogpg(),
                    source.getCheckTls(),
                    Optional.of(source.getProxy()).filter(proxy -> !proxy.isEmpty()),
                    source.getPublicKeysList()));
  }

  private Optional<SourceSpec.RpmAddress> rpmAddress(String place, RpmSource source) {
    return switch (source.getAddressCase()) {
      case BASE_URL -> {
        problems.check(place + ".base_url", source.getBaseUrl(), FieldRule.RPM_URL);
        yield address(SourceSpec.RpmAddress.Kind.BASE_URL, source.getBaseUrl());
      }
      case METALINK -> {
        problems.check(place + ".metalink", source.getMetalink(), FieldRule.MIRRORS_URL);
        yield address(SourceSpec.RpmAddress.Kind.METALINK, source.getMetalink());
      }
      case MIRRORLIST -> {
        problems.check(place + ".mirrorlist", source.getMirrorlist(), FieldRule.MIRRORS_URL);
        yield address(SourceSpec.RpmAddress.Kind.MIRRORLIST, source.getMirrorlist());
      }
      case ADDRESS_NOT_SET -> {
        problems.add(place, "says neither base_url, metalink nor mirrorlist");
        yield Optional.empty();
      }
    };
  }

  private static Optional<SourceSpec.RpmAddress> address(
      SourceSpec.RpmAddress.Kind kind, String url) {
    return Optional.of(new SourceSpec.RpmAddress(kind, url));
  }
}
