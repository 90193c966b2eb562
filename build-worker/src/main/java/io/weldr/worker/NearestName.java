package io.weldr.worker;

import java.util.List;
import java.util.Optional;

/** The name somebody most likely meant. */
final class NearestName {
  private static final int FARTHEST = 3;

  private NearestName() {}

  /** The name that is at most three changed letters away and nearest. */
  static Optional<String> of(String typed, List<String> names) {
    Optional<String> best = Optional.empty();
    int distance = FARTHEST + 1;
    for (String name : names) {
      int candidate = distance(typed, name);
      if (candidate < distance) {
        distance = candidate;
        best = Optional.of(name);
      }
    }
    return best;
  }

  /** Levenshtein distance, row by row. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
