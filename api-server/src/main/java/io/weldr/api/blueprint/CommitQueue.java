package io.weldr.api.blueprint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntConsumer;

/**
 * The only thread that writes to the repository. Edits that wait at the same moment become commits
 * of their own that are made durable together, so that many writers share the price of a few
 * fsyncs. Whatever goes wrong, even an {@link Error}, is told to who asked: without this thread
 * nothing could be saved any more.
 */
final class CommitQueue implements AutoCloseable {
  private static final int MAX_BATCH = 64;
  private static final long MAX_BATCH_BYTES = 8L << 20;
  private static final int MAX_ATTEMPTS = 40;
  private static final long PAUSE_MILLIS = 50;

  private final GitStore git;
  private final Branches branches;
  private final IntConsumer afterWrite;
  private final BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();
  private final Thread thread;
  private boolean closed;

  /** Adds commits to a draft. May be asked again for another draft when the branch has moved. */
  @FunctionalInterface
  interface Edit<T> {
    T apply(BranchDraft draft) throws IOException;
  }

  private sealed interface Request permits EditRequest, Exclusive, End {}

  private record EditRequest<T>(BranchName branch, Edit<T> edit, CompletableFuture<T> result)
      implements Request {
    /** Applies the edit; the answer is for later. */
    Runnable apply(BranchDraft draft) throws IOException {
      T value = edit.apply(draft);
      return () -> result.complete(value);
    }
  }

  private record Exclusive(Runnable action) implements Request {}

  private record End() implements Request {}

  /**
   * Starts the thread.
   *
   * @param afterWrite told the number of commits after each group that was written
   */
  CommitQueue(GitStore git, Branches branches, IntConsumer afterWrite) {
    this.git = git;
    this.branches = branches;
    this.afterWrite = afterWrite;
    this.thread = Thread.ofPlatform().name("blueprint-writer").daemon().start(this::run);
  }

  /** Commits an edit; it is durable at the return. */
  <T> T commit(BranchName branch, Edit<T> edit) {
    EditRequest<T> request = new EditRequest<>(branch, edit, new CompletableFuture<>());
    add(request);
    return await(request.result());
  }

  /** Runs something between two groups of commits, while nobody writes. */
  <T> T exclusively(Callable<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    add(
        new Exclusive(
            () -> {
              try {
                result.complete(action.call());
              } catch (Exception | Error e) {
                result.completeExceptionally(e);
              }
            }));
    return await(result);
  }

  private synchronized void add(Request request) {
    if (closed) {
      throw new IllegalStateException("the blueprint repository is closed");
    }
    waiting.add(request);
  }

  private static <T> T await(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case IOException io -> throw new UncheckedIOException(io);
        case BlueprintException refused -> {
          // Made by the writer: the caller's own trace says more.
          refused.fillInStackTrace();
          throw refused;
        }
        case RuntimeException failure -> throw failure;
        default -> throw e;
      }
    }
  }

  private void run() {
    List<Request> batch = new ArrayList<>();
    while (true) {
      batch.clear();
      try {
        batch.add(waiting.take());
      } catch (InterruptedException e) {
        // Nobody interrupts this thread; it ends with the queue.
        continue;
      }
      waiting.drainTo(batch, MAX_BATCH - 1);
      if (!process(batch)) {
        return;
      }
    }
  }

  private boolean process(List<Request> batch) {
    Deque<EditRequest<?>> edits = new ArrayDeque<>();
    for (Request request : batch) {
      switch (request) {
        case EditRequest<?> edit -> edits.add(edit);
        case Exclusive exclusive -> {
          write(edits);
          exclusive.action().run();
        }
        case End end -> {
          write(edits);
          return false;
        }
      }
    }
    write(edits);
    return true;
  }

  private void write(Deque<EditRequest<?>> edits) {
    for (int attempt = 1; !edits.isEmpty(); attempt++) {
      Group group = new Group();
      while (!edits.isEmpty() && group.size() < MAX_BATCH_BYTES) {
        group.add(edits.remove());
      }
      List<EditRequest<?>> again = group.write(attempt < MAX_ATTEMPTS);
      again.reversed().forEach(edits::addFirst);
      if (again.isEmpty()) {
        attempt = 0;
      } else {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; the next attempt is only earlier.
      Thread.interrupted();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (!closed) {
        waiting.add(new End());
        closed = true;
      }
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Edits that are written together. */
  private final class Group {
    private final Map<BranchName, BranchDraft> drafts = new LinkedHashMap<>();

    /** What tells who asked, once everything before is durable. */
    private final Map<EditRequest<?>, Runnable> answers = new LinkedHashMap<>();

    void add(EditRequest<?> request) {
      try {
        BranchDraft draft = drafts.get(request.branch());
        if (draft == null) {
          draft = branches.draft(request.branch());
          drafts.put(request.branch(), draft);
        }
        answers.put(request, request.apply(draft));
      } catch (IOException | RuntimeException | Error e) {
        answers.put(request, () -> request.result().completeExceptionally(e));
      }
    }

    long size() {
      return drafts.values().stream().mapToLong(BranchDraft::size).sum();
    }

    /**
     * Makes the commits durable and answers.
     *
     * @return edits of branches that have moved meanwhile, to be tried again
     */
    List<EditRequest<?>> write(boolean mayRetry) {
      List<GitObject> objects =
          drafts.values().stream().flatMap(draft -> draft.objects().stream()).toList();
      List<EditRequest<?>> again = new ArrayList<>();
      try {
        if (!objects.isEmpty()) {
          git.write(objects, changes());
        }
        for (Map.Entry<BranchName, BranchDraft> draft : drafts.entrySet()) {
          if (advance(draft.getKey(), draft.getValue())) {
            requests(draft.getKey()).forEach(request -> answers.get(request).run());
          } else if (mayRetry) {
            again.addAll(requests(draft.getKey()));
          } else {
            throw new IOException(
                "branch "
                    + draft.getKey()
                    + " is locked by another git; if none runs, remove "
                    + git.directory().resolve(draft.getKey().ref() + ".lock"));
          }
        }
        // Those whose branch could not be opened have no draft.
        answers.forEach(
            (request, answer) -> {
              if (!drafts.containsKey(request.branch())) {
                answer.run();
              }
            });
        afterWrite.accept(objects.size());
      } catch (IOException | RuntimeException | Error e) {
        answers.keySet().stream()
            .filter(request -> !again.contains(request))
            .forEach(request -> request.result().completeExceptionally(e));
      }
      return again;
    }

    private List<RefChange> changes() {
      return drafts.entrySet().stream()
          .filter(draft -> !draft.getValue().objects().isEmpty())
          .map(draft -> draft.getValue().change(draft.getKey()))
          .toList();
    }

    private boolean advance(BranchName branch, BranchDraft draft) throws IOException {
      if (draft.objects().isEmpty()) {
        return true;
      }
      boolean moved = git.move(draft.change(branch));
      if (moved) {
        branches.publish(branch, draft);
      }
      return moved;
    }

    private List<EditRequest<?>> requests(BranchName branch) {
      List<EditRequest<?>> requests = new ArrayList<>(answers.keySet());
      requests.removeIf(request -> !request.branch().equals(branch));
      return requests;
    }
  }
}
