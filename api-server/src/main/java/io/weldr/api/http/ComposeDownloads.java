package io.weldr.api.http;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.compose.ComposeEntry;
import io.weldr.api.compose.ComposeFailureException;
import io.weldr.api.compose.Composes;
import io.weldr.api.compose.ImageFile;
import io.weldr.api.compose.OutputType;
import io.weldr.api.compose.OutputTypes;
import io.weldr.api.compose.ResultArchive;
import io.weldr.api.compose.ResultFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * {@code compose/metadata}, {@code results}, {@code logs} and {@code image}: the files of a compose
 * that has ended.
 */
final class ComposeDownloads implements HttpService {
  private final Composes composes;
  private final OutputTypes types;
  private final ResultFiles results;

  ComposeDownloads(Composes composes, OutputTypes types, ResultFiles results) {
    this.composes = composes;
    this.types = types;
    this.results = results;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .getWithout("/compose/metadata", "no UUID given")
        .get("/compose/metadata/{id}", archive(ResultArchive.METADATA, "-metadata.tar"))
        .getWithout("/compose/results", "no UUID given")
        .get("/compose/results/{id}", archive(ResultArchive.RESULTS, ".tar"))
        .getWithout("/compose/logs", "no UUID given")
        .get("/compose/logs/{id}", archive(ResultArchive.LOGS, "-logs.tar"))
        .getWithout("/compose/image", "no UUID given")
        .get("/compose/image/{id}", this::image);
  }

  private Handler archive(ResultArchive archive, String suffix) {
    return (request, response) -> {
      ComposeEntry entry = ended(request);
      try {
        new TarDownload(entry.id() + suffix, results.archive(entry, archive))
            .send(request, response);
      } catch (ComposeFailureException e) {
        throw ApiException.badRequest(ApiError.COMPOSE_ERROR, e.getMessage());
      }
    };
  }

  private ComposeEntry ended(ServerRequest request) {
    ComposeEntry entry = PathNames.compose(request, composes);
    if (!entry.state().ended()) {
      throw ApiException.badRequest(
          ApiError.BUILD_IN_WRONG_STATE,
          "Build %s not in FINISHED or FAILED state.".formatted(entry.id()));
    }
    return entry;
  }

  private void image(ServerRequest request, ServerResponse response) {
    ComposeEntry entry = ended(request);
    Optional<ImageFile> found = image(entry);
    if (found.isEmpty()) {
      throw ApiException.badRequest(
          ApiError.BUILD_MISSING_FILE,
          "Build %s is missing image file %s".formatted(entry.id(), imageName(entry)));
    }
    try (ImageFile image = found.get()) {
      new Download(
              image.channel(), entry.id() + "-" + image.name(), image.size(), image.lastModified())
          .send(request, response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<ImageFile> image(ComposeEntry entry) {
    try {
      return results.image(entry);
    } catch (ComposeFailureException e) {
      throw ApiException.badRequest(ApiError.COMPOSE_ERROR, e.getMessage());
    }
  }

  /** What the image is called or, when there is none, would have been called. */
  private String imageName(ComposeEntry entry) {
    return entry.imageName().isEmpty()
        ? types.find(entry.type()).map(OutputType::imageName).orElse("")
        : entry.imageName();
  }
}
