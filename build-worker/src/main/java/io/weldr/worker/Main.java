package io.weldr.worker;

import io.weldr.worker.audit.AuditLog;
import io.weldr.worker.host.CgroupLimits;
import io.weldr.worker.host.Identity;
import io.weldr.worker.host.ServiceNotification;
import io.weldr.worker.job.Admission;
import io.weldr.worker.job.Composes;
import io.weldr.worker.job.Housekeeping;
import io.weldr.worker.job.JobLauncher;
import io.weldr.worker.job.JobLimits;
import io.weldr.worker.job.JobPolicy;
import io.weldr.worker.job.JobQueue;
import io.weldr.worker.job.StateLayout;
import io.weldr.worker.rpc.RpcServer;
import io.weldr.worker.spec.AnacondaProgram;
import io.weldr.worker.spec.Target;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;

/** The build worker: one queue of composes, one private socket, one audit log. */
public final class Main {
  private static final Logger LOG;

  static {
    // Before the first logger, and by its name: the class itself would make the usual manager.
    System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
    LOG = System.getLogger(Main.class.getName());
  }

  private static final java.util.logging.Logger GRPC =
      java.util.logging.Logger.getLogger("io.grpc");

  private Main() {}

  /** Exit status 1 and one line on stderr when the worker cannot start. */
  public static void main(String... arguments) throws InterruptedException {
    // Numbers are written the same way whatever the language of the system.
    Locale.setDefault(Locale.ROOT);
    // Binding the C library takes longer than the rest until it is needed: both cores do a part.
    Thread.ofPlatform().daemon().name("identity").start(Identity::isRoot);
    logReadably();
    try {
      CommandLine commandLine = CommandLine.parse(arguments);
      if (commandLine.version()) {
        System.out.println("build-worker " + version());
        return;
      }
      serve(commandLine.configuration());
    } catch (ConfigurationException | IOException e) {
      System.err.println("build-worker: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void serve(WorkerConfiguration configuration)
      throws ConfigurationException, IOException, InterruptedException {
    StartupChecks.requireData(configuration);
    // Before the other checks, which wait for the thread that binds the C library.
    HostRelease release = release(configuration);
    Target target = release.target(configuration.shareDir());
    Optional<AnacondaProgram> anaconda = InstallerChoice.anaconda(configuration, release, target);
    StartupChecks.Host host = StartupChecks.run(configuration);
    Clock clock = Clock.systemUTC();
    StateLayout layout = new StateLayout(configuration.libDir(), host.gid());
    AuditLog audit =
        AuditLog.open(configuration.auditLog(), configuration.auditRotation(), System.out, clock);
    CompletableFuture<JobQueue> queue = new CompletableFuture<>();
    // Before the composes are read: api-server connects meanwhile, and what it asks waits for them.
    RpcServer server =
        RpcServer.start(
            configuration.socket(),
            host.apiUid(),
            queue::join,
            configuration.slots(),
            version(),
            anaconda.isPresent(),
            audit);
    Composes composes;
    try {
      composes =
          Composes.open(
              layout,
              new Admission(
                  configuration.maxQueue(), configuration.libDir(), configuration.cacheDir()),
              new InstalledRecipes(configuration.shareDir(), layout, release, anaconda),
              policy(configuration, host, target, anaconda),
              configuration.slots(),
              clock);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    queue.complete(composes.queue());
    List<String> notices = HostNotices.of(host);
    LOG.log(Level.INFO, "images are installed by {0}", InstallerChoice.words(anaconda));
    notices.forEach(notice -> LOG.log(Level.WARNING, notice));
    Housekeeping housekeeping =
        new Housekeeping(composes.queue(), rules(configuration, layout), audit, clock, notices);
    housekeeping.start();
    awaitTermination(List.of(server, housekeeping, composes, audit), configuration);
  }

  private static HostRelease release(WorkerConfiguration configuration) throws IOException {
    return configuration.distro().isPresent()
        ? HostRelease.of(configuration.distro().get())
        : HostRelease.read(Path.of("/etc/os-release"));
  }

  private static void awaitTermination(
      List<? extends AutoCloseable> parts, WorkerConfiguration configuration)
      throws IOException, InterruptedException {
    CountDownLatch forEver = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(parts), "stop"));
    LOG.log(Level.INFO, "listening on {0}", configuration.socket());
    ServiceNotification.ready();
    forEver.await();
  }

  private static void stop(List<? extends AutoCloseable> parts) {
    parts.forEach(Main::close);
    LOG.log(Level.INFO, "stopped; builds that run go on");
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "while stopping: " + e.getMessage());
    }
  }

  private static Housekeeping.Rules rules(WorkerConfiguration configuration, StateLayout layout) {
    return new Housekeeping.Rules(
        layout.results(),
        configuration.retention(),
        configuration.cacheBound(),
        (long) configuration.lowSpaceMib() << 20);
  }

  private static JobPolicy policy(
      WorkerConfiguration configuration,
      StartupChecks.Host host,
      Target target,
      Optional<AnacondaProgram> anaconda) {
    return new JobPolicy(
        new JobLauncher(JobCommand.of(configuration.java())),
        host.cgroups(),
        new JobLimits(
            new CgroupLimits(
                (long) configuration.jobMemoryMib() << 20,
                configuration.jobProcesses(),
                configuration.jobCpuWeight()),
            host.control(),
            Duration.ofMinutes(configuration.jobTimeoutMinutes()),
            Duration.ofMinutes(configuration.jobHangMinutes())),
        configuration.shareDir(),
        target,
        anaconda,
        configuration.git(),
        configuration.cacheDir(),
        configuration.xzLevel(),
        configuration.sourceDateEpoch(),
        configuration.testComposeSeconds());
  }

  private static void logReadably() {
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setFormatter(new LogFormat());
    root.addHandler(console);
    // A peer that breaks off within a frame is nothing an administrator must hear of.
    GRPC.setLevel(java.util.logging.Level.WARNING);
  }

  private static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }
}
