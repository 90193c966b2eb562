package io.weldr.worker.installer;

import io.weldr.worker.kickstart.Firewall;
import io.weldr.worker.kickstart.Network;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Host name, network, kernel arguments, services and firewall of the tree. */
final class SystemSetup {
  private static final String SYSTEMCTL = "/usr/bin/systemctl";

  private static final Pattern UNIT_TYPE =
      Pattern.compile("\\.(service|socket|timer|path|target|mount|automount|swap|slice)$");

  /**
   * In a container the network is often not networkd's to bring up; what waits for it would wait
   * two minutes.
   */
  private static final String WAIT_OUTSIDE_OF_CONTAINERS =
      "[Unit]\nConditionVirtualization=!container\n";

  private static final String CONNECTION =
      "/etc/NetworkManager/system-connections/wired.nmconnection";

  private static final String FIREWALL = "/usr/bin/firewall-offline-cmd";

  private static final String CLOUD_INIT = "/etc/cloud/cloud.cfg.d";

  private final Tree tree;
  private final PackageFamily family;
  private final StageReport report;

  SystemSetup(Tree tree, PackageFamily family, StageReport report) {
    this.tree = tree;
    this.family = family;
    this.report = report;
  }

  void set(TreeConfiguration configuration)
      throws BuildException, IOException, InterruptedException {
    setHostName(configuration);
    if (configuration.wired().isPresent()) {
      setUpNetwork(configuration.wired().get());
    }
    if (configuration.graphical()) {
      tree.run(
          "the graphical login cannot be made the default",
          SYSTEMCTL,
          "set-default",
          "graphical.target");
    }
    if (configuration.bootLoader().append().isPresent()) {
      // Where kernel-install and whoever makes the tree bootable look for them.
      tree.write("/etc/kernel/cmdline", configuration.bootLoader().append().get() + "\n");
    }
    if (configuration.firewall().isPresent()) {
      setFirewall(configuration.firewall().get());
    }
    if (family == PackageFamily.APT) {
      new CloudInitOrder(tree).set();
    }
    for (String unit : configuration.services().disabled()) {
      disable(unit);
    }
    for (String unit : configuration.services().enabled()) {
      enable(unit);
    }
  }

  private void setHostName(TreeConfiguration configuration)
      throws BuildException, IOException, InterruptedException {
    if (configuration.hostname().isPresent()) {
      tree.write("/etc/hostname", configuration.hostname().get() + "\n");
      if (tree.has(CLOUD_INIT)) {
        // It would take the cloud's name instead, and cut the name at the first dot without one.
        tree.write(CLOUD_INIT + "/90-hostname.cfg", "preserve_hostname: true\n");
      }
    }
    if (family == PackageFamily.APT) {
      writeHosts(configuration.hostname());
    }
  }

  /** Elsewhere a package brings it, and a resolver knows the system's own name. */
  private void writeHosts(Optional<String> hostname)
      throws BuildException, IOException, InterruptedException {
    StringBuilder hosts = new StringBuilder("127.0.0.1\tlocalhost\n");
    if (hostname.isPresent()) {
      String name = hostname.get();
      int dot = name.indexOf('.');
      String names = dot < 0 ? name : name + " " + name.substring(0, dot);
      hosts.append("127.0.1.1\t").append(names).append('\n');
    }
    hosts.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
    hosts.append("ff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n");
    tree.write("/etc/hosts", hosts.toString());
  }

  private void setUpNetwork(Network network)
      throws BuildException, IOException, InterruptedException {
    if (tree.has("/usr/sbin/NetworkManager")) {
      report.info("NetworkManager asks for addresses on every wired device by itself");
      if (network.mtu().isPresent() || !network.ipv6()) {
        tree.write(CONNECTION, connection(network));
        tree.run("the network cannot be set up", "/usr/bin/chmod", "0600", CONNECTION);
      }
    } else if (tree.has("/lib/systemd/systemd-networkd")) {
      tree.write("/etc/systemd/network/90-weldr-dhcp.network", networkdSettings(network));
      tree.write(
          "/etc/systemd/system/systemd-networkd-wait-online.service.d/weldr.conf",
          WAIT_OUTSIDE_OF_CONTAINERS);
      enable("systemd-networkd.service");
    } else {
      report.warning(
          "Nothing in the image asks for network addresses: it has neither NetworkManager nor"
              + " systemd-networkd");
    }
  }

  /** One profile for every wired device, in place of those NetworkManager makes by itself. */
  private static String connection(Network network) {
    StringBuilder profile =
        new StringBuilder("[connection]\nid=wired\ntype=ethernet\nmulti-connect=3\n\n");
    profile.append("[ethernet]\n");
    network.mtu().ifPresent(bytes -> profile.append("mtu=" + bytes + "\n"));
    profile.append("\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=");
    return profile.append(network.ipv6() ? "auto\n" : "disabled\n").toString();
  }

  private static String networkdSettings(Network network) {
    StringBuilder settings = new StringBuilder("[Match]\nName=en* eth*\n\n");
    network.mtu().ifPresent(bytes -> settings.append("[Link]\nMTUBytes=" + bytes + "\n\n"));
    return settings
        .append("[Network]\n")
        .append(
            network.ipv6()
                ? "DHCP=yes\n"
                : "DHCP=ipv4\nLinkLocalAddressing=ipv4\nIPv6AcceptRA=no\n")
        .toString();
  }

  private void disable(String unit) throws BuildException, IOException, InterruptedException {
    if (isKnown(unit)) {
      tree.run("the service \"" + unit + "\" cannot be disabled", SYSTEMCTL, "disable", "--", unit);
    } else {
      report.info("The service \"" + unit + "\" is not in the image and so need not be disabled");
    }
  }

  private void enable(String unit) throws BuildException, IOException, InterruptedException {
    if (!isKnown(unit)) {
      throw Tree.refused("the service \"" + unit + "\" is not in the image");
    }
    tree.run("the service \"" + unit + "\" cannot be enabled", SYSTEMCTL, "enable", "--", unit);
  }

  /** Whether there is such a unit, the template of such an instance, or a script of that name. */
  private boolean isKnown(String unit) throws IOException, InterruptedException {
    String file = UNIT_TYPE.matcher(unit).find() ? unit : unit + ".service";
    String template = file.replaceFirst("@[^.]*\\.", "@.");
    List<String> lines =
        tree.lines(SYSTEMCTL, "list-unit-files", "--no-legend", "--", file, template)
            .orElse(List.of());
    return lines.stream()
            .map(line -> line.split(" ", 2)[0])
            .anyMatch(found -> found.equals(file) || found.equals(template))
        || tree.succeeds("/usr/bin/test", "-x", "/etc/init.d/" + unit);
  }

  private void setFirewall(Firewall firewall)
      throws BuildException, IOException, InterruptedException {
    boolean there = tree.has(FIREWALL);
    if (!firewall.enabled()) {
      if (there) {
        tree.run("the firewall cannot be disabled", SYSTEMCTL, "disable", "--", "firewalld");
      }
      return;
    }
    if (!there) {
      throw Tree.refused("the firewall needs the package firewalld, which is not in the image");
    }
    List<String> argv = new ArrayList<>(List.of(FIREWALL, "--enabled"));
    firewall.ports().forEach(port -> argv.add("--port=" + port));
    firewall.services().forEach(service -> argv.add("--service=" + service));
    firewall.removedServices().forEach(service -> argv.add("--remove-service=" + service));
    tree.run("the firewall cannot be set up", argv.toArray(String[]::new));
    enable("firewalld");
  }
}
