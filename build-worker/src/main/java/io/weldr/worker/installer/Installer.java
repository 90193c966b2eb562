package io.weldr.worker.installer;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;

/**
 * Makes the tree of a system out of a kickstart and packages. The three steps run in this order.
 */
public interface Installer {
  /** Brings all packages to this machine, checked. The only step that uses the network. */
  void fetch(StageReport report) throws BuildException, IOException, InterruptedException;

  /** Installs exactly the packages of the job. */
  void install(StageReport report) throws BuildException, IOException, InterruptedException;

  /** Does what the kickstart says besides packages, and removes what is not for an image. */
  void configure(StageReport report) throws BuildException, IOException, InterruptedException;
}
