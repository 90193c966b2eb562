package io.weldr.systemtests;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks of Debian that set themselves up, and every kind of file system and partition table. */
@Tag("matrix")
class DebianBootMatrixTest {
  private static BootMatrix matrix;

  @BeforeAll
  static void begin() {
    matrix = new BootMatrix(BootedDistribution.DEBIAN);
  }

  @AfterAll
  static void end() {
    matrix.close();
  }

  @ParameterizedTest
  @CsvSource({
    "partitioned-disk, raw, false",
    "qcow2, qcow2, false",
    "vmdk, vmdk, false",
    "hyper-v, vhdx, false",
    "xfs-disk, raw, false",
    "btrfs-disk, raw, false",
    "mbr-disk, raw, false",
  })
  void startsFromBothKindsOfFirmware(String type, String format, boolean cloud) throws IOException {
    matrix.assertDiskStarts(type, format, cloud);
  }
}
