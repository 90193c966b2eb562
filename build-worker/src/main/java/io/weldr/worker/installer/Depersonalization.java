package io.weldr.worker.installer;

import io.weldr.worker.spec.BuildException;
import java.io.IOException;

/**
 * Removes what must not be the same in two systems made from one image, and what only the
 * installation needed.
 */
final class Depersonalization {
  private static final String SCRIPT =
      """
      : > /etc/machine-id
      [ -L /var/lib/dbus/machine-id ] || rm -f /var/lib/dbus/machine-id
      rm -f /var/lib/systemd/random-seed /var/lib/systemd/credential.secret
      rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub

      # A link is how a resolver of the image wants it.
      [ -L /etc/resolv.conf ] || : > /etc/resolv.conf

      rm -f /usr/sbin/policy-rc.d
      rm -f /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/subuid- /etc/subgid-
      rm -f /etc/.pwd.lock /root/.bash_history /root/.rnd
      rm -f /var/lib/dpkg/status-old /var/lib/dpkg/available-old /var/lib/dpkg/diversions-old
      rm -f /var/lib/dpkg/statoverride-old /var/cache/debconf/*-old /var/cache/ldconfig/aux-cache
      rm -f /var/lib/rpm/.rpm.lock /usr/lib/sysimage/rpm/.rpm.lock
      # SQLite's -shm and -wal beside the packages stay: without them only root could list packages.
      rm -rf /var/cache/dnf /var/cache/yum /var/lib/dnf/history* /var/log/dnf*
      rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/cache/apt/*.bin
      find /var/log -xdev -type f -exec truncate --size=0 -- {} +
      find /tmp /var/tmp -xdev -mindepth 1 -delete
      """;

  /**
   * Every system makes its host keys when it first needs them. Debian's package makes them only
   * when it is installed; where a package has a unit for it, nothing is added.
   */
  private static final String HOST_KEYS_UNIT =
      """
      [Unit]
      Description=Make the ssh host keys of this system
      Before=ssh.service ssh.socket
      ConditionPathExistsGlob=!/etc/ssh/ssh_host_*_key

      [Service]
      Type=oneshot
      ExecStart=/usr/bin/ssh-keygen -A

      [Install]
      WantedBy=multi-user.target ssh.service
      """;

  private static final String HOST_KEYS = "weldr-ssh-host-keys.service";

  private final Tree tree;

  Depersonalization(Tree tree) {
    this.tree = tree;
  }

  void run() throws BuildException, IOException, InterruptedException {
    tree.run("the tree cannot be tidied", "/bin/sh", "-euc", SCRIPT);
    boolean made = tree.has("/usr/lib/systemd/system/sshd-keygen@.service");
    if (!made && tree.has("/usr/sbin/sshd") && tree.has("/usr/bin/systemctl")) {
      tree.write("/etc/systemd/system/" + HOST_KEYS, HOST_KEYS_UNIT);
      tree.run(
          "the making of ssh host keys cannot be enabled",
          "/usr/bin/systemctl",
          "enable",
          "--",
          HOST_KEYS);
    }
  }
}
