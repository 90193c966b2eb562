package io.weldr.api.blueprint;

import java.util.List;
import java.util.Optional;

/**
 * A package repository that the image shall know.
 *
 * @param gpgkeys URLs or armoured keys
 * @param priority smaller is preferred
 * @param filename below /etc/yum.repos.d
 * @param installFrom whether the build uses it too
 */
public record RepositorySection(
    @Key(rule = ValueRule.REPOSITORY_ID) String id,
    @Key(rule = ValueRule.LINE) Optional<String> name,
    @Key(rule = ValueRule.URL) List<String> baseurls,
    @Key(rule = ValueRule.URL) Optional<String> metalink,
    @Key(rule = ValueRule.URL) Optional<String> mirrorlist,
    List<String> gpgkeys,
    Optional<Boolean> gpgcheck,
    Optional<Boolean> repoGpgcheck,
    Optional<Boolean> sslverify,
    @Key(least = -9_999, most = 9_999) Optional<Long> priority,
    Optional<Boolean> enabled,
    Optional<Boolean> moduleHotfixes,
    @Key(rule = ValueRule.REPOSITORY_FILE) Optional<String> filename,
    Optional<Boolean> installFrom)
    implements Section {
  private static final String ARMOUR = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

  public RepositorySection {
    baseurls = List.copyOf(baseurls);
    gpgkeys = List.copyOf(gpgkeys);
  }

  @Override
  public void check(TableReader table) {
    if (!table.has("baseurls") && !table.has("metalink") && !table.has("mirrorlist")) {
      table.requires("baseurls");
    }
    if (gpgcheck.filter(check -> check).isPresent() && gpgkeys.isEmpty()) {
      table.problem("gpgcheck", "needs gpgkeys");
    }
    for (int i = 0; i < gpgkeys.size(); i++) {
      if (!gpgkeys.get(i).startsWith(ARMOUR) && !ValueRule.URL.accepts(gpgkeys.get(i))) {
        table.problem("gpgkeys", i, "must be a URL or an armoured public key");
      }
    }
  }
}
