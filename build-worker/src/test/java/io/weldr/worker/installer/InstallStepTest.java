package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weldr.worker.installer.InstallStep.Operation;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstallStepTest {
  private static final InstallStep UNPACK_A = new InstallStep(Operation.UNPACK, List.of("a:all"));
  private static final InstallStep UNPACK_B = new InstallStep(Operation.UNPACK, List.of("b:all"));
  private static final InstallStep CONFIGURE_A =
      new InstallStep(Operation.CONFIGURE, List.of("a:all"));

  @Test
  void onlyNeighboursWithTheSameOperationAreJoined() {
    assertEquals(
        List.of(
            new InstallStep(Operation.UNPACK, List.of("a:all", "b:all")), CONFIGURE_A, UNPACK_B),
        InstallStep.joined(List.of(UNPACK_A, UNPACK_B, CONFIGURE_A, UNPACK_B)));
  }

  @Test
  void aCommandLineStaysShort() {
    assertEquals(
        List.of(1000, 1000, 500),
        InstallStep.joined(Collections.nCopies(2500, UNPACK_A)).stream()
            .map(step -> step.packages().size())
            .toList());
  }
}
