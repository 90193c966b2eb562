package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.installer.TreeConfiguration;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the direct installer makes of each command: it carries it out, or it refuses it by name
 * before anything is built. How a command is carried out is shown where it is done.
 */
class KickstartCommandsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url --url=http://a --proxy=http://b:3128 --noverifyssl | done",
        "url --url=http://a --sslcacert=/etc/ca.pem | --sslcacert",
        "url --url=http://a --sslclientcert=/etc/c.pem | --sslclientcert",
        "url --url=http://a --sslclientkey=/etc/k.pem | --sslclientkey",
        "repo --name=b --baseurl=http://a --suites=stable --components=main | done",
        "repo --name=b --mirrorlist=http://a --proxy=http://b | done",
        "repo --name=b --metalink=http://a --nosignature | done",
        "repo --name=b --baseurl=http://a --install | --install",
        "repo --name=b --baseurl=http://a --excludepkgs=x | --excludepkgs",
        "clearpart --all --initlabel | done",
        "clearpart --all --initlabel --disklabel=msdos | done",
        "clearpart --linux | --linux",
        "clearpart --drives=sda | --drives",
        "zerombr | done",
        "reqpart --add-boot | done",
        "part / --size=2048 --grow --fstype=xfs --label=system | done",
        "part /boot --size=1024 --fstype=ext4 | done",
        "part / --size=2048 --maxsize=4096 | --maxsize",
        "part / --size=2048 --fsoptions=noatime | --fsoptions",
        "part / --size=2048 --asprimary | --asprimary",
        "part swap --size=512 | swap",
        "part /home --size=512 | /home",
        "autopart --type=plain | autopart",
        "volgroup vg pv.1 | volgroup",
        "logvol / --vgname=vg --name=root --size=1 | logvol",
        "raid / --device=0 | raid",
        "btrfs none pv.1 | btrfs",
        "bootloader --location=mbr --append=quiet --timeout=5 | done",
        "bootloader --location=none | done",
        "bootloader --location=partition | --location=partition",
        "bootloader --location=mbr --password=x | --password",
        "network --bootproto=dhcp --onboot=on --activate --mtu=1460 --noipv6 | done",
        "network --device=link --bootproto=dhcp | done",
        "network --device=eth0 --bootproto=dhcp | --device=eth0",
        "network --hostname=web01.example.org | done",
        "network --bootproto=static --ip=192.0.2.1 | --ip",
        "rootpw --lock | done",
        "rootpw --iscrypted $6$salt$0123456789abcdefghijklmnopqrstuvwxyz | done",
        "rootpw --plaintext secret | --plaintext",
        "rootpw --iscrypted secret | password",
        "user --name=a --uid=1000 --gid=1000 --homedir=/home/a --shell=/bin/sh --groups=b | done",
        "user --name=a --plaintext --password=b | --plaintext",
        "user --name=a --lock | --lock",
        "group --name=b --gid=1001 | done",
        "group --gid=1001 | --name",
        "sshkey --username=a 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 a@b' | done",
        "sshkey 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 a@b' | --username",
        "timezone Europe/Vienna --utc --ntpservers=a.example.org,b.example.org | done",
        "timezone UTC --nontp | --nontp",
        "timesource --ntp-server=a.example.org | done",
        "timesource --ntp-disable | --ntp-disable",
        "lang de_AT.UTF-8 --addsupport=fr_FR.UTF-8,en_US.UTF-8 | done",
        "lang de_AT;rm | de_AT;rm",
        "keyboard --vckeymap=us --xlayouts=us | done",
        "keyboard de | done",
        "keyboard us --switch=x | --switch",
        "firewall --enabled --port=80:tcp --service=ssh --remove-service=telnet | done",
        "firewall --disabled | done",
        "firewall --enabled --trust=eth0 | --trust",
        "services --enabled=a,b --disabled=c | done",
        "services --mask=a | --mask",
        "selinux --enforcing | done",
        "selinux --permissive | done",
        "selinux --disabled | done",
        "selinux --targeted | --targeted",
        "firstboot --enable | done",
        "firstboot --disabled | done",
        "firstboot --reconfig | --reconfig",
        "xconfig --startxonboot | done",
        "logging --level=info | done",
        "shutdown | done",
        "authselect select sssd | authselect",
        "module --name=a --stream=b | module",
        "snapshot vg/lv --name=a | snapshot",
        "realm join example.org | realm",
        "syspurpose --role=a | syspurpose",
        "nfs --server=a --dir=/b | nfs",
        "liveimg --url=http://a | liveimg",
        "ostreesetup --url=http://a | ostreesetup",
        "vnc | vnc",
      })
  void everyCommandIsDoneOrRefused(String command, String outcome) {
    check(command + "\n%packages\n%end\n", outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%post | done",
        "%post --erroronfail --interpreter=/usr/bin/python3 --log=/root/post.log | done",
        "%post --logfile=/var/log/post.log | done",
        "%post --nochroot | --nochroot",
        "%post --interpreter=python3 | --interpreter=python3",
        "%post --interpreter=/usr/../bin/sh | --interpreter",
        "%post --log=post.log | --log",
        "%post --log=/root/../etc/shadow | --log",
        "%post --log=/tmp/post.log | --log=/tmp/post.log",
        "%post --log=/dev/sda | --log=/dev/sda",
        "%post --log='/root/a b' | --log",
        "%post extra | extra",
        "%pre | %pre",
        "%pre --interpreter=/bin/sh --log=/a | %pre",
        "%pre-install | %pre-install",
        "%onerror | %onerror",
        "%traceback | %traceback",
        "%addon com_redhat_kdump --disable | done",
        "%addon com_redhat_kdump --enable | com_redhat_kdump",
        "%include /etc/passwd | %include",
        "%ksappend http://a | %ksappend",
        "%packages --nocore | done",
        "%packages --excludedocs | --excludedocs",
        "%packages --inst-langs=en | --inst-langs",
        "%packages --ignoremissing | --ignoremissing",
        "%packages --exclude-weakdeps | --exclude-weakdeps",
        "%packages --multilib | --multilib",
        "%packages --default | --default",
      })
  void everySectionIsDoneOrRefused(String header, String outcome) {
    String packages = header.startsWith("%packages") ? "" : "%packages\n%end\n";
    check(header + "\n%end\n" + packages, outcome);
  }

  private static void check(String kickstart, String outcome) {
    if (outcome.equals("done")) {
      assertDoesNotThrow(() -> request(kickstart));
    } else {
      KickstartException refused =
          assertThrows(KickstartException.class, () -> request(kickstart), kickstart);
      assertTrue(refused.getMessage().contains(outcome), refused.getMessage());
    }
  }

  /** All that a compose looks at before its job is accepted. */
  private static DiskRequest request(String kickstart) throws KickstartException {
    return DiskRequest.of(TreeConfiguration.of(KickstartParser.document(kickstart)).disk());
  }
}
