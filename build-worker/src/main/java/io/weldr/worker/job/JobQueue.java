package io.weldr.worker.job;

import io.weldr.worker.host.Failpoint;
import io.weldr.worker.job.RequestRefusedException.Reason;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSpec;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * All composes, oldest first, and every change of their state. A change of state is on disk before
 * anybody hears of it.
 */
public final class JobQueue {
  private static final Logger LOG = System.getLogger(JobQueue.class.getName());
  private static final ComposeRecord.Failure CANCELLED =
      new ComposeRecord.Failure(FailureCode.CANCELLED, "", "cancelled", "");

  /** How long a deletion waits for the end of a job that was just cancelled. */
  private static final Duration CLEAN_LIMIT = Duration.ofSeconds(15);

  private final ComposeStore store;
  private final Admission admission;
  private final Recipes recipes;
  private final Clock clock;
  private final Map<UUID, ComposeRecord> composes = new LinkedHashMap<>();
  private final List<ComposeFeed> feeds = new CopyOnWriteArrayList<>();
  private final Object accepting = new Object();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private List<String> notices = List.of();
  private long lastSequence;

  JobQueue(
      ComposeStore store,
      Admission admission,
      Recipes recipes,
      Clock clock,
      List<ComposeRecord> recovered) {
    this.store = store;
    this.admission = admission;
    this.recipes = recipes;
    this.clock = clock;
    for (ComposeRecord record : recovered) {
      composes.put(record.id(), record);
      lastSequence = Math.max(lastSequence, record.sequence());
    }
  }

  /** Calls the listener after every change that may let a compose start or end. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Accepts a job. The same job again answers with the compose it already is.
   *
   * @param specSha256 of the job as received; tells whether two jobs are the same
   * @throws IOException when it could not be stored; it is then not accepted
   */
  public ComposeRecord submit(JobSpec job, String specSha256)
      throws RequestRefusedException, IOException {
    ComposeRecord accepted;
    // One at a time, so that the order of acceptance is the order of the queue; reading goes on.
    synchronized (accepting) {
      Optional<ComposeRecord> known = find(job.composeId());
      if (known.isPresent()) {
        return same(known.get(), specSha256);
      }
      Recipes.Documents documents = recipes.documents(job);
      Claim claim = admission.check(job, documents.imageBytes(), list());
      accepted = ComposeRecord.waiting(job, nextSequence(), specSha256, clock.millis(), claim);
      Failpoint.BEFORE_ACCEPTANCE.hit();
      store.accept(job, documents, accepted);
      publish(accepted);
    }
    listeners.forEach(Runnable::run);
    Failpoint.ACCEPTED.hit();
    return accepted;
  }

  /**
   * Ends a compose that has not ended; what runs of it is killed afterwards.
   *
   * @throws IOException when the change could not be stored; nothing is changed then
   */
  public void cancel(UUID id) throws RequestRefusedException, IOException {
    synchronized (this) {
      ComposeRecord record = required(id);
      if (record.state().ended()) {
        throw new RequestRefusedException(
            Reason.WRONG_STATE, "compose " + id + " is " + record.state() + " already");
      }
      change(record.failed(clock.millis(), CANCELLED));
      log(id, CANCELLED.message());
    }
    listeners.forEach(Runnable::run);
  }

