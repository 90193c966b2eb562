package io.weldr.api.blueprint;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word somebody probably meant to type. */
final class SimilarWord {
  private static final int MAX_DISTANCE = 2;

  private SimilarWord() {}

  /** The nearest of some words, at most two letters off (Levenshtein distance). */
  static Optional<String> of(String typed, Collection<String> words) {
    return words.stream()
        .filter(word -> Math.abs(word.length() - typed.length()) <= MAX_DISTANCE)
        .filter(word -> distance(typed, word) <= MAX_DISTANCE)
        .min(Comparator.comparingInt((String word) -> distance(typed, word)).thenComparing(w -> w));
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
