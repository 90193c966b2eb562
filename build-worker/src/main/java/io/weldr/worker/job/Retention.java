package io.weldr.worker.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which results are kept. 0 means no limit, and nothing is ever removed unless a limit is set.
 *
 * @param count most composes that have ended
 * @param age longest time since the end of a compose
 * @param imageBytes most bytes of all images
 */
public record Retention(int count, Duration age, long imageBytes) {
  /** Somebody may just be about to fetch what ended so recently. */
  static final Duration RECENT = Duration.ofHours(1);

  /** A compose to remove, and why. */
  record Surplus(UUID id, String reason) {}

  /** Whether any limit is set. */
  boolean limited() {
    return count > 0 || age.isPositive() || imageBytes > 0;
  }

  /**
   * What is beyond a limit, oldest first. Composes that have not ended, are not cleaned up or ended
   * within the last hour never are, though they count.
   *
   * @param now milliseconds since the epoch
   */
  List<Surplus> surplus(List<ComposeRecord> composes, long now) {
    List<ComposeRecord> newestFirst =
        composes.stream()
            .filter(compose -> compose.state().ended())
            .sorted(Comparator.comparingLong(Retention::end).reversed())
            .toList();
    List<Surplus> surplus = new ArrayList<>();
    int number = 0;
    long bytes = 0;
    for (ComposeRecord compose : newestFirst) {
      number++;
      bytes += compose.image().map(ComposeRecord.Image::size).orElse(0L);
      Optional<String> reason = reason(number, now - end(compose), bytes);
      if (reason.isPresent() && removable(compose, now)) {
        surplus.addFirst(new Surplus(compose.id(), reason.get()));
      }
    }
    return surplus;
  }

  private Optional<String> reason(int number, long ageMs, long bytes) {
    if (count > 0 && number > count) {
      return Optional.of("more than " + count + " composes");
    }
    if (age.isPositive() && ageMs > age.toMillis()) {
      return Optional.of("older than " + age.toDays() + " days");
    }
    if (imageBytes > 0 && bytes > imageBytes) {
      return Optional.of("images of more than " + (imageBytes >> 20) + " MiB");
    }
    return Optional.empty();
  }

  private static boolean removable(ComposeRecord compose, long now) {
    return compose.cgroup().isEmpty() && now - end(compose) > RECENT.toMillis();
  }

  private static long end(ComposeRecord compose) {
    return compose.finishedMs().orElse(compose.createdMs());
  }
}