  /**
   * Removes a compose that has ended, with all its files.
   *
   * @throws RequestRefusedException WRONG_STATE also when its processes do not end in time
   */
  public void delete(UUID id) throws RequestRefusedException, IOException, InterruptedException {
    synchronized (this) {
      awaitCleaned(id);
      Failpoint.BEFORE_DELETION.hit();
      store.delete(id);
      composes.remove(id);
      tell(new ComposeFeed.Change.Deleted(id));
      Failpoint.DELETED.hit();
    }
    try {
      store.purge(id);
      Failpoint.PURGED.hit();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "files of deleted compose " + id + " stay until a restart", e);
    }
  }

  /** All composes, oldest first. */
  public synchronized List<ComposeRecord> list() {
    return new ArrayList<>(composes.values());
  }

  public synchronized Optional<ComposeRecord> find(UUID id) {
    return Optional.ofNullable(composes.get(id));
  }

  /** Replaces what an administrator should know at present, one sentence each. */
  synchronized void announce(List<String> sentences) {
    if (!sentences.equals(notices)) {
      notices = List.copyOf(sentences);
      tell(new ComposeFeed.Change.Notices(notices));
    }
  }

  /** Everything that is and every change from now on. Close it with {@link #unwatch}. */
  public synchronized ComposeFeed watch() {
    ComposeFeed feed = new ComposeFeed(list());
    feed.add(new ComposeFeed.Change.Notices(notices));
    feeds.add(feed);
    return feed;
  }

  public void unwatch(ComposeFeed feed) {
    feeds.remove(feed);
  }

  /** The compose to start next; {@code holding} are those that have a slot. */
  synchronized Optional<ComposeRecord> nextWaiting(Set<UUID> holding) {
    return new FairOrder(composes.values(), holding).next();
  }

  /**
   * Changes a compose that is in the state.
   *
   * @return the changed record; empty when it is in another state or gone, and nothing changed
   */
  synchronized Optional<ComposeRecord> changeIf(
      UUID id, ComposeState state, UnaryOperator<ComposeRecord> change) throws IOException {
    ComposeRecord record = composes.get(id);
    if (record == null || record.state() != state) {
      return Optional.empty();
    }
    ComposeRecord changed = change.apply(record);
    change(changed);
    return Optional.of(changed);
  }

  /** Progress while RUNNING; told to watchers but not stored. */
  synchronized void progress(UUID id, UnaryOperator<ComposeRecord> change) {
    ComposeRecord record = composes.get(id);
    if (record != null && record.state() == ComposeState.RUNNING) {
      ComposeRecord changed = change.apply(record);
      if (!changed.equals(record)) {
        publish(changed);
      }
    }
  }

  /** Nothing of the compose's processes is left. */
  synchronized void cleaned(UUID id) throws IOException {
    ComposeRecord record = composes.get(id);
    if (record != null && record.cgroup().isPresent()) {
      ComposeRecord changed = record.cleaned();
      Failpoint.BEFORE_CLEANED.hit();
      store.save(changed);
      Failpoint.CLEANED.hit();
      composes.put(id, changed);
      notifyAll();
    }
  }

  /** Whether an administrator wants the compose kept, whatever the limits are. */
  boolean pinned(UUID id) {
    return store.pinned(id);
  }

  /** Looks whether results are whole. */
  ResultCheck resultCheck() {
    return new ResultCheck(store.layout());
  }

  /**
   * Shows a compose as damaged, unless it has changed meanwhile. Nothing is stored: files that are
   * put back make it whole at the next start.
   *
   * @param image the image, when it is whole
   */
  synchronized void damaged(
      ComposeRecord known, ComposeRecord.Failure reason, Optional<ComposeRecord.Image> image) {
    if (known.equals(composes.get(known.id()))) {
      LOG.log(Level.ERROR, "compose " + known.id() + ": " + reason.message());
      publish(known.damaged(reason, image));
    }
  }

  /** Once after a start, beside everything else: tidies the files of composes that have ended. */
  void tidy() {
    list().forEach(record -> tidy(record.id()));
  }

  /**
   * Helps the next start to be a fast one.
   *
   * @param tolerated so many composes may be left to be read one by one
   */
  void remember(int tolerated) {
    try {
      store.index().update(list(), tolerated);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the next start will take longer: " + e.getMessage());
    }
  }

  private synchronized void tidy(UUID id) {
    ComposeRecord record = composes.get(id);
    if (record != null && record.state().ended() && !record.isDamaged()) {
      store.tidy(record);
    }
  }

  private void change(ComposeRecord changed) throws IOException {
    Failpoint.BEFORE_CHANGE.hit();
    if (changed.state().ended()) {
      syncLog(changed.id());
    }
    store.save(changed);
    try {
      Failpoint.CHANGE_STORED.hit();
      store.mirror(changed);
      Failpoint.CHANGED.hit();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "results of " + changed.id() + " do not show its state", e);
    }
    publish(changed);
  }

  /** Nobody hears of the end of a compose whose log a power cut could still take. */
  private void syncLog(UUID id) {
    try {
      store.syncLog(id);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a power cut could shorten the log of compose " + id, e);
    }
  }

  private void log(UUID id, String sentence) {
    try {
      store.log(id, clock.instant(), sentence);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the log of compose " + id + " cannot be written", e);
    }
  }

  private synchronized void publish(ComposeRecord record) {
    composes.put(record.id(), record);
    tell(new ComposeFeed.Change.Present(record));
  }

  private void tell(ComposeFeed.Change change) {
    feeds.forEach(feed -> feed.add(change));
  }

  private ComposeRecord required(UUID id) throws RequestRefusedException {
    ComposeRecord record = composes.get(id);
    if (record == null) {
      throw new RequestRefusedException(Reason.UNKNOWN_COMPOSE, "there is no compose " + id);
    }
    return record;
  }

  private void awaitCleaned(UUID id) throws RequestRefusedException, InterruptedException {
    long deadline = System.nanoTime() + CLEAN_LIMIT.toNanos();
    for (var record = required(id); record.cgroup().isPresent(); record = required(id)) {
      requireEnded(record);
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0) {
        throw new RequestRefusedException(
            Reason.WRONG_STATE, "processes of compose " + id + " are still being ended; try again");
      }
      wait(left);
    }
    requireEnded(required(id));
  }

  private static void requireEnded(ComposeRecord record) throws RequestRefusedException {
    if (!record.state().ended()) {
      throw new RequestRefusedException(
          Reason.WRONG_STATE,
          "compose " + record.id() + " is " + record.state() + "; cancel it first");
    }
  }

  private static ComposeRecord same(ComposeRecord known, String specSha256)
      throws RequestRefusedException {
    if (!known.specSha256().equals(specSha256)) {
      throw new RequestRefusedException(
          Reason.EXISTS, "compose " + known.id() + " exists with another job");
    }
    return known;
  }

  private synchronized long nextSequence() {
    lastSequence++;
    return lastSequence;
  }
}
