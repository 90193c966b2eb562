package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudInitOrderTest {
  private static final List<String> UNIT =
      List.of(
          "[Unit]",
          "DefaultDependencies=no",
          "After=systemd-networkd-wait-online.service",
          "Before=network-online.target",
          "Before=sysinit.target",
          "",
          "[Service]",
          "ExecStart=/usr/bin/cloud-init init");

  @TempDir private Path directory;
  private Path tree;

  @BeforeEach
  void makeTree() throws Exception {
    tree = SmallTree.make(directory.resolve("tree"));
    Files.createDirectories(tree.resolve("usr/lib/systemd/system"));
    Files.write(tree.resolve("usr/lib/systemd/system/cloud-init.service"), UNIT);
  }

  @Test
  void besideFirewalldItComesAfterSysinit() throws Exception {
    Files.createFile(tree.resolve("usr/sbin/firewalld"));
    new CloudInitOrder(new Tree(tree)).set();

    List<String> written =
        Files.readAllLines(tree.resolve("etc/systemd/system/cloud-init.service"));
    assertEquals(
        UNIT.stream().filter(line -> !line.equals("Before=sysinit.target")).toList(),
        written.stream().filter(line -> !line.startsWith("#")).toList());
  }

  @Test
  void withoutFirewalldItStaysAsThePackageHasIt() throws Exception {
    new CloudInitOrder(new Tree(tree)).set();
    assertFalse(Files.exists(tree.resolve("etc/systemd/system/cloud-init.service")));
  }
}
