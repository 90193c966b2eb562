package io.weldr.api.http;

/**
 * One entry of {@code errors} in a reply.
 *
 * @param id for programs, such as {@code UnknownBlueprint}
 * @param msg for people
 */
public record ApiError(String id, String msg) {
  static final String HTTP_ERROR = "HTTPError";
  static final String INVALID_CHARS = "InvalidChars";
  static final String BAD_LIMIT_OR_OFFSET = "BadLimitOrOffset";
  static final String BLUEPRINTS_ERROR = "BlueprintsError";
  static final String UNKNOWN_BLUEPRINT = "UnknownBlueprint";
  static final String UNKNOWN_COMMIT = "UnknownCommit";
  static final String PROJECTS_ERROR = "ProjectsError";
  static final String UNKNOWN_PROJECT = "UnknownProject";
  static final String MODULES_ERROR = "ModulesError";
  static final String UNKNOWN_MODULE = "UnknownModule";
  static final String SYSTEM_SOURCE = "SystemSource";
  static final String UNKNOWN_SOURCE = "UnknownSource";
  static final String DISTRO_ERROR = "DistroError";
  static final String MISSING_POST = "MissingPost";
  static final String BAD_COMPOSE_TYPE = "BadComposeType";
  static final String UNKNOWN_UUID = "UnknownUUID";
  static final String BUILD_IN_WRONG_STATE = "BuildInWrongState";
  static final String BUILD_MISSING_FILE = "BuildMissingFile";
  static final String COMPOSE_ERROR = "ComposeError";
  static final String UPLOAD_ERROR = "UploadError";
}
