package io.weldr.worker.job;

import io.weldr.worker.audit.AuditLog;
import io.weldr.worker.host.OpenFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Once a minute: removes results and cached packages beyond their limits, and tells when space gets
 * low. What is removed is recorded in the audit log before and after. A removal that a crash cuts
 * short is carried to its end by the next start, like one that a user asked for.
 */
public final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Housekeeping.class.getName());
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** A start is over and requests are served long before. */
  private static final Duration SETTLING = Duration.ofSeconds(10);

  private static final Duration DAMAGE_PAUSE = Duration.ofSeconds(5);

  /** So many composes are read one by one before a start takes noticeably longer. */
  private static final int FEW = 200;

  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final long MIB = 1 << 20;

  private final JobQueue queue;
  private final Rules rules;
  private final AuditLog audit;
  private final Clock clock;
  private final List<String> standing;
  private final DamageWatch damage;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("housekeeping").factory());

  /**
   * What is kept.
   *
   * @param results directory of all results
   * @param lowBytes less free space than this is told
   */
  public record Rules(Path results, Retention retention, CacheBound cache, long lowBytes) {}

  /**
   * Housekeeping of a queue; {@link #start} begins it.
   *
   * @param standing what an administrator should know anyhow, one sentence each
   */
  public Housekeeping(
      JobQueue queue, Rules rules, AuditLog audit, Clock clock, List<String> standing) {
    this.queue = queue;
    this.rules = rules;
    this.audit = audit;
    this.clock = clock;
    this.standing = List.copyOf(standing);
    this.damage = new DamageWatch(queue, queue.resultCheck(), clock);
  }

  /** Does everything once now and from then on every minute. */
  public void start() {
    timer.scheduleWithFixedDelay(this::attempt, 0, PAUSE.toSeconds(), TimeUnit.SECONDS);
    timer.schedule(this::settle, SETTLING.toSeconds(), TimeUnit.SECONDS);
    long pause = DAMAGE_PAUSE.toSeconds();
    timer.scheduleWithFixedDelay(this::lookForDamage, pause, pause, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    timer.shutdownNow();
    timer.awaitTermination(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private void settle() {
    queue.tidy();
    queue.remember(0);
  }

  private void lookForDamage() {
    try {
      damage.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "results cannot be checked; it will be tried again", e);
    }
  }

  private void attempt() {
    try {
      run();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "housekeeping will be tried again: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "housekeeping failed; it will be tried again", e);
    }
  }

  void run() throws IOException, InterruptedException {
    queue.announce(notices());
    removeResults();
    removePackages();
    queue.announce(notices());
    queue.remember(FEW);
  }

  private void removeResults() throws IOException, InterruptedException {
    if (!rules.retention().limited()) {
      return;
    }
    List<Retention.Surplus> surplus = rules.retention().surplus(queue.list(), clock.millis());
    if (surplus.isEmpty()) {
      return;
    }
    Set<Path> open = OpenFiles.below(rules.results());
    for (Retention.Surplus each : surplus) {
      Path result = rules.results().resolve(each.id().toString());
      if (!queue.pinned(each.id()) && open.stream().noneMatch(file -> file.startsWith(result))) {
        remove(each);
      }
    }
  }

  private void remove(Retention.Surplus surplus) throws IOException, InterruptedException {
    record(surplus, "begin", Map.of());
    try {
      queue.delete(surplus.id());
      record(surplus, "end", Map.of("outcome", "OK"));
      LOG.log(Level.INFO, "compose {0} is removed: {1}", surplus.id(), surplus.reason());
    } catch (RequestRefusedException e) {
      // A user was faster, or its last process is still ending.
      record(surplus, "end", Map.of("outcome", e.reason().name()));
    }
  }

  private void record(Retention.Surplus surplus, String phase, Map<String, Object> more)
      throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", "retention");
    fields.put("phase", phase);
    fields.put("compose_id", surplus.id().toString());
    fields.put("reason", surplus.reason());
    fields.putAll(more);
    audit.write(fields, true);
  }

  private void removePackages() throws IOException {
    CacheBound.Freed freed = rules.cache().apply(clock.instant());
    if (freed.files() > 0) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("event", "cache");
      fields.put("removed_files", freed.files());
      fields.put("removed_bytes", freed.bytes());
      audit.write(fields, false);
    }
  }

  private List<String> notices() throws IOException {
    List<String> sentences = new ArrayList<>(standing);
    FileStore results = Files.getFileStore(rules.results());
    FileStore cache = Files.getFileStore(rules.cache().directory());
    if (results.getUsableSpace() < rules.lowBytes()) {
      sentences.add(low(results, rules.results(), "delete composes that are no longer needed"));
    }
    if (!cache.equals(results) && cache.getUsableSpace() < rules.lowBytes()) {
      sentences.add(low(cache, rules.cache().directory(), "enlarge it or lower cache_mib"));
    }
    return sentences;
  }

  private static String low(FileStore store, Path place, String remedy) throws IOException {
    return "Only %d MiB are free in %s; %s.".formatted(store.getUsableSpace() / MIB, place, remedy);
  }
}
