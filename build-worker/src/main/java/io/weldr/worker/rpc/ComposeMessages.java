package io.weldr.worker.rpc;

import com.google.protobuf.ByteString;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.Failure;
import io.weldr.proto.worker.v1.Notices;
import io.weldr.proto.worker.v1.Progress;
import io.weldr.proto.worker.v1.SnapshotEnd;
import io.weldr.proto.worker.v1.StageTime;
import io.weldr.proto.worker.v1.State;
import io.weldr.proto.worker.v1.WatchEvent;
import io.weldr.worker.job.ComposeFeed;
import io.weldr.worker.job.ComposeRecord;
import io.weldr.worker.job.ComposeState;
import java.util.HexFormat;

/** Composes in the form of the protocol. */
final class ComposeMessages {
  static final WatchEvent SNAPSHOT_END =
      WatchEvent.newBuilder().setSnapshotEnd(SnapshotEnd.getDefaultInstance()).build();

  private ComposeMessages() {}

  static WatchEvent event(ComposeFeed.Change change) {
    return switch (change) {
      case ComposeFeed.Change.Present present -> event(present.compose());
      case ComposeFeed.Change.Deleted deleted ->
          WatchEvent.newBuilder().setDeletedId(deleted.id().toString()).build();
      case ComposeFeed.Change.Notices notices ->
          WatchEvent.newBuilder()
              .setNotices(Notices.newBuilder().addAllSentences(notices.sentences()))
              .build();
    };
  }

  static WatchEvent event(ComposeRecord record) {
    return WatchEvent.newBuilder().setCompose(compose(record)).build();
  }

  static Compose compose(ComposeRecord record) {
    Compose.Builder compose =
        Compose.newBuilder()
            .setComposeId(record.id().toString())
            .setBlueprintName(record.blueprintName())
            .setBlueprintVersion(record.blueprintVersion())
            .setOutputType(record.outputType())
            .setState(state(record.state()))
            .setCreatedMs(record.createdMs())
            .setStartedMs(record.startedMs().orElse(0))
            .setFinishedMs(record.finishedMs().orElse(0));
    record.image().ifPresent(image -> image(image, compose));
    if (record.state() != ComposeState.FINISHED) {
      // A damaged compose may have its image, but none has a size before and beside FINISHED.
      compose.clearImageSize();
    }
    record
        .progress()
        .ifPresent(
            progress ->
                compose.setProgress(
                    Progress.newBuilder()
                        .setStage(progress.stage())
                        .setPercent(progress.percent())));
    record.failure().ifPresent(failure -> compose.setFailure(failure(failure)));
    for (ComposeRecord.StageTime stage : record.stages()) {
      compose.addStages(
          StageTime.newBuilder().setStage(stage.stage()).setMilliseconds(stage.millis()));
    }
    return compose.build();
  }

  private static void image(ComposeRecord.Image image, Compose.Builder compose) {
    compose
        .setImageName(image.name())
        .setImageSize(image.size())
        .setImageSha256(ByteString.copyFrom(HexFormat.of().parseHex(image.sha256())));
  }

  private static Failure failure(ComposeRecord.Failure failure) {
    return Failure.newBuilder()
        .setCode(failure.code().name())
        .setStage(failure.stage())
        .setMessage(failure.message())
        .setHint(failure.hint())
        .build();
  }

  private static State state(ComposeState state) {
    return switch (state) {
      case WAITING -> State.STATE_WAITING;
      case RUNNING -> State.STATE_RUNNING;
      case FINISHED -> State.STATE_FINISHED;
      case FAILED -> State.STATE_FAILED;
    };
  }
}
