package io.weldr.worker.installer;

import io.weldr.worker.spec.BuildException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Lets cloud-init and firewalld live in one system. Debian's cloud-init waits for the network and
 * wants to be done before sysinit.target; firewalld starts after that target and wants to be done
 * before the network. systemd breaks such a circle by leaving one of them out. As on Fedora,
 * cloud-init comes after sysinit.target then, and the firewall still before the network.
 */
final class CloudInitOrder {
  private static final String VENDOR = "/usr/lib/systemd/system/";
  private static final String ADMINISTRATOR = "/etc/systemd/system/";

  /** The one that waits for the network; its name since version 24.3 is the second. */
  private static final List<String> UNITS =
      List.of("cloud-init.service", "cloud-init-network.service");

  /** An order cannot be taken back by a drop-in, see systemd.unit(5). */
  private static final String HEAD =
      "# In place of the package's unit, without Before=sysinit.target: firewalld starts after that\n"
          + "# target and before the network.\n";

  private final Tree tree;

  CloudInitOrder(Tree tree) {
    this.tree = tree;
  }

  /** Replaces the unit where both are installed. */
  void set() throws BuildException, IOException, InterruptedException {
    if (!tree.has("/usr/sbin/firewalld")) {
      return;
    }
    for (String unit : UNITS) {
      if (tree.has(VENDOR + unit) && tree.hasLine(VENDOR + unit, "Before=sysinit.target")) {
        Optional<List<String>> rest =
            tree.lines("/usr/bin/grep", "-vxF", "-e", "Before=sysinit.target", "--", VENDOR + unit);
        if (rest.isPresent()) {
          tree.write(ADMINISTRATOR + unit, HEAD + String.join("\n", rest.get()) + "\n");
        }
      }
    }
  }
}
