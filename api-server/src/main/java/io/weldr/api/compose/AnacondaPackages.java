package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.Customizations;
import io.weldr.api.blueprint.Customizations.Locale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Packages that Anaconda adds of its own accord: the table {@code anaconda} of a distribution. They
 * are solved with the others, so that they are counted, listed and, where signatures are wanted,
 * checked; Anaconda may have nothing but what was solved to install from.
 */
final class AnacondaPackages {
  private static final Set<String> DISK_STARTERS = Set.of("bios", "uefi");
  private static final String DEFAULT_LANGUAGE = "en_US.UTF-8";

  /** A locale that is a language's, {@code zh_CN.UTF-8}; not {@code C}. */
  private static final Pattern LANGUAGE =
      Pattern.compile("(([a-z]{2,3})(?:_[A-Z]{2})?)(?:[.@].*)?");

  private final Distribution distribution;
  private final List<String> items = new ArrayList<>();

  private AnacondaPackages(Distribution distribution) {
    this.distribution = distribution;
  }

  /** As items of a distribution's list. */
  static List<String> of(
      Distribution distribution, OutputType type, TemplatePackages template, Blueprint blueprint) {
    AnacondaPackages packages = new AnacondaPackages(distribution);
    packages.add("always");
    if (!template.commands().contains("timezone --nontp")) {
      packages.add("time");
    }
    languages(template, blueprint).forEach(packages::addLanguage);
    type.starters().forEach(packages::addBoot);
    return List.copyOf(packages.items);
  }

  private void add(String occasion) {
    items.addAll(distribution.anaconda().getOrDefault(occasion, List.of()));
  }

  private void addLanguage(String locale) {
    Matcher matcher = LANGUAGE.matcher(locale);
    if (matcher.matches()) {
      for (String item : distribution.anaconda().getOrDefault("language", List.of())) {
        items.add(
            item.replace("{locale}", matcher.group(1)).replace("{language}", matcher.group(2)));
      }
    }
  }

  /**
   * Anaconda makes disks itself and insists on what it needs; other images are made of the tree.
   */
  private void addBoot(String starter) {
    List<String> boot = distribution.boot().getOrDefault(starter, List.of());
    if (DISK_STARTERS.contains(starter)) {
      add("disk");
      boot.forEach(item -> items.add(item.endsWith("|") ? item : item + " |"));
    } else {
      items.addAll(boot);
    }
  }

  private static List<String> languages(TemplatePackages template, Blueprint blueprint) {
    Optional<Locale> locale = blueprint.customizations().flatMap(Customizations::locale);
    List<String> wanted = locale.map(Locale::languages).orElse(List.of());
    if (!wanted.isEmpty()) {
      return wanted;
    }
    List<String> ofTemplate =
        template.commands().stream()
            .filter(command -> command.startsWith("lang "))
            .flatMap(command -> Stream.of(command.substring("lang ".length()).split(",")))
            .sorted()
            .toList();
    return ofTemplate.isEmpty() ? List.of(DEFAULT_LANGUAGE) : ofTemplate;
  }
}
