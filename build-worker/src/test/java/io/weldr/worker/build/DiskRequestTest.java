package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.DiskPlan.Table;
import io.weldr.worker.image.FileSystemType;
import io.weldr.worker.kickstart.DiskLayout;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskRequestTest {
  private static DiskRequest of(String commands) throws KickstartException {
    return DiskRequest.of(
        DiskLayout.of(KickstartParser.document(commands + "\n%packages\n%end\nrootpw --lock\n")));
  }

  @Test
  void withoutAWordItIsExt4OnAGpt() throws KickstartException {
    DiskRequest request = of("part / --size=1500");
    assertEquals(
        new DiskRequest(1500, FileSystemType.EXT4, Optional.empty(), false, Table.GPT), request);
  }

  @Test
  void aTemplateMayAskForAnotherTableAndAnotherFileSystem() throws KickstartException {
    DiskRequest request =
        of(
            "clearpart --all --initlabel --disklabel=msdos\nreqpart --add-boot\n"
                + "part / --size=2048 --fstype=xfs --label=system");
    assertEquals(
        new DiskRequest(2048, FileSystemType.XFS, Optional.of("system"), true, Table.MBR), request);
  }

  @Test
  void partitionsOfAFixedSizeMayBeAskedFor() throws KickstartException {
    DiskRequest request =
        of(
            "part biosboot --size=1 --fstype=biosboot\npart /boot/efi --size=100 --fstype=efi\n"
                + "part /boot --size=1024 --fstype=ext4\npart / --size=2048 --grow");
    assertTrue(request.ownBoot());
    assertEquals(2048, request.rootMib());
  }

  @ParameterizedTest
  @CsvSource({
    "part / --size=1 --fstype=zfs, --fstype=zfs",
    "part /boot --size=1 --fstype=xfs, --fstype=xfs",
    "part /home --size=1, /home",
    "part /boot --size=1025, --size=1025",
    "part /boot --size=1 --label=mine, --label=mine",
    "part /boot --size=1 --grow, --grow",
    "part /boot/efi --size=101 --fstype=efi, --size=101",
    "part /boot/efi --size=1 --fstype=ext4, --fstype=ext4",
    "part biosboot --size=2, --size=2",
    "part biosboot --size=1 --fstype=ext4, --fstype=ext4",
    "part / --size=1 --fstype=xfs --label=thirteenchars, --label=thirteenchars",
    "part / --size=1 --label=a/b, --label=a/b",
    "part / --size=1 --fsoptions=noatime, --fsoptions=noatime",
    "clearpart --all --disklabel=sun, --disklabel=sun",
  })
  void whatCannotBeMadeIsRefusedByName(String command, String named) {
    KickstartException refusal = assertThrows(KickstartException.class, () -> of(command));
    assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
  }

  @Test
  void ofATreeThatAnacondaMadeOnlyTheSizeOfItsRootCounts() throws KickstartException {
    DiskRequest request =
        DiskRequest.ofTree(
            KickstartParser.document(
                "clearpart --all --drives=vda\npart swap --recommended\n"
                    + "part / --size 3000 --fstype=ext4 --fsoptions=noatime --asprimary\n"
                    + "%packages\n%end\n"));
    assertEquals(
        new DiskRequest(3000, FileSystemType.EXT4, Optional.empty(), false, Table.GPT), request);
  }
}
