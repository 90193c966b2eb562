package io.weldr.worker.installer;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;

/** What a family of distributions does in its own way: the packages of a tree. */
sealed interface Packaging permits DebianPackaging, RpmPackaging {
  /** Brings all packages to this machine, checked. */
  void fetch(StageReport report) throws BuildException, IOException, InterruptedException;

  /**
   * Installs exactly the packages of the job.
   *
   * @throws BuildException PACKAGE_SCRIPT_FAILED with the package whose script failed
   */
  void install(StageReport report) throws BuildException, IOException, InterruptedException;

  /** The sources that the system in the image will use. */
  void writeSources(StageReport report) throws BuildException, IOException, InterruptedException;
}
