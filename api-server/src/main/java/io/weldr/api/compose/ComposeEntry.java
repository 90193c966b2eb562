package io.weldr.api.compose;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One compose as lists and status replies show it.
 *
 * @param type name of the output type
 * @param imageName base name of the image in the results
 * @param imageSize bytes of the image; 0 until FINISHED
 * @param progress present while RUNNING
 * @param failure present when FAILED
 * @param stages the stages that are done, in order
 */
public record ComposeEntry(
    UUID id,
    String blueprint,
    String version,
    String type,
    ComposeState state,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> finished,
    String imageName,
    long imageSize,
    Optional<Progress> progress,
    Optional<Failure> failure,
    List<StageTime> stages) {

  public ComposeEntry {
    stages = List.copyOf(stages);
  }
}
