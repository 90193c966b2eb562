package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verification, on status files as the kernel writes them; {@link StartTest} does it all. */
class PrivilegeDropTest {
  private static final Identity IDENTITY = new Identity("weldr", 990, "weldr", 980);
  private static final String STATUS =
      """
      Name:\tjava
      Pid:\t42
      Uid:\t990\t990\t990\t990
      Gid:\t980\t980\t980\t980
      Groups:\t980\s
      CapInh:\t0000000000000000
      CapPrm:\t0000000000000000
      CapEff:\t0000000000000000
      CapBnd:\t000001ffffffffff
      CapAmb:\t0000000000000000
      NoNewPrivs:\t1
      """;

  @TempDir Path tasks;

  private void thread(int id, String status) throws IOException {
    Files.writeString(
        Files.createDirectory(tasks.resolve(Integer.toString(id))).resolve("status"), status);
  }

  @Test
  void aProcessThatDroppedIsAccepted() throws Exception {
    thread(42, STATUS);
    thread(43, STATUS);
    PrivilegeDrop.verify(tasks, IDENTITY, true);
  }

  @ParameterizedTest
  @CsvSource({
    "Uid:\t990\t990\t990\t990,Uid:\t990\t990\t0\t990",
    "Uid:\t990\t990\t990\t990,Uid:\t990\t990\t990\t0",
    "Gid:\t980\t980\t980\t980,Gid:\t0\t980\t980\t980",
    "Groups:\t980,Groups:\t0 980",
    "CapPrm:\t0000000000000000,CapPrm:\t0000000000000001",
    "CapEff:\t0000000000000000,CapEff:\t0000000000000001",
    "CapAmb:\t0000000000000000,CapAmb:\t0000000000000400",
    "NoNewPrivs:\t1,NoNewPrivs:\t0",
    "NoNewPrivs:\t1,Something:\telse",
  })
  void oneThreadThatKeptARightIsEnoughToRefuse(String line, String instead) throws Exception {
    thread(42, STATUS);
    thread(43, STATUS.replace(line, instead));
    StartupException e =
        assertThrows(StartupException.class, () -> PrivilegeDrop.verify(tasks, IDENTITY, true));
    assertEquals(1, e.messages().size());
  }

  @Test
  void noThreadsAtAllAreRefused() {
    assertThrows(StartupException.class, () -> PrivilegeDrop.verify(tasks, IDENTITY, true));
  }
}
