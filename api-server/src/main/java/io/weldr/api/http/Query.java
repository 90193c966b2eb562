package io.weldr.api.http;

import io.helidon.webserver.http.ServerRequest;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.blueprint.InvalidNameException;
import java.util.Optional;

/** The arguments behind the question mark. Of an argument given twice the first counts. */
record Query(ServerRequest request) {

  static Query of(ServerRequest request) {
    return new Query(request);
  }

  /** An argument, decoded; present and empty when it is given without a value. */
  Optional<String> value(String name) {
    return request.query().contains(name)
        ? Optional.of(request.query().first(name).orElse(""))
        : Optional.empty();
  }

  /** The {@code branch} argument, by default master. */
  BranchName branch() {
    return value("branch").map(Query::branch).orElse(BranchName.MASTER);
  }

  /** A branch that a request names. */
  static BranchName branch(String name) {
    try {
      return BranchName.of(name);
    } catch (InvalidNameException e) {
      throw ApiException.badRequest(
          ApiError.INVALID_CHARS, "Invalid characters in branch argument");
    }
  }

  /** Whether the {@code format} argument asks for TOML; any other word means JSON. */
  boolean toml() {
    String format = value("format").orElse("json");
    if (!PathNames.isGeneral(format)) {
      throw ApiException.badRequest(
          ApiError.INVALID_CHARS, "Invalid characters in format argument");
    }
    return format.equals("toml");
  }

  /** The {@code offset} and {@code limit} arguments. */
  Pagination pagination(int standardLimit) {
    return new Pagination(notNegative("offset", 0), notNegative("limit", standardLimit));
  }

  private long notNegative(String name, long standard) {
    Optional<String> text = value(name);
    if (text.isEmpty()) {
      return standard;
    }
    try {
      long number = QueryIntegers.parseLong(text.get());
      if (number < 0) {
        throw ApiException.badRequest(
            ApiError.BAD_LIMIT_OR_OFFSET, name + " must not be negative: " + number);
      }
      return number;
    } catch (QueryIntegers.NotAnInteger e) {
      throw ApiException.badRequest(ApiError.BAD_LIMIT_OR_OFFSET, e.getMessage());
    }
  }
}
