package io.weldr.api.blueprint;

import io.weldr.api.blueprint.Customizations.Firewall;
import io.weldr.api.blueprint.Customizations.FirewallZone;
import io.weldr.api.blueprint.Customizations.Group;
import io.weldr.api.blueprint.Customizations.Kernel;
import io.weldr.api.blueprint.Customizations.Services;
import io.weldr.api.blueprint.Customizations.SshKey;
import io.weldr.api.blueprint.Customizations.Timezone;
import io.weldr.api.blueprint.Customizations.User;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Makes valid blueprints of every shape out of a seed. */
final class RandomBlueprint {
  private static final String[] TEXTS = {
    "a",
    "B",
    "\u00fc",
    "\uD83D\uDE00",
    "\"",
    "\\",
    "'",
    "\n",
    "\t",
    "#",
    "=",
    "]",
    "[[",
    " ",
    "\u2028"
  };

  private final Random random;

  RandomBlueprint(Random random) {
    this.random = random;
  }

  Blueprint next() {
    return new Blueprint(
        "b" + random.nextInt(1000),
        line(),
        maybe(() -> random.nextInt(9) + "." + random.nextInt(9) + "." + random.nextInt(9)),
        some(this::packageEntry),
        some(this::packageEntry),
        some(() -> new GroupEntry(word())),
        maybe(this::customizations),
        some(this::gitRepository),
        maybe(() -> "debian-" + random.nextInt(20)),
        maybe(() -> "aarch64"),
        some(() -> new Blueprint.ModuleStream(word(), word())),
        some(
            () ->
                new Blueprint.Container(
                    "registry.example.com/" + word(),
                    maybe(this::word),
                    maybe(random::nextBoolean),
                    maybe(random::nextBoolean))));
  }

  private PackageEntry packageEntry() {
    return new PackageEntry(word() + (random.nextBoolean() ? "*" : ""), random.nextInt(9) + ".*");
  }

  private GitRepository gitRepository() {
    return new GitRepository(
        word(),
        "1." + random.nextInt(9),
        "1",
        "s" + word(),
        "https://example.com/" + word(),
        "v1",
        "/opt/" + word());
  }

  private Customizations customizations() {
    return new Customizations(
        maybe(this::word),
        maybe(() -> new Kernel(maybe(() -> "quiet " + word()), maybe(this::word)))
            .filter(k -> k.append().isPresent() || k.name().isPresent()),
        some(() -> new SshKey(word(), "ssh-ed25519 AAAA " + word())),
        unlike(some(this::user), User::name),
        unlike(some(() -> new Group(word(), maybe(this::id))), Group::name),
        maybe(() -> new Timezone(maybe(() -> "Europe/Vienna"), some(this::word)))
            .filter(t -> t.zone().isPresent() || !t.ntpServers().isEmpty()),
        maybe(() -> new Customizations.Locale(some(() -> "de_AT.UTF-8"), maybe(() -> "de")))
            .filter(l -> l.keyboard().isPresent() || !l.languages().isEmpty()),
        maybe(
                () ->
                    new Firewall(
                        some(() -> (1 + random.nextInt(65_535)) + ":tcp"),
                        some(this::word),
                        some(this::word),
                        some(() -> new FirewallZone(word(), some(() -> "192.0.2.0/24")))))
            .filter(
                Predicate.not(new Firewall(List.of(), List.of(), List.of(), List.of())::equals)),
        maybe(() -> new Services(some(this::word), some(this::word), some(this::word)))
            .filter(Predicate.not(new Services(List.of(), List.of(), List.of())::equals)),
        new RandomSections(random).next(),
        unknown("x y", "\u00fc", "a.b", "\"", "0"));
  }

  private User user() {
    return new User(
        word(),
        maybe(() -> "D " + word()),
        maybe(() -> "$6$" + word() + "$0123456789"),
        maybe(() -> "ssh-rsa AAAA " + word()),
        maybe(() -> "/home/" + word()),
        maybe(() -> "/bin/" + word()),
        some(this::word),
        maybe(this::id),
        maybe(this::id),
        maybe(() -> (long) random.nextInt(1000)),
        maybe(random::nextBoolean));
  }

  private Map<String, Node> unknown(String... keys) {
    Map<String, Node> unknown = new LinkedHashMap<>();
    for (String key : keys) {
      if (random.nextInt(4) == 0) {
        unknown.put(key, node(3));
      }
    }
    return unknown;
  }

  private Node node(int depth) {
    return switch (random.nextInt(depth > 0 ? 11 : 8)) {
      case 0, 1 -> new Node.Text(line());
      case 2 -> new Node.Whole(random.nextLong());
      case 3 -> new Node.Real(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
      case 4 -> new Node.Flag(random.nextBoolean());
      case 5 -> moment();
      case 6 -> new Node.Whole(random.nextInt(100));
      case 7 -> new Node.Sequence(List.of());
      case 8 -> new Node.Sequence(some(() -> node(depth - 1)));
      case 9 -> new Node.Sequence(some(() -> table(depth - 1)));
      default -> table(depth - 1);
    };
  }

  private Node table(int depth) {
    Map<String, Node> entries = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      entries.put(random.nextBoolean() ? word() : line(), node(depth));
    }
    return new Node.Table(entries);
  }

  private Node moment() {
    LocalDate date = LocalDate.of(2000 + random.nextInt(50), 1 + random.nextInt(12), 1);
    LocalTime time = LocalTime.of(random.nextInt(24), random.nextInt(60), random.nextInt(60));
    return new Node.Moment(
        switch (random.nextInt(4)) {
          case 0 -> date;
          case 1 -> time;
          case 2 -> LocalDateTime.of(date, time);
          default -> OffsetDateTime.of(date, time, ZoneOffset.ofHours(random.nextInt(20) - 10));
        });
  }

  private long id() {
    return 1 + random.nextInt(60_000);
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  private String line() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      // Descriptions refuse the last one, everything else takes it.
      text.append(TEXTS[random.nextInt(TEXTS.length - 1)]);
    }
    return text.toString();
  }

  private <T> Optional<T> maybe(Supplier<T> supplier) {
    return random.nextBoolean() ? Optional.of(supplier.get()) : Optional.empty();
  }

  private <T> List<T> some(Supplier<T> supplier) {
    List<T> items = new ArrayList<>();
    for (int i = Math.max(0, random.nextInt(5) - 1); i > 0; i--) {
      items.add(supplier.get());
    }
    return items;
  }

  private static <T> List<T> unlike(List<T> items, Function<T, String> key) {
    Map<String, T> unlike = new LinkedHashMap<>();
    items.forEach(item -> unlike.putIfAbsent(key.apply(item), item));
    return List.copyOf(unlike.values());
  }
}
