package io.weldr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.StatusRuntimeException;
import io.weldr.proto.worker.v1.BuildWorkerGrpc.BuildWorkerBlockingStub;
import io.weldr.proto.worker.v1.CancelRequest;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.ListRequest;
import io.weldr.proto.worker.v1.State;
import io.weldr.proto.worker.v1.TestMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of composes when a worker is killed, stopped or asked to cancel. */
class WorkerProcessTest extends WorkerProcesses {
  @Test
  void nothingAcceptedIsLostOrReorderedByKillingTheWorker() throws Exception {
    Random random = new Random(4);
    List<String> accepted = new ArrayList<>();
    for (int life = 0; life < 6; life++) {
      Process worker = start("test_compose_seconds = 0", "slots = 2");
      BuildWorkerBlockingStub client = client();
      for (int i = 0; i < 4; i++) {
        JobSpec job = job(TestMode.TEST_MODE_FINISH);
        accepted.add(client.submit(request(job)).getCompose().getComposeId());
      }
      Thread.sleep(random.nextInt(2500));
      worker.destroyForcibly().waitFor();
    }
    start("test_compose_seconds = 0", "slots = 2");
    BuildWorkerBlockingStub client = client();
    List<Compose> composes =
        await(client, list -> list.stream().allMatch(c -> c.getState() == State.STATE_FINISHED));
    assertEquals(accepted, composes.stream().map(Compose::getComposeId).toList());
    List<Long> started = composes.stream().map(Compose::getStartedMs).toList();
    assertEquals(started.stream().sorted().toList(), started);
    for (String id : accepted) {
      assertEquals(
          "TEST IMAGE", Files.readString(top.resolve("lib/results/" + id + "/root.tar.xz")));
    }
    assertEquals(List.of(), awaitNoJobCgroups());
  }

  @Test
  void aSubmissionCutAnywhereIsThereWholeOrNotAtAll() throws Exception {
    Random random = new Random(5);
    for (int life = 0; life < 6; life++) {
      Process worker = start("test_compose_seconds = 60", "slots = 1");
      BuildWorkerBlockingStub client = client();
      Thread killer =
          Thread.startVirtualThread(
              () -> {
                try {
                  Thread.sleep(500 + random.nextInt(3000));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                worker.destroyForcibly();
              });
      try {
        while (true) {
          client.submit(request(job(TestMode.TEST_MODE_FINISH)));
        }
      } catch (StatusRuntimeException e) {
        killer.join();
        worker.waitFor();
      }
    }
    start("test_compose_seconds = 60", "slots = 1");
    List<Compose> composes = client().list(ListRequest.getDefaultInstance()).getComposesList();
    assertFalse(composes.isEmpty());
    for (Compose compose : composes) {
      assertTrue(
          compose.getState() == State.STATE_WAITING || compose.getState() == State.STATE_RUNNING,
          compose.toString());
    }
    assertEquals(composes.size(), uuids("lib/results"));
    assertEquals(composes.size(), uuids("lib/jobs"));
  }

  @Test
  void aStoppedWorkerLeavesItsJobToTheNextOne() throws Exception {
    Process worker = start("test_compose_seconds = 5", "slots = 1");
    String id = client().submit(request(job(TestMode.TEST_MODE_FAIL))).getCompose().getComposeId();
    await(client(), list -> list.getFirst().getState() == State.STATE_RUNNING);
    worker.destroy();
    worker.waitFor();
    assertFalse(Files.exists(socket(), LinkOption.NOFOLLOW_LINKS), "removed by a clean stop");
    assertTrue(Files.readString(top.resolve("worker.err")).contains("INFO: stopped"), "to the end");
    start("test_compose_seconds = 5", "slots = 1");
    Compose ended =
        await(client(), list -> list.getFirst().getState() == State.STATE_FAILED).getFirst();
    assertEquals(id, ended.getComposeId());
    assertEquals("TEST_FAILED", ended.getFailure().getCode());
  }

  @Test
  void cancellingARealJobLeavesNoProcess() throws Exception {
    start("test_compose_seconds = 100", "slots = 1");
    BuildWorkerBlockingStub client = client();
    String id = client.submit(request(job(TestMode.TEST_MODE_FINISH))).getCompose().getComposeId();
    await(client, list -> list.getFirst().getState() == State.STATE_RUNNING);
    client.cancel(CancelRequest.newBuilder().setComposeId(id).build());
    assertEquals(
        State.STATE_FAILED,
        client.list(ListRequest.getDefaultInstance()).getComposes(0).getState());
    assertEquals(List.of(), awaitNoJobCgroups());
  }

  @Test
  void aJobWhoseKickstartCannotBeRenderedIsRefused() throws Exception {
    start("slots = 1");
    JobSpec unknown = job(TestMode.TEST_MODE_FINISH).toBuilder().setOutputType("no-such").build();
    try {
      client().submit(request(unknown));
      throw new AssertionError("accepted");
    } catch (StatusRuntimeException e) {
      assertTrue(e.getMessage().contains("output type \"no-such\" is not installed"));
    }
    assertEquals(0, uuids("lib/results"));
  }
}
