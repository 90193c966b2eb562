package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.Customizations;
import io.weldr.api.blueprint.Customizations.Kernel;
import io.weldr.api.blueprint.Customizations.Locale;
import io.weldr.api.blueprint.Customizations.Timezone;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which features of the installer a blueprint uses, by the names distribution files have. */
final class BlueprintFeatures {
  /** Every system has these languages; any other needs data. */
  private static final Set<String> BUILT_IN_LANGUAGES = Set.of("C", "POSIX", "C.UTF-8");

  private BlueprintFeatures() {}

  static List<String> of(Blueprint blueprint) {
    List<String> features = new ArrayList<>();
    blueprint.customizations().ifPresent(customizations -> add(customizations, features));
    return features;
  }

  private static void add(Customizations custom, List<String> features) {
    boolean keys =
        !custom.sshKeys().isEmpty() || custom.users().stream().anyMatch(u -> u.key().isPresent());
    addIf(custom.hostname().isPresent(), "hostname", features);
    addIf(custom.kernel().flatMap(Kernel::append).isPresent(), "kernel", features);
    addIf(keys, "sshkey", features);
    addIf(!custom.users().isEmpty(), "user", features);
    addIf(!custom.groups().isEmpty(), "group", features);
    addIf(needsZoneData(custom), "timezone", features);
    addIf(custom.timezone().stream().anyMatch(t -> !t.ntpServers().isEmpty()), "ntp", features);
    addIf(needsLanguageData(custom), "languages", features);
    addIf(custom.locale().flatMap(Locale::keyboard).isPresent(), "keyboard", features);
    addIf(custom.firewall().isPresent(), "firewall", features);
    addIf(custom.services().isPresent(), "services", features);
  }

  private static boolean needsZoneData(Customizations custom) {
    return custom
        .timezone()
        .flatMap(Timezone::zone)
        .filter(zone -> !zone.equals("UTC"))
        .isPresent();
  }

  private static boolean needsLanguageData(Customizations custom) {
    return custom.locale().stream()
        .flatMap(locale -> locale.languages().stream())
        .anyMatch(language -> !BUILT_IN_LANGUAGES.contains(language));
  }

  private static void addIf(boolean used, String feature, List<String> features) {
    if (used) {
      features.add(feature);
    }
  }
}
