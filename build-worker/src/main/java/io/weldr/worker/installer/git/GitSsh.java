package io.weldr.worker.installer.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.transport.SshConfigStore;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/**
 * How JGit speaks ssh: with the keys of one directory, and only to servers that its {@code
 * known_hosts} names (sshd(8)). Keys have no passphrase.
 *
 * <p>Security: no configuration, agent or key of a user is read, no program is run, and a server
 * that is not known, or shows another key, gets neither a key nor a question.
 */
final class GitSsh {
  private static final String KNOWN_HOSTS = "known_hosts";

  private GitSsh() {}

  /**
   * Takes effect for the whole process.
   *
   * @param directory has {@code known_hosts} and private keys, with any names
   */
  static void install(Path directory) {
    SshSessionFactory.setInstance(
        new SshdSessionFactoryBuilder()
            .setPreferredAuthentications("publickey")
            .setHomeDirectory(directory.toFile())
            .setSshDirectory(directory.toFile())
            .setConfigStoreFactory((home, file, user) -> new Strict())
            .setDefaultKnownHostsFiles(ssh -> List.of(directory.resolve(KNOWN_HOSTS)))
            .setDefaultIdentities(ssh -> keys(directory))
            .setConnectorFactory(null)
            .build(null));
  }

  private static List<Path> keys(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !file.getFileName().toString().equals(KNOWN_HOSTS))
          .filter(file -> !file.getFileName().toString().endsWith(".pub"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the keys for ssh cannot be read", e);
    }
  }

  /** ssh_config(5) for every server. */
  private static final class Strict implements SshConfigStore, SshConfigStore.HostConfig {
    private static final String CHECKING = "StrictHostKeyChecking";

    @Override
    public HostConfig lookup(String host, int port, String user) {
      return this;
    }

    @Override
    public HostConfig lookupDefault(String host, int port, String user) {
      return this;
    }

    @Override
    public String getValue(String key) {
      return key.equalsIgnoreCase(CHECKING) ? "yes" : null;
    }

    @Override
    public List<String> getValues(String key) {
      return List.of();
    }

    @Override
    public Map<String, String> getOptions() {
      return Map.of(CHECKING, "yes");
    }

    @Override
    public Map<String, List<String>> getMultiValuedOptions() {
      return Map.of();
    }
  }
}
