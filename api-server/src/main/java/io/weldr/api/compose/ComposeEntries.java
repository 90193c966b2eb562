package io.weldr.api.compose;

import io.weldr.api.worker.WorkerCompose;

/** The worker's composes in the words of this package. */
final class ComposeEntries {
  private ComposeEntries() {}

  static ComposeEntry of(WorkerCompose compose) {
    return new ComposeEntry(
        compose.id(),
        compose.blueprint(),
        compose.version(),
        compose.outputType(),
        ComposeState.valueOf(compose.state().name()),
        compose.created(),
        compose.started(),
        compose.finished(),
        compose.imageName(),
        compose.imageSize(),
        compose.progress().map(p -> new Progress(p.stage(), p.percent())),
        compose.failure().map(f -> new Failure(f.code(), f.stage(), f.message(), f.hint())),
        compose.stages().stream().map(s -> new StageTime(s.stage(), s.duration())).toList());
  }
}
