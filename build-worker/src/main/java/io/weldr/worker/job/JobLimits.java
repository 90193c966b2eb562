package io.weldr.worker.job;

import io.weldr.worker.host.CgroupLimits;
import java.time.Duration;
import java.util.Set;

/**
 * What one job may use.
 *
 * @param usage of the host, as far as the kernel can limit it
 * @param enforced what the kernel can limit here
 * @param timeout a compose that is RUNNING longer fails
 * @param hang a compose whose events and log stand still for longer fails
 */
public record JobLimits(
    CgroupLimits usage, Set<CgroupLimits.Resource> enforced, Duration timeout, Duration hang) {
  public JobLimits {
    enforced = Set.copyOf(enforced);
  }
}
