package io.weldr.worker.job;

import io.weldr.worker.host.CgroupLimits;
import io.weldr.worker.host.ResourceControl;
import java.time.Duration;

/**
 * What one job may use.
 *
 * @param usage of the host, as far as the kernel can limit it
 * @param control with what the kernel limits it here
 * @param timeout a compose that is RUNNING longer fails
 * @param hang a compose whose events and log stand still for longer fails
 */
public record JobLimits(
    CgroupLimits usage, ResourceControl control, Duration timeout, Duration hang) {}
