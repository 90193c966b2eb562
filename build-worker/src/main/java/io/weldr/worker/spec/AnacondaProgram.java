package io.weldr.worker.spec;

import java.nio.file.Path;

/**
 * The installed Anaconda and what it is told about the product.
 *
 * @param program e.g. {@code /usr/sbin/anaconda}
 * @param productName NAME of os-release(5); chooses Anaconda's product configuration
 * @param productVersion VERSION_ID of it
 * @param timeoutMinutes longest a run may take
 * @param always the administrator wants no other installer, also where it cannot do what is asked
 */
public record AnacondaProgram(
    Path program, String productName, String productVersion, int timeoutMinutes, boolean always) {

  /**
   * Whether a job is Anaconda's. It installs from sources only, so packages made of git
   * repositories are left to the direct installer.
   */
  public boolean installs(JobSpec job) {
    return always || job.gitPackages().isEmpty();
  }
}
