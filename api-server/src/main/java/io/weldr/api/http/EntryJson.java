package io.weldr.api.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.weldr.api.compose.ComposeEntry;
import io.weldr.api.compose.StageTime;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A compose as lists show it. Beside the fields that clients know it has {@code error}, {@code
 * progress} and {@code stages} where there are any. Written member by member, in the order of their
 * names: with thousands of composes a tree of each takes longer than the rest of a start.
 *
 * @param version with {@code uploads} from version 1 on
 */
record EntryJson(ApiVersion version, ComposeEntry entry) implements Json.Streamed {
  @Override
  public void writeTo(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("blueprint", entry.blueprint());
    out.writeStringField("compose_type", entry.type());
    if (entry.failure().isPresent()) {
      out.writePOJOField("error", ComposeJson.error(entry.failure().get()));
    }
    out.writeStringField("id", entry.id().toString());
    out.writeNumberField("image_size", entry.imageSize());
    seconds("job_created", Optional.of(entry.created()), out);
    seconds("job_finished", entry.finished(), out);
    seconds("job_started", entry.started(), out);
    if (entry.progress().isPresent()) {
      out.writePOJOField("progress", ComposeJson.progress(entry.progress().get()));
    }
    out.writeStringField("queue_status", entry.state().name());
    if (!entry.stages().isEmpty()) {
      stages(entry.stages(), out);
    }
    if (version == ApiVersion.V1) {
      out.writeArrayFieldStart("uploads");
      out.writeEndArray();
    }
    out.writeStringField("version", entry.version());
    out.writeEndObject();
  }

  private static void stages(List<StageTime> stages, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("stages");
    for (StageTime stage : stages) {
      out.writeStartObject();
      out.writeNumberField("seconds", BigDecimal.valueOf(stage.duration().toMillis(), 3));
      out.writeStringField("stage", stage.stage());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void seconds(String name, Optional<Instant> time, JsonGenerator out)
      throws IOException {
    if (time.isPresent()) {
      out.writeNumberField(name, ComposeJson.seconds(time.get()));
    } else {
      out.writeNullField(name);
    }
  }
}
