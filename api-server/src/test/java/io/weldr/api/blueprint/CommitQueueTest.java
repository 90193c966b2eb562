package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks the only writer for something hears of it, and the next one is served. */
class CommitQueueTest {
  @TempDir Path blueprints;

  @Test
  void anErrorIsToldToWhoAskedAndEndsNotTheWriter() throws Exception {
    try (GitStore git = GitStore.open(blueprints.resolve("git"))) {
      Branches branches = new Branches(git);
      branches.current(BranchName.MASTER);
      try (CommitQueue queue = new CommitQueue(git, branches, count -> {})) {
        CompletionException edit =
            assertThrows(
                CompletionException.class,
                () ->
                    queue.commit(
                        BranchName.MASTER,
                        draft -> {
                          throw new StackOverflowError();
                        }));
        assertInstanceOf(StackOverflowError.class, edit.getCause());
        CompletionException action =
            assertThrows(
                CompletionException.class,
                () ->
                    queue.exclusively(
                        () -> {
                          throw new NoClassDefFoundError("Missing");
                        }));
        assertInstanceOf(NoClassDefFoundError.class, action.getCause());
        assertEquals("served", queue.exclusively(() -> "served"));
      }
    }
  }
}
