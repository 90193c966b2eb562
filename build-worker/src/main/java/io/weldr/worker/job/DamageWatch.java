package io.weldr.worker.job;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the results of composes that have ended, some at a time: what a disk, an administrator
 * or a restore did to them shows without a restart. One thread at a time.
 */
final class DamageWatch {
  private static final Logger LOG = System.getLogger(DamageWatch.class.getName());

  /** So many take some tens of milliseconds. */
  private static final int AT_ONCE = 500;

  private final JobQueue queue;
  private final ResultCheck check;
  private final Clock clock;
  private int next;

  /** When the present round over all composes began, and the one before; as of the host's clock. */
  private long roundMs;

  private long roundBeforeMs;

  DamageWatch(JobQueue queue, ResultCheck check, Clock clock) {
    this.queue = queue;
    this.clock = clock;
    this.check = check;
  }

  /** Looks at the next ones; begins anew behind the last. */
  void run() {
    List<ComposeRecord> all = queue.list();
    for (int i = 0; i < Math.min(AT_ONCE, all.size()); i++) {
      if (next >= all.size() || roundMs == 0) {
        next = 0;
        roundBeforeMs = roundMs;
        roundMs = clock.millis();
      }
      look(all.get(next));
      next++;
    }
  }

  private void look(ComposeRecord record) {
    if (!record.state().ended() || record.cgroup().isPresent() || record.isDamaged()) {
      return;
    }
    try {
      Optional<String> problem = check.problem(record, roundBeforeMs);
      if (problem.isPresent()) {
        boolean whole = check.missing(record).isEmpty();
        queue.damaged(
            record, JobFailures.damaged(problem.get()), whole ? record.image() : Optional.empty());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "results of " + record.id() + " cannot be checked", e);
    }
  }
}
