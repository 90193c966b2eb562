package io.weldr.worker.installer;

import io.weldr.worker.kickstart.TimeZone;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.PackageFamily;
import java.io.IOException;

/** Time zone, time servers, locales and keyboard of the tree. */
final class Regional {
  private final Tree tree;
  private final PackageFamily family;

  Regional(Tree tree, PackageFamily family) {
    this.tree = tree;
    this.family = family;
  }

  void set(TreeConfiguration configuration)
      throws BuildException, IOException, InterruptedException {
    setZone(configuration.timeZone().zone());
    setTimeServers(configuration.timeZone());
    LocaleSettings locale = LocaleSettings.of(family, tree);
    locale.setLanguage(configuration.language());
    locale.setKeyboard(configuration.keyboard());
  }

  private void setZone(String zone) throws BuildException, IOException, InterruptedException {
    String file = "/usr/share/zoneinfo/" + zone;
    if (!tree.succeeds("/usr/bin/test", "-f", file)) {
      if (zone.equals("UTC")) {
        // What a system without any zone has.
        return;
      }
      throw Tree.refused("the time zone \"" + zone + "\" is not in the image");
    }
    tree.run("the time zone cannot be set", "/bin/ln", "-sfn", "--", file, "/etc/localtime");
    if (family == PackageFamily.APT) {
      tree.write("/etc/timezone", zone + "\n");
    }
  }

  private void setTimeServers(TimeZone zone)
      throws BuildException, IOException, InterruptedException {
    if (zone.ntpServers().isEmpty()) {
      return;
    }
    StringBuilder sources = new StringBuilder();
    zone.ntpServers().forEach(host -> sources.append("server ").append(host).append(" iburst\n"));
    if (tree.has("/etc/chrony/chrony.conf")) {
      tree.write("/etc/chrony/sources.d/weldr.sources", sources.toString());
    } else if (tree.has("/etc/chrony.conf")) {
      // The distribution's own servers give way, as Anaconda does it.
      tree.feed(
          "the NTP servers cannot be set",
          sources.toString(),
          "/bin/sh",
          "-euc",
          "sed -i -E '/^(server|pool|peer) /d' /etc/chrony.conf; cat >> /etc/chrony.conf");
    } else if (tree.has("/lib/systemd/systemd-timesyncd")) {
      String servers = String.join(" ", zone.ntpServers());
      tree.write("/etc/systemd/timesyncd.conf.d/weldr.conf", "[Time]\nNTP=" + servers + "\n");
    } else {
      throw Tree.refused(
          "the image has no program for NTP servers, neither systemd-timesyncd nor chrony");
    }
  }
}
