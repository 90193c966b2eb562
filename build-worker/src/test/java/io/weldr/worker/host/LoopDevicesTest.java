package io.weldr.worker.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopDevicesTest {
  private final Path directory =
      Path.of("target/loop-devices", UUID.randomUUID().toString()).toAbsolutePath();
  private Path disk;

  @BeforeEach
  void prepare() throws Exception {
    disk = Files.createDirectories(directory.resolve("work")).resolve("disk.img");
    Files.write(disk, new byte[1 << 20]);
  }

  @AfterEach
  void detach() throws Exception {
    LoopDevices.detachBelow(directory);
  }

  @Test
  void devicesAreFoundByThePathOfTheirFile() throws Exception {
    Subprocess.of("/usr/sbin/losetup", "-f", "--", disk.toString()).check();

    assertEquals(1, LoopDevices.backedBelow(directory).size());
    assertEquals(List.of(), LoopDevices.backedBelow(directory.resolveSibling("other")));
  }

  @Test
  void aDeviceIsFoundThatAProgramAttachedUnderAPathOfItsOwn() throws Exception {
    HostView.whole()
        .fresh("/mnt")
        .directory(disk.getParent(), "/mnt/elsewhere")
        .command(List.of("/usr/sbin/losetup", "-f", "--", "/mnt/elsewhere/disk.img"))
        .check();

    assertEquals(1, LoopDevices.backedBelow(directory).size());
    LoopDevices.detachBelow(directory);
    assertEquals(List.of(), LoopDevices.backedBelow(directory));
  }
}
