package io.weldr.api.blueprint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares two blueprints as the Weldr API shows it: additions, then removals, then changes. */
public final class BlueprintDiff {
  private final List<Difference> found = new ArrayList<>();

  private BlueprintDiff() {}

  /** What changed from one blueprint to another, in the order of the contract. */
  public static List<Difference> between(Blueprint before, Blueprint after) {
    BlueprintDiff diff = new BlueprintDiff();
    diff.value("Name", Optional.of(before.name()), Optional.of(after.name()));
    diff.value("Description", Optional.of(before.description()), Optional.of(after.description()));
    diff.value("Version", before.version(), after.version());
    Map<String, Node> old = BlueprintTree.of(before).entries();
    Map<String, Node> fresh = BlueprintTree.of(after).entries();
    diff.items("Module", "name", old.get("modules"), fresh.get("modules"));
    diff.items("Package", "name", old.get("packages"), fresh.get("packages"));
    diff.items("Group", "name", old.get("groups"), fresh.get("groups"));
    diff.sections("Customizations.", customizations(before), customizations(after));
    diff.items("Repos.git", "rpmname", repositories(before), repositories(after));
    diff.value("Distro", before.distro(), after.distro());
    diff.sections("", BlueprintTree.further(before), BlueprintTree.further(after));
    return List.copyOf(diff.found);
  }

  private static Map<String, Node> customizations(Blueprint blueprint) {
    return blueprint
        .customizations()
        .map(c -> BlueprintTree.customizations(c).entries())
        .orElse(Map.of());
  }

  private static Node repositories(Blueprint blueprint) {
    return new Node.Sequence(
        blueprint.gitRepositories().stream().<Node>map(BlueprintTree::gitRepository).toList());
  }

  private void value(String title, Optional<String> before, Optional<String> after) {
    if (!before.equals(after)) {
      add(title, before.map(Node.Text::new), after.map(Node.Text::new));
    }
  }

  private void items(String title, String key, Node before, Node after) {
    compare(title, byKey((Node.Sequence) before, key), byKey((Node.Sequence) after, key));
  }

  private void sections(String prefix, Map<String, Node> before, Map<String, Node> after) {
    TreeSet<String> added = new TreeSet<>(after.keySet());
    added.removeAll(before.keySet());
    TreeSet<String> removed = new TreeSet<>(before.keySet());
    removed.removeAll(after.keySet());
    TreeSet<String> kept = new TreeSet<>(before.keySet());
    kept.retainAll(after.keySet());
    added.forEach(key -> add(prefix + key, Optional.empty(), Optional.of(after.get(key))));
    removed.forEach(key -> add(prefix + key, Optional.of(before.get(key)), Optional.empty()));
    for (String key : kept) {
      if (!before.get(key).equals(after.get(key))) {
        changedSection(prefix + key, before.get(key), after.get(key));
      }
    }
  }

  /** Lists of entries that have a user or a name are compared entry by entry, others whole. */
  private void changedSection(String title, Node before, Node after) {
    Optional<String> key = entryKey(after);
    if (key.isPresent() && hasKey(before, key.get()) && hasKey(after, key.get())) {
      items(title, key.get(), before, after);
    } else {
      add(title, Optional.of(before), Optional.of(after));
    }
  }

  private static Optional<String> entryKey(Node list) {
    return Optional.of(list)
        .filter(Node.Sequence.class::isInstance)
        .map(sequence -> ((Node.Sequence) sequence).items())
        .filter(items -> !items.isEmpty())
        .map(List::getFirst)
        .filter(Node.Table.class::isInstance)
        .flatMap(
            first ->
                List.of("user", "name").stream()
                    .filter(((Node.Table) first).entries()::containsKey)
                    .findFirst());
  }

  private static boolean hasKey(Node list, String key) {
    return list instanceof Node.Sequence sequence
        && sequence.items().stream()
            .allMatch(
                item ->
                    item instanceof Node.Table table
                        && table.entries().get(key) instanceof Node.Text);
  }

  /** The first entry of each name; sorted by the lower-cased name. */
  private static Map<String, Node> byKey(Node.Sequence list, String key) {
    Map<String, Node> entries = new LinkedHashMap<>();
    for (Node item : list.items()) {
      entries.putIfAbsent(((Node.Text) ((Node.Table) item).entries().get(key)).value(), item);
    }
    TreeMap<String, Node> sorted =
        new TreeMap<>(
            (a, b) -> {
              int order = a.toLowerCase(Locale.ROOT).compareTo(b.toLowerCase(Locale.ROOT));
              return order != 0 ? order : a.compareTo(b);
            });
    sorted.putAll(entries);
    return sorted;
  }

  private void compare(String title, Map<String, Node> before, Map<String, Node> after) {
    after.forEach(
        (key, item) -> {
          if (!before.containsKey(key)) {
            add(title, Optional.empty(), Optional.of(item));
          }
        });
    before.forEach(
        (key, item) -> {
          if (!after.containsKey(key)) {
            add(title, Optional.of(item), Optional.empty());
          }
        });
    before.forEach(
        (key, item) -> {
          if (after.containsKey(key) && !after.get(key).equals(item)) {
            add(title, Optional.of(item), Optional.of(after.get(key)));
          }
        });
  }

  private void add(String title, Optional<? extends Node> before, Optional<? extends Node> after) {
    found.add(
        new Difference(
            before.map(node -> new Node.Table(Map.of(title, node))),
            after.map(node -> new Node.Table(Map.of(title, node)))));
  }
}
