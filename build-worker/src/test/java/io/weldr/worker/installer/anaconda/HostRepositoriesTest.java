package io.weldr.worker.installer.anaconda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HostRepositoriesTest {
  private static final Path SHARE = Path.of("../share").toAbsolutePath().normalize();

  private final Path etc = Path.of("target/host-repositories", UUID.randomUUID().toString());

  @Test
  void sourcesOfTheHostBecomeOptionsOfRepo() throws Exception {
    Files.createDirectories(etc.resolve("yum.repos.d"));
    Files.createDirectories(etc.resolve("dnf"));
    Files.writeString(
        etc.resolve("dnf/dnf.conf"), "[main]\nproxy = http://proxy.example.com:3128\n");
    Files.writeString(
        etc.resolve("yum.repos.d/some.repo"),
        """
        [fedora]
        name = Fedora $releasever
        metalink = https://example.com/metalink?repo=fedora-$releasever&arch=noarch
        sslverify = 0
        [entitled]
        name = With certificates
        baseurl = https://cdn.example.com/a/$releasever https://cdn.example.com/b
        proxy = _none_
        sslcacert = /etc/rhsm/ca/uep.pem
        sslclientcert = /etc/pki/entitlement/1.pem
        sslclientkey = /etc/pki/entitlement/1-key.pem
        [off]
        name = Off
        enabled = 0
        mirrorlist = https://example.com/list
        """);

    assertEquals(
        Map.of(
            "fedora",
            List.of(
                "--metalink=https://example.com/metalink?repo=fedora-38&arch=noarch",
                "--proxy=http://proxy.example.com:3128",
                "--noverifyssl"),
            "entitled",
            List.of(
                "--baseurl=https://cdn.example.com/a/38",
                "--sslcacert=/etc/rhsm/ca/uep.pem",
                "--sslclientcert=/etc/pki/entitlement/1.pem",
                "--sslclientkey=/etc/pki/entitlement/1-key.pem")),
        HostRepositories.options(SHARE, etc.toAbsolutePath(), "38"));
  }

  @Test
  void aHostWithoutSourcesHasNone() throws Exception {
    Files.createDirectories(etc);
    assertEquals(Map.of(), HostRepositories.options(SHARE, etc.toAbsolutePath(), ""));
  }
}
