package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every command becomes is in {@code KickstartCommandsTest}; here are its edges. */
class TreeConfigurationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "part / | \"--size\"",
        "part / --size=1e9 | \"--size=1e9\"",
        "part / --size=100 --ondisk=sda | \"--ondisk\"",
        "reqpart --add-swap | \"--add-swap\"",
        "zerombr yes | \"yes\"",
        "xconfig --defaultdesktop=KDE | \"--defaultdesktop\"",
        "timesource --ntp-pool=example.org | \"--ntp-pool\"",
        "selinux --enforcing --disabled | \"selinux\"",
        "bootloader --location=none --password=x | \"--password\"",
        "network --bootproto=static | \"--bootproto=static\"",
        "network --bootproto=dhcp --mtu=1 | \"--mtu=1\"",
        "network --bootproto=dhcp --mtu=65536 | \"--mtu=65536\"",
        "rootpw secret | \"rootpw\"",
        "rootpw --lock --iscrypted $6$a$b | \"rootpw\"",
        "user --homedir=/a | \"--name\"",
        "user --name=a --uid=-1 | \"--uid=-1\"",
        "user --name=a --uid=4294967295 | 4294967295",
        "logging --host=192.0.2.1 | \"--host=192.0.2.1\"",
        "shutdown --eject | \"--eject\"",
        "lang de_AT.UTF-8 fr_FR.UTF-8 | \"lang\"",
        "url --url=http://a --mirrorlist=http://b | \"url\"",
        "repo --name=a | \"repo\""
      })
  void whatCannotBeCarriedOutIsRefusedByName(String line, String named) {
    KickstartException refused =
        assertThrows(KickstartException.class, () -> read(line + "\n%packages\n%end\n"));
    assertTrue(refused.getMessage().contains(named), refused.getMessage());
  }

  @Test
  void aKickstartWithoutCommandsIsALockedSystemAsThePackagesLeaveIt() throws Exception {
    TreeConfiguration configuration = read("%packages\n%end\n");

    assertEquals(Optional.empty(), configuration.hostname());
    assertEquals(Optional.empty(), configuration.firewall());
    assertEquals(Optional.empty(), configuration.rootPassword().hash());
    assertEquals("UTC", configuration.timeZone().zone());
    assertEquals("C.UTF-8", configuration.language().first());
  }

  @Test
  void twoNetworkCommandsAddUp() throws Exception {
    TreeConfiguration configuration =
        read("network --bootproto=dhcp\n%packages\n%end\nnetwork --hostname=web01\n");

    assertEquals(Optional.of("web01"), configuration.hostname());
    assertTrue(configuration.wired().isPresent());
  }

  private static TreeConfiguration read(String kickstart) throws KickstartException {
    return TreeConfiguration.of(KickstartParser.document(kickstart));
  }
}
