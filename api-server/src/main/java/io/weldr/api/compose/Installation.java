package io.weldr.api.compose;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** How the worker gets packages into an image, and so which programs the host needs for it. */
enum Installation {
  /** By the package manager of the image. */
  DIRECT,

  /** By Anaconda, out of the sources. */
  ANACONDA,

  /**
   * By Anaconda, out of a repository the worker makes of packages whose signatures it has checked.
   */
  ANACONDA_CHECKED;

  /** What makes a repository. */
  private static final List<String> REPOSITORY = List.of("createrepo_c");

  /**
   * The one there is.
   *
   * @param signed whether packages of a source must be signed
   */
  static Installation of(boolean anaconda, BooleanSupplier signed) {
    if (!anaconda) {
      return DIRECT;
    }
    return signed.getAsBoolean() ? ANACONDA_CHECKED : ANACONDA;
  }

  /** Whether Anaconda installs. */
  boolean anaconda() {
    return this != DIRECT;
  }

  /**
   * Why a type cannot be made in this way, as far as programs are the reason.
   *
   * @param directTools programs that only the direct installer needs for it
   */
  Optional<String> disabled(List<String> directTools, Predicate<String> programs) {
    return switch (this) {
      case DIRECT ->
          TypeDescriptor.lacking(
              directTools, programs, ", with which it could be made without Anaconda");
      case ANACONDA -> Optional.empty();
      case ANACONDA_CHECKED ->
          TypeDescriptor.lacking(
              REPOSITORY,
              programs,
              ", with which Anaconda would get packages whose signatures are checked");
    };
  }

  /** What blueprints cannot have in this way, as a sentence, if a program is missing for it. */
  Optional<String> limit(Predicate<String> programs) {
    return this == ANACONDA
        ? TypeDescriptor.lacking(REPOSITORY, programs, ", with which Anaconda would get them")
            .map("Packages of repos.git cannot be made"::concat)
        : Optional.empty();
  }
}
