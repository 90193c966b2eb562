package io.weldr.api.compose;

import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BranchName;

/**
 * What a client asks for when it starts a compose.
 *
 * @param blueprint a committed blueprint of the branch; a workspace copy does not count
 * @param type name of the output type, as the client wrote it: not yet known to exist
 * @param size bytes wanted for the image; 0 = what the content needs
 * @param submitter uid of the client; submitters take turns when many composes wait
 */
public record ComposeRequest(
    BlueprintName blueprint,
    BranchName branch,
    String type,
    TestMode test,
    long size,
    int submitter) {

  public ComposeRequest {
    if (size < 0) {
      throw new IllegalArgumentException("size must not be negative: " + size);
    }
  }
}
