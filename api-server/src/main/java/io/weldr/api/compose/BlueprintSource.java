package io.weldr.api.compose;

import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.blueprint.CommittedBlueprint;
import java.util.Optional;

/** Where committed blueprints come from: {@code BlueprintRepository::newest}. */
@FunctionalInterface
public interface BlueprintSource {
  Optional<CommittedBlueprint> newest(BranchName branch, BlueprintName name);
}
