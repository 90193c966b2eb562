package io.weldr.api.http;

import io.weldr.api.compose.ComposeEntry;
import io.weldr.api.compose.ComposeEvents;
import io.weldr.api.compose.ComposeRefusedException;
import io.weldr.api.compose.ComposeRequest;
import io.weldr.api.compose.ComposeState;
import io.weldr.api.compose.Composes;
import io.weldr.api.compose.Failure;
import io.weldr.api.compose.Progress;
import io.weldr.api.compose.StageTime;
import io.weldr.api.compose.StartedCompose;
import io.weldr.api.compose.UnknownComposeException;
import io.weldr.api.compose.WrongStateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Composes in memory, instead of a planner and a worker. */
final class FakeComposes implements Composes {
  static final Instant CREATED = Instant.ofEpochMilli(1_795_391_957_123L);

  final List<ComposeRequest> requests = new ArrayList<>();
  private final List<ComposeEntry> entries = new ArrayList<>();
  private final ComposeEvents events = new ComposeEvents();
  private Optional<ComposeRefusedException> refusal = Optional.empty();

  void refuseWith(ComposeRefusedException e) {
    refusal = Optional.of(e);
  }

  /** Adds a compose in a state; its image, if it gets one, is {@code root.tar.xz}. */
  synchronized UUID add(ComposeState state, long imageSize) {
    UUID id = UUID.randomUUID();
    entries.add(
        new ComposeEntry(
            id,
            "http-server",
            "0.0.1",
            "tar",
            state,
            CREATED,
            state == ComposeState.WAITING
                ? Optional.empty()
                : Optional.of(CREATED.plusMillis(1500)),
            state.ended() ? Optional.of(CREATED.plusSeconds(60)) : Optional.empty(),
            state == ComposeState.FINISHED ? "root.tar.xz" : "",
            imageSize,
            state == ComposeState.RUNNING
                ? Optional.of(new Progress("install", 40))
                : Optional.empty(),
            state == ComposeState.FAILED
                ? Optional.of(new Failure("NO_SPACE", "image", "No space is left.", "Free 2 GiB."))
                : Optional.empty(),
            state.ended()
                ? List.of(new StageTime("install", Duration.ofMillis(12_345)))
                : List.of()));
    return id;
  }

  @Override
  public synchronized StartedCompose start(ComposeRequest request) throws ComposeRefusedException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    requests.add(request);
    return new StartedCompose(add(ComposeState.WAITING, 0), List.of());
  }

  @Override
  public synchronized List<ComposeEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public synchronized Optional<ComposeEntry> find(UUID id) {
    return entries.stream().filter(entry -> entry.id().equals(id)).findFirst();
  }

  @Override
  public synchronized void cancel(UUID id) throws UnknownComposeException, WrongStateException {
    ComposeEntry entry = find(id).orElseThrow(() -> new UnknownComposeException(id));
    if (entry.state().ended()) {
      throw new WrongStateException(id, "WAITING or RUNNING");
    }
    entries.remove(entry);
  }

  @Override
  public synchronized void delete(UUID id) throws UnknownComposeException, WrongStateException {
    ComposeEntry entry = find(id).orElseThrow(() -> new UnknownComposeException(id));
    if (!entry.state().ended()) {
      throw new WrongStateException(id, "FINISHED or FAILED");
    }
    entries.remove(entry);
  }

  @Override
  public ComposeEvents events() {
    return events;
  }
}
