package io.weldr.api.compose;

import io.weldr.api.worker.WorkerCompose;

/** The worker's composes in the words of this package. */
final class ComposeEntries {
  /** The worker cannot read what it stored of a compose. */
  private static final String DAMAGED = "DAMAGED";

  private final ResultFiles results;

  ComposeEntries(ResultFiles results) {
    this.results = results;
  }

  /** Of a damaged compose the files of its result say what they still can. */
  ComposeEntry of(WorkerCompose compose) {
    boolean damaged = compose.failure().filter(f -> f.code().equals(DAMAGED)).isPresent();
    return damaged ? results.described(plain(compose)) : plain(compose);
  }

  private static ComposeEntry plain(WorkerCompose compose) {
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
