package io.weldr.worker.installer.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/** Makes JGit ignore every git configuration of the host: none may add a command or a proxy. */
final class IsolatedGit extends SystemReader.Delegate {
  private IsolatedGit(SystemReader host) {
    super(host);
  }

  /** Takes effect for the whole process. */
  static void install() {
    SystemReader.setInstance(new IsolatedGit(SystemReader.getInstance()));
  }

  @Override
  public String getenv(String variable) {
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
    EmptyConfig(Config parent, FS fs) {
      super(parent, null, fs);
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
