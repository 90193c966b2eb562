package io.weldr.api.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.worker.FakeWorker;
import io.weldr.api.worker.WorkerClient;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.State;
import io.weldr.proto.worker.v1.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkerComposesTest {
  @TempDir Path directory;
  private ComposeFixture fixture;
  private FakeWorker worker;
  private WorkerClient client;
  private WorkerComposes composes;

  @BeforeEach
  void start() throws IOException {
    Path socket = directory.resolve("w.socket");
    fixture = new ComposeFixture(directory);
    fixture.blueprint("web", "");
    worker = new FakeWorker(socket);
    client = new WorkerClient(socket, uid(), "1.0", Duration.ofSeconds(2));
    ComposePlanner planner = fixture.planner();
    composes =
        new WorkerComposes(
            () -> planner,
            client,
            new ResultFiles(directory.resolve("results")),
            Optional.of("http://proxy.example:3128"));
  }

  @AfterEach
  void stop() throws InterruptedException {
    composes.close();
    client.close();
    worker.close();
  }

  private long uid() throws IOException {
    return (int) Files.getAttribute(directory, "unix:uid");
  }

  private UUID begin(String blueprint) throws ComposeRefusedException {
    return composes.start(ComposeFixture.request(blueprint, "tar")).id();
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5);
    }
  }

  private boolean is(UUID id, ComposeState state) {
    return composes.find(id).filter(entry -> entry.state() == state).isPresent();
  }

  @Test
  void aListThatIsAskedForBeforeTheWorkerAnswersWaitsForIt() throws Exception {
    UUID known = begin("web");
    worker.stop();
    ComposePlanner planner = fixture.planner();
    ResultFiles results = new ResultFiles(directory.resolve("results"));
    try (WorkerClient late = new WorkerClient(directory.resolve("w.socket"), uid(), "1.0");
        WorkerComposes asked = new WorkerComposes(() -> planner, late, results, Optional.empty())) {
      var list = CompletableFuture.supplyAsync(asked::entries);
      var entry = CompletableFuture.supplyAsync(() -> asked.find(known));
      worker.start();
      assertEquals(List.of(known), list.get().stream().map(ComposeEntry::id).toList());
      assertEquals(known, entry.get().orElseThrow().id());
    }
  }

  @Test
  void withoutWorkerListsAreEmptyAfterAMoment() throws Exception {
    worker.stop();
    ComposePlanner planner = fixture.planner();
    ResultFiles results = new ResultFiles(directory.resolve("results"));
    try (WorkerClient late = new WorkerClient(directory.resolve("w.socket"), uid(), "1.0");
        WorkerComposes asked = new WorkerComposes(() -> planner, late, results, Optional.empty())) {
      assertEquals(List.of(), asked.entries());
    }
  }

  @Test
  void aComposeIsListedAsSoonAsItIsStarted() throws Exception {
    List<UUID> started = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      started.add(begin("web"));
      assertTrue(is(started.getLast(), ComposeState.WAITING));
    }
    until(() -> composes.entries().size() == 20);
    assertEquals(started, composes.entries().stream().map(ComposeEntry::id).toList());
  }

  @Test
  void theJobSaysWhatTheBlueprintSays() throws Exception {
    fixture.blueprint(
        "rich",
        """
        [customizations]
        hostname = "web01"
        [customizations.kernel]
        append = "quiet"
        [[customizations.sshkey]]
        user = "root"
        key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAabcdefghijklmnopqrstuvwxyz0123456789ABCDEF me"
        [[customizations.user]]
        name = "admin"
        shell = "/bin/bash"
        groups = ["adm"]
        uid = 1200
        [[customizations.group]]
        name = "widget"
        gid = 1130
        [customizations.timezone]
        timezone = "Europe/Vienna"
        ntpservers = ["0.pool.ntp.org"]
        [customizations.locale]
        languages = ["de_AT.UTF-8"]
        keyboard = "de"
        [customizations.firewall]
        ports = ["80:tcp"]
        [customizations.firewall.services]
        enabled = ["ssh"]
        disabled = ["telnet"]
        [customizations.services]
        enabled = ["nginx"]
        disabled = ["cron"]
        """);
    UUID id = begin("rich");
    JobSpec job = worker.jobs().getFirst();

    assertEquals(id.toString(), job.getComposeId());
    assertEquals("rich", job.getBlueprint().getName());
    assertEquals("c".repeat(40), job.getBlueprint().getCommit());
    assertTrue(job.getBlueprint().getToml().contains("hostname = \"web01\""));
    assertEquals("debian", job.getSources(0).getId());
    assertTrue(job.getSources(0).hasHost());
    assertEquals(32, job.getPackages(0).getSha256().size());
    assertTrue(job.getPackages(0).getLocation().startsWith("pool/"));
    assertEquals("http://proxy.example:3128", job.getProxy());
    var custom = job.getCustomizations();
    assertEquals("web01", custom.getHostname());
    assertEquals("quiet", custom.getKernelAppend());
    assertEquals("root", custom.getSshKeys(0).getUser());
    User user = custom.getUsers(0);
    assertEquals(
        List.of("admin", "/bin/bash", "adm"),
        List.of(user.getName(), user.getShell(), user.getGroups(0)));
    assertTrue(user.hasUid() && user.getUid() == 1200 && !user.hasGid());
    assertEquals(1130, custom.getGroups(0).getGid());
    assertEquals("Europe/Vienna", custom.getTimezone().getZone());
    assertEquals("0.pool.ntp.org", custom.getTimezone().getNtpServers(0));
    assertEquals("de_AT.UTF-8", custom.getLocale().getLanguages(0));
    assertEquals("de", custom.getLocale().getKeyboard());
    assertEquals("80:tcp", custom.getFirewall().getPorts(0));
    assertEquals("ssh", custom.getFirewall().getEnabledServices(0));
    assertEquals("telnet", custom.getFirewall().getDisabledServices(0));
    assertEquals("nginx", custom.getServices().getEnabled(0));
    assertEquals("cron", custom.getServices().getDisabled(0));
  }

  @Test
  void changesOfTheWorkerShow() throws Exception {
    UUID id = begin("web");
    until(composes::workerAnswers);
    worker.become(id.toString(), State.STATE_RUNNING);
    until(() -> is(id, ComposeState.RUNNING));
    assertTrue(composes.find(id).orElseThrow().started().isPresent());
  }

  @Test
  void aCancelledComposeShowsAsFailed() throws Exception {
    UUID id = begin("web");
    until(composes::workerAnswers);
    composes.cancel(id);
    assertTrue(is(id, ComposeState.FAILED));

    WrongStateException e = assertThrows(WrongStateException.class, () -> composes.cancel(id));
    assertEquals("Build " + id + " is not in WAITING or RUNNING.", e.getMessage());
  }

  @Test
  void aDeletedComposeIsGoneAtOnce() throws Exception {
    UUID id = begin("web");
    assertThrows(WrongStateException.class, () -> composes.delete(id));
    worker.become(id.toString(), State.STATE_FAILED);
    composes.delete(id);
    assertEquals(Optional.empty(), composes.find(id));

    UnknownComposeException e =
        assertThrows(UnknownComposeException.class, () -> composes.delete(id));
    assertEquals(id + " is not a valid build uuid", e.getMessage());
  }

  @Test
  void listsAreServedWhileTheWorkerIsAway() throws Exception {
    UUID id = begin("web");
    until(composes::workerAnswers);
    worker.stop();
    until(() -> !composes.workerAnswers());

    assertEquals(List.of(id), composes.entries().stream().map(ComposeEntry::id).toList());
    Refusal refusal =
        assertThrows(ComposeRefusedException.class, () -> begin("web")).refusals().getFirst();
    assertEquals("BuildFailed", refusal.id());
    assertTrue(refusal.message().startsWith("The build worker does not answer"));
    assertThrows(ComposeFailureException.class, () -> composes.cancel(id));

    worker.start();
    until(composes::workerAnswers);
    assertEquals(2, List.of(begin("web"), id).size());
    until(() -> composes.entries().size() == 2);
  }

  @Test
  void aComposeWhoseAnswersAreLostIsQueuedOnce() throws Exception {
    worker.loseAnswers(3);
    UUID id = begin("web");
    assertEquals(1, worker.jobs().size());
    assertEquals(id.toString(), worker.jobs().getFirst().getComposeId());
    assertTrue(is(id, ComposeState.WAITING));
    assertEquals(4, worker.calls().stream().filter("Submit"::equals).count());
  }

  @Test
  void aComposeTheWatchTellsOfIsStartedAlthoughNobodyAnswers() throws Exception {
    until(composes::workerAnswers);
    worker.loseAnswers(Integer.MAX_VALUE);
    UUID id = begin("web");
    assertEquals(List.of(id), composes.entries().stream().map(ComposeEntry::id).toList());
  }

  @Test
  void aClientIsToldTheIdWhenItIsNotKnownWhetherTheComposeIsQueued() throws Exception {
    until(composes::workerAnswers);
    worker.dieWithTheNextJob();
    Refusal refusal =
        assertThrows(ComposeRefusedException.class, () -> begin("web")).refusals().getFirst();
    String id = worker.jobs().getFirst().getComposeId();
    assertEquals("BuildFailed", refusal.id());
    assertTrue(
        refusal.message().contains(id) && refusal.message().contains("it may be queued"),
        refusal.message());
    worker.start();
    until(() -> is(UUID.fromString(id), ComposeState.WAITING));
  }

  @Test
  void whatTheWorkerRefusesIsRefusedWithItsWords() {
    worker.refuseJobs("the type tar needs the tool xz");
    Refusal refusal =
        assertThrows(ComposeRefusedException.class, () -> begin("web")).refusals().getFirst();
    assertEquals(
        "The build worker does not accept the compose: the type tar needs the tool xz",
        refusal.message());
    assertEquals(List.of(), composes.entries());
  }
}
