package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.audit.AuditLog;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {
  private static final Retention KEEP_ALL = new Retention(0, Duration.ZERO, 0);

  /** What ended just now is two hours old for it. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));

  @TempDir Path top;

  @Test
  void onlyTheNewestAreKeptAndTheRestIsGoneForGoodAndRecorded() throws Exception {
    Path lib = top.resolve("lib");
    List<UUID> ids = new ArrayList<>();
    try (Composes composes = TestJobs.open(lib, 1)) {
      JobQueue queue = composes.queue();
      for (int i = 0; i < 3; i++) {
        ids.add(finished(queue));
      }
      UUID running = TestJobs.submit(queue, TestJobs.job("linger")).id();
      TestJobs.awaitStage(queue, running, "lingering");
      ComposeFeed feed = queue.watch();
      run(queue, new Retention(1, Duration.ZERO, 0), 0);

      assertEquals(Set.of(ids.get(2), running), ids(queue));
      assertFalse(Files.exists(lib.resolve("results/" + ids.get(0))));
      assertEquals(Set.of(ids.get(0), ids.get(1)), deletedOf(feed));
      String audit = Files.readString(top.resolve("audit.log"));
      assertTrue(
          audit.contains(
              "\"event\":\"retention\",\"phase\":\"end\",\"compose_id\":\"%s\",\"reason\":\"more than 1 composes\",\"outcome\":\"OK\""
                  .formatted(ids.get(0))),
          audit);
      queue.cancel(running);
      TestJobs.awaitEnd(queue, running);
    }
    try (Composes composes = TestJobs.open(lib, 1)) {
      assertFalse(ids(composes.queue()).contains(ids.get(0)));
    }
  }

  @Test
  void whatIsBeingDownloadedStaysUntilItIsRead() throws Exception {
    try (Composes composes = TestJobs.open(top.resolve("lib"), 1)) {
      JobQueue queue = composes.queue();
      UUID id = finished(queue);
      finished(queue);
      Retention one = new Retention(1, Duration.ZERO, 0);
      try (InputStream download =
          Files.newInputStream(top.resolve("lib/results/" + id + "/root.tar.xz"))) {
        run(queue, one, 0);
        assertTrue(ids(queue).contains(id));
        assertEquals("TEST IMAGE", new String(download.readAllBytes(), StandardCharsets.UTF_8));
      }
      run(queue, one, 0);
      assertFalse(ids(queue).contains(id));
    }
  }

  @Test
  void whatAnAdministratorPinnedStaysUntilItIsPinnedNoMore() throws Exception {
    try (Composes composes = TestJobs.open(top.resolve("lib"), 1)) {
      UUID id = finished(composes.queue());
      finished(composes.queue());
      Path pin = Files.createFile(top.resolve("lib/jobs/" + id + "/pinned"));
      run(composes.queue(), new Retention(1, Duration.ZERO, 0), 0);
      assertTrue(ids(composes.queue()).contains(id));
      Files.delete(pin);
      run(composes.queue(), new Retention(1, Duration.ZERO, 0), 0);
      assertFalse(ids(composes.queue()).contains(id));
    }
  }

  @Test
  void withoutALimitEverythingIsKept() throws Exception {
    try (Composes composes = TestJobs.open(top.resolve("lib"), 1)) {
      UUID id = finished(composes.queue());
      run(composes.queue(), KEEP_ALL, 0);
      assertEquals(Set.of(id), ids(composes.queue()));
    }
  }

  @Test
  void watchersHearWhenSpaceGetsLow() throws Exception {
    try (Composes composes = TestJobs.open(top.resolve("lib"), 1)) {
      run(composes.queue(), KEEP_ALL, Long.MAX_VALUE);
      var change = composes.queue().watch().next(1000).orElseThrow();
      String sentences = ((ComposeFeed.Change.Notices) change).sentences().toString();
      assertTrue(sentences.startsWith("[standing, Only "), sentences);
      assertTrue(sentences.contains("MiB are free in " + top.resolve("lib/results")), sentences);
    }
  }

  @Test
  void ageAndBytesCountFromTheNewestAndTheRecentStays() {
    long now = Duration.ofDays(100).toMillis();
    List<ComposeRecord> composes =
        List.of(ended(now, 40, 100), ended(now, 20, 100), ended(now, 10, 100), ended(now, 0, 500));
    assertEquals(List.of(0), surplus(new Retention(0, Duration.ofDays(30), 0), composes, now));
    assertEquals(List.of(0, 1), surplus(new Retention(0, Duration.ZERO, 600), composes, now));
    // The newest alone is too large, but ended within the hour.
    assertEquals(List.of(0, 1, 2), surplus(new Retention(0, Duration.ZERO, 50), composes, now));
  }

  @Test
  void theCacheLosesWhatWasNotUsedForLongest() throws Exception {
    Path cache = top.resolve("cache");
    cached(cache, "aa", 5);
    cached(cache, "bb", 4);
    Path inUse = cached(cache, "cc", 3);
    Files.createLink(top.resolve("of-a-compose"), inUse);
    cached(cache, "dd", 2);
    cached(cache, "ee", 0);

    assertEquals(new CacheBound.Freed(0, 0), bound(cache, 0, 0));
    assertEquals(new CacheBound.Freed(2, 2000), bound(cache, 3000, 0));
    assertEquals(Set.of("cc", "dd", "ee"), groups(cache));
    assertEquals(new CacheBound.Freed(1, 1000), bound(cache, 0, 1), "by age");
    assertEquals(Set.of("cc", "ee"), groups(cache));
    assertEquals(new CacheBound.Freed(0, 0), bound(cache, 1, 0), "in use, and used just now");
    assertEquals(new CacheBound.Freed(0, 0), bound(top.resolve("absent"), 1, 0));
  }

  private void run(JobQueue queue, Retention retention, long low) throws Exception {
    Path cache = Files.createDirectories(top.resolve("cache"));
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var rules =
        new Housekeeping.Rules(
            top.resolve("lib/results"), retention, new CacheBound(cache, 0, Duration.ZERO), low);
    try (AuditLog audit =
            AuditLog.open(
                top.resolve("audit.log"), new AuditLog.Rotation(1 << 30, 1), nowhere, LATER);
        Housekeeping housekeeping =
            new Housekeeping(queue, rules, audit, LATER, List.of("standing"))) {
      housekeeping.run();
    }
  }

  private static UUID finished(JobQueue queue) throws Exception {
    UUID id = TestJobs.submit(queue, TestJobs.job("finish")).id();
    assertEquals(ComposeState.FINISHED, TestJobs.awaitEnd(queue, id).state());
    return id;
  }

  private static Set<UUID> ids(JobQueue queue) {
    return queue.list().stream().map(ComposeRecord::id).collect(Collectors.toSet());
  }

  private static Set<UUID> deletedOf(ComposeFeed feed) throws InterruptedException {
    Set<UUID> deleted = new HashSet<>();
    for (var change = feed.next(0); change.isPresent(); change = feed.next(0)) {
      if (change.get() instanceof ComposeFeed.Change.Deleted gone) {
        deleted.add(gone.id());
      }
    }
    return deleted;
  }

  private static ComposeRecord ended(long now, int daysAgo, long bytes) {
    long end = now - Duration.ofDays(daysAgo).toMillis();
    return FairOrderTest.waiting(1, Claim.NONE)
        .begun(1, "/cgroup", 1)
        .finished(end, new ComposeRecord.Image("image", bytes, "00".repeat(32)))
        .cleaned();
  }

  /** Their places in the list. */
  private static List<Integer> surplus(
      Retention retention, List<ComposeRecord> composes, long now) {
    List<UUID> ids = composes.stream().map(ComposeRecord::id).toList();
    return retention.surplus(composes, now).stream().map(each -> ids.indexOf(each.id())).toList();
  }

  private static Path cached(Path cache, String group, int daysAgo) throws Exception {
    Path file = cache.resolve(group).resolve(group.repeat(32));
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[1000]);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(daysAgo))));
    return file;
  }

  private static CacheBound.Freed bound(Path cache, long bytes, int days) throws Exception {
    return new CacheBound(cache, bytes, Duration.ofDays(days)).apply(Instant.now());
  }

  /** Groups that still have their package. */
  private static Set<String> groups(Path cache) throws Exception {
    try (var files = Files.walk(cache)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getParent().getFileName().toString())
          .collect(Collectors.toSet());
    }
  }
}
