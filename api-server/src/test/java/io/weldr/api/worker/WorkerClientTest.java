package io.weldr.api.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.proto.worker.v1.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkerClientTest {
  @TempDir Path directory;
  private Path socket;
  private long uid;
  private FakeWorker worker;
  private WorkerClient client;

  @BeforeEach
  void start() throws IOException {
    socket = directory.resolve("w.socket");
    uid = (int) Files.getAttribute(directory, "unix:uid");
    worker = new FakeWorker(socket);
    client = new WorkerClient(socket, uid, "1.0", Duration.ofMillis(100));
  }

  @AfterEach
  void stop() throws InterruptedException {
    client.close();
    worker.close();
  }

  private static Job job(UUID id) {
    return new Job(id, "tar", 0)
        .blueprint("web", "0.0.1", "a".repeat(40), "toml", "frozen")
        .addPackage(
            "bash", 0, "5.2.15", "2+b13", "amd64", "debian", "ab".repeat(32), "pool/bash.deb", 100);
  }

  @Test
  void eachConnectionBeginsWithHello() throws WorkerException {
    WorkerCompose first = client.submit(job(UUID.randomUUID()));
    client.submit(job(UUID.randomUUID()));

    assertEquals(WorkerCompose.State.WAITING, first.state());
    assertEquals(List.of("Hello", "Submit", "Submit"), worker.calls());
    assertEquals(Optional.of("fake"), client.workerVersion());
    assertEquals(Optional.of(true), client.anaconda());
  }

  @Test
  void saysHelloAgainAfterTheWorkerRestarted() throws Exception {
    client.submit(job(UUID.randomUUID()));
    worker.stop();
    worker.start();
    client.submit(job(UUID.randomUUID()));

    assertEquals(2, worker.jobs().size());
    assertEquals(List.of("Hello", "Submit", "Hello", "Submit"), worker.calls());
  }

  @Test
  void survivesManyRestartsBetweenAndDuringCalls() throws Exception {
    for (int i = 0; i < 10; i++) {
      worker.stop();
      // Whether the job was on its way already is not always known.
      assertThrows(WorkerException.class, () -> client.submit(job(UUID.randomUUID())));
      worker.start();
      client.submit(job(UUID.randomUUID()));
    }
    assertEquals(10, worker.jobs().size());
  }

  @Test
  void aWorkerThatIsNotThereIsNamed() throws Exception {
    worker.stop();
    WorkerException e =
        assertThrows(WorkerUnavailableException.class, () -> client.submit(job(UUID.randomUUID())));
    assertTrue(e.getMessage().startsWith("The build worker does not answer on " + socket));
  }

  @Test
  void anotherProtocolVersionIsRefused() {
    worker.speakVersion(2);
    WorkerException e =
        assertThrows(WorkerUnavailableException.class, () -> client.submit(job(UUID.randomUUID())));
    assertTrue(e.getMessage().contains("protocol version 2"), e.getMessage());
    assertEquals(List.of(), worker.jobs());
  }

  @Test
  void aSocketOfAnotherUserIsNotTrusted() {
    try (WorkerClient wary = new WorkerClient(socket, uid + 1, "1.0", Duration.ofMillis(100))) {
      WorkerException e =
          assertThrows(WorkerUnavailableException.class, () -> wary.submit(job(UUID.randomUUID())));
      assertTrue(e.getMessage().contains("runs as uid " + uid), e.getMessage());
    }
    assertEquals(List.of(), worker.calls());
  }

  @Test
  void failuresAreTyped() throws WorkerException {
    UUID id = UUID.randomUUID();
    assertThrows(NoSuchComposeException.class, () -> client.cancel(id));
    client.submit(job(id));
    assertThrows(ComposeStateException.class, () -> client.delete(id));
    client.cancel(id);
    assertThrows(ComposeStateException.class, () -> client.cancel(id));
    client.delete(id);
    assertThrows(NoSuchComposeException.class, () -> client.delete(id));
    worker.refuseJobs("packages: too many");
    JobRefusedException refused =
        assertThrows(JobRefusedException.class, () -> client.submit(job(UUID.randomUUID())));
    assertEquals("packages: too many", refused.getMessage());
  }

  @Test
  void theWatchTellsASnapshotAndThenEveryChangeAlsoAcrossRestarts() throws Exception {
    UUID first = UUID.randomUUID();
    client.submit(job(first));
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (WorkerWatch watch = client.watch(new Recorder(heard))) {
      assertEquals("snapshot 1", next(heard));
      worker.become(first.toString(), State.STATE_RUNNING);
      assertEquals("changed RUNNING", next(heard));
      worker.stop();
      worker.start();
      assertEquals("snapshot 1", next(heard));
      while (!watch.connected()) {
        Thread.sleep(5);
      }
      UUID second = UUID.randomUUID();
      client.submit(job(second));
      assertEquals("changed WAITING", next(heard));
      client.cancel(second);
      assertEquals("changed FAILED", next(heard));
      client.delete(second);
      assertEquals("deleted", next(heard));
    }
  }

  @Test
  void theWatchWaitsForAWorkerThatStartsLater() throws Exception {
    worker.stop();
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (WorkerWatch watch = client.watch(new Recorder(heard))) {
      assertFalse(watch.connected());
      worker.start();
      assertEquals("snapshot 0", next(heard));
    }
  }

  private static String next(BlockingQueue<String> heard) throws InterruptedException {
    return Optional.ofNullable(heard.poll(30, TimeUnit.SECONDS)).orElse("nothing");
  }

  private record Recorder(BlockingQueue<String> heard) implements WorkerListener {
    @Override
    public void snapshot(List<WorkerCompose> composes) {
      heard.add("snapshot " + composes.size());
    }

    @Override
    public void changed(WorkerCompose compose) {
      heard.add("changed " + compose.state());
    }

    @Override
    public void deleted(UUID id) {
      heard.add("deleted");
    }

    @Override
    public void notices(List<String> sentences) {
      heard.add("notices " + sentences);
    }
  }
}
