package io.weldr.systemtests;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of RPM packages one type of each kind: the formats of disks are made alike. */
@Tag("matrix")
class RpmBootMatrixTest {
  private static BootMatrix matrix;

  @BeforeAll
  static void begin() {
    matrix = new BootMatrix(BootedDistribution.FEDORA);
  }

  @AfterAll
  static void end() {
    matrix.close();
  }

  @ParameterizedTest
  @CsvSource({
    "partitioned-disk, raw, false",
    "qcow2, qcow2, false",
    "openstack, qcow2, true",
  })
  void startsFromBothKindsOfFirmware(String type, String format, boolean cloud) throws IOException {
    matrix.assertDiskStarts(type, format, cloud);
  }

  @Test
  void aLiveSystemStartsFromCdAndFromDisk() throws IOException {
    matrix.assertLiveSystemStarts();
  }
}
