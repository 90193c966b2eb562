package io.weldr.systemtests;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks of Debian for clouds, and its live system. */
@Tag("matrix")
class CloudBootMatrixTest {
  private static BootMatrix matrix;

  @BeforeAll
  static void begin() {
    matrix = new BootMatrix(BootedDistribution.DEBIAN);
  }

  @AfterAll
  static void end() {
    matrix.close();
  }

  /** A vhd asks Azure alone how to set itself up, which no seed can stand in for. */
  @ParameterizedTest
  @CsvSource({
    "openstack, qcow2, true",
    "alibaba, qcow2, true",
    "ami, raw, true",
    "vhd, vpc, false",
    "google, tar, false",
  })
  void startsFromBothKindsOfFirmware(String type, String format, boolean cloud) throws IOException {
    matrix.assertDiskStarts(type, format, cloud);
  }

  @Test
  void aLiveSystemStartsFromCdAndFromDisk() throws IOException {
    matrix.assertLiveSystemStarts();
  }
}
