package io.weldr.api.blueprint;

import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/**
 * The name of a branch of blueprints: 1 to 200 letters, digits and {@code _,.+-} that git takes as
 * a branch name. The Weldr API also lets {@code :} and {@code *} through, but git does not.
 */
public record BranchName(String value) {
  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9_,.+-]{1,200}");

  /** Where blueprints live when a request names no branch. */
  public static final BranchName MASTER = new BranchName("master");

  public BranchName {
    if (!ALLOWED.matcher(value).matches()
        || value.startsWith("-")
        || value.equals(Constants.HEAD)
        || !Repository.isValidRefName(Constants.R_HEADS + value)) {
      throw new InvalidNameException(
          "Invalid branch name: it must be 1 to 200 of the characters a-z A-Z 0-9 _ , . + - and a"
              + " name that git allows (no leading '-' or '.', no trailing '.' or '.lock', no '..')");
    }
  }

  /**
   * Checks a name.
   *
   * @throws InvalidNameException when it is not allowed
   */
  public static BranchName of(String value) {
    return new BranchName(value);
  }

  /** The full name of the ref, {@code refs/heads/NAME}. */
  String ref() {
    return Constants.R_HEADS + value;
  }

  @Override
  public String toString() {
    return value;
  }
}
