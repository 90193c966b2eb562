package io.weldr.api.compose;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The composes of this host: what the HTTP routes ask for. */
public interface Composes {

  /**
   * Plans a compose and hands it to the build worker.
   *
   * @return the compose, which is queued durably and listed when this returns
   * @throws ComposeRefusedException when it is not started, with every reason that was found
   */
  StartedCompose start(ComposeRequest request) throws ComposeRefusedException;

  /**
   * All composes, oldest first. Answered from memory, also while the worker is away; an entry is
   * the same object until it changes.
   */
  List<ComposeEntry> entries();

  /** One compose, from memory. */
  Optional<ComposeEntry> find(UUID id);

  /**
   * Asks a WAITING or RUNNING compose to end, and returns at once; it becomes FAILED with the code
   * {@code CANCELLED}.
   */
  void cancel(UUID id) throws UnknownComposeException, WrongStateException, ComposeFailureException;

  /** Removes a FINISHED or FAILED compose with all its files. */
  void delete(UUID id) throws UnknownComposeException, WrongStateException, ComposeFailureException;

  /** What happens to composes. */
  ComposeEvents events();
}
