package io.weldr.api.server;

import io.weldr.api.blueprint.BlueprintStore;
import io.weldr.api.blueprint.GitRemotes;
import io.weldr.api.compose.ComposePlanner;
import io.weldr.api.compose.Distribution;
import io.weldr.api.compose.HostRelease;
import io.weldr.api.compose.OutputTypes;
import io.weldr.api.compose.ResultFiles;
import io.weldr.api.compose.WorkerComposes;
import io.weldr.api.depsolve.Adapter;
import io.weldr.api.depsolve.AdapterDepsolver;
import io.weldr.api.depsolve.AdapterHostSources;
import io.weldr.api.depsolve.AdapterSourceProbe;
import io.weldr.api.depsolve.PackageCatalog;
import io.weldr.api.http.PackageAccess;
import io.weldr.api.http.Resources;
import io.weldr.api.http.StatusResource;
import io.weldr.api.source.HostSources;
import io.weldr.api.source.SourceStore;
import io.weldr.api.worker.WorkerClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** The parts of the server behind HTTP, put together. */
final class Application implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Application.class.getName());
  private static final Path OS_RELEASE = Path.of("/etc/os-release");
  private static final Duration METADATA_FRESHNESS = Duration.ofHours(6);
  private static final Duration FIRST_LISTS = Duration.ofMinutes(3);
  private static final int ROOT = 0;

  /** So long those who waited for the composes have the cores for themselves. */
  private static final Duration FIRST_ANSWERS = Duration.ofMillis(300);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<String> messages = new ArrayList<>();

  /**
   * Opens everything that the resources work with, as much at a time as there are cores: the worker
   * tells of its composes meanwhile. The worker and the package sources need not answer yet.
   *
   * @throws IOException when state or share directories cannot be used
   */
  Resources assemble(Path blueprintDirectory, Configuration configuration) throws IOException {
    Path share = configuration.shareDirectory();
    HostRelease host =
        configuration.distro().isPresent()
            ? HostRelease.of(configuration.distro().get())
            : HostRelease.read(OS_RELEASE);
    ResultFiles results = new ResultFiles(configuration.libDirectory().resolve("results"));
    WorkerClient worker =
        opened(new WorkerClient(configuration.workerSocket(), ROOT, Version.text()));
    CompletableFuture<ComposePlanner> planner = new CompletableFuture<>();
    WorkerComposes composes =
        opened(new WorkerComposes(planner::join, worker, results, configuration.proxy()));
    Future<BlueprintStore> opening = beside(() -> BlueprintStore.open(blueprintDirectory));
    Distribution distribution = Distribution.read(share.resolve("distros"), host);
    PackageAccess packages = packages(configuration, distribution, composes);
    OutputTypes types =
        OutputTypes.read(
            share.resolve("composer"),
            host.machine(),
            worker::anaconda,
            packages.sources()::wantsSignatures);
    BlueprintStore blueprints = opened(result(opening));
    messages.addAll(blueprints.repository().importDirectory(blueprintDirectory));
    planner.complete(
        new ComposePlanner(
            blueprints.repository()::newest,
            types,
            distribution,
            packages.sources(),
            packages.depsolver(),
            new GitRemotes(configuration.gitDirectories(), configuration.gitSshDirectory())));
    List<String> found = List.copyOf(messages);
    return new Resources(
        new StatusResource(
            configuration.backend(),
            Version.text(),
            () -> messages(found, types, packages, composes)),
        blueprints,
        composes,
        types,
        results,
        packages,
        configuration.listLimit());
  }

  private static <T> Future<T> beside(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().name("start").start(task);
    return task;
  }

  private static <T> T result(Future<T> work) throws IOException {
    try {
      return work.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while starting");
    }
  }

  /** What answers for packages, with the child processes it needs. */
  private PackageAccess packages(
      Configuration configuration, Distribution distribution, WorkerComposes composes)
      throws IOException {
    String script =
        switch (distribution.family()) {
          case APT -> "apt.py";
          case RPM -> "dnf.py";
        };
    Adapter adapter =
        new Adapter(
            configuration.shareDirectory().resolve("depsolve").resolve(script),
            configuration.cacheDirectory(),
            configuration.proxy(),
            configuration.verifyTls(),
            distribution
                .release()
                .map(rpm -> configuration.releasever().map(rpm::withReleasever).orElse(rpm)),
            configuration.solver());
    SourceStore sources =
        SourceStore.open(
            configuration.libDirectory().resolve("sources"),
            distribution.family(),
            configuration.systemSources() ? new AdapterHostSources(adapter) : HostSources.none());
    messages.addAll(sources.problems());
    AdapterDepsolver depsolver = opened(new AdapterDepsolver(adapter, METADATA_FRESHNESS));
    PackageCatalog catalog =
        opened(new PackageCatalog(adapter, sources, METADATA_FRESHNESS, FIRST_LISTS));
    // Children cost as much as this whole start: what is known of composes comes first.
    Thread.ofVirtual()
        .name("packages")
        .start(
            () -> {
              composes.awaitFirst();
              try {
                Thread.sleep(FIRST_ANSWERS);
              } catch (InterruptedException e) {
                return;
              }
              catalog.start();
              depsolver.keepUpToDate(sources);
            });
    return new PackageAccess(
        sources, new AdapterSourceProbe(adapter), catalog, depsolver, distribution.distro());
  }

  /** What was found at start, what is wrong with sources, and whether composes can be built now. */
  private static List<String> messages(
      List<String> found, OutputTypes types, PackageAccess packages, WorkerComposes composes) {
    List<String> all = new ArrayList<>(found);
    all.addAll(types.problems());
    all.addAll(packages.catalog().problems());
    all.addAll(packages.sources().warnings());
    all.addAll(composes.notices());
    if (!composes.workerAnswers()) {
      all.add("The build worker does not answer; start weldr-composer-worker.service.");
    }
    return all;
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /** Closes everything that was opened, the last first. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "A part did not close", e);
      }
    }
  }
}
