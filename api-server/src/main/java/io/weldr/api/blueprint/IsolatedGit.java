package io.weldr.api.blueprint;

import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Makes JGit ignore every git configuration of the host and the user. By default it runs {@code git
 * config --system}, reads {@code ~/.gitconfig} and writes {@code ~/.config/jgit}.
 */
final class IsolatedGit extends SystemReader.Delegate {
  static {
    SystemReader.setInstance(new IsolatedGit(SystemReader.getInstance()));
  }

  private IsolatedGit(SystemReader host) {
    super(host);
  }

  /** Takes effect once per process. */
  static void install() {
    // The static initialiser did it.
  }

  @Override
  public String getenv(String variable) {
    // GIT_DIR, GIT_CONFIG_* and the like come from whoever started the server.
    return variable.startsWith("GIT_") ? null : super.getenv(variable);
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new EmptyConfig(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new EmptyConfig(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new EmptyConfig(parent, fs);
  }

  private static final class EmptyConfig extends FileBasedConfig {
    private static final long TICK_MILLIS = 10;

    EmptyConfig(Config parent, FS fs) {
      super(parent, null, fs);
    }

    /**
     * Answers how coarse the file system's clock is, which JGit would otherwise measure for seconds
     * with probe files in the repository. Linux stamps files with the time of its last tick, at
     * most 10 ms old.
     */
    @Override
    public long getTimeUnit(
        String section, String subsection, String name, long defaultValue, TimeUnit unit) {
      return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
          ? unit.convert(TICK_MILLIS, TimeUnit.MILLISECONDS)
          : super.getTimeUnit(section, subsection, name, defaultValue, unit);
    }

    @Override
    public void load() {
      // There is no file.
    }

    @Override
    public void save() {
      // What JGit learns about the host stays in memory.
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
