package io.weldr.api.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The part of the start that root does, when root starts the program: directories, logs and the
 * socket, then root is given up for good. No request is accepted before that.
 */
final class Privileged {
  private static final Logger LOG = System.getLogger(Privileged.class.getName());
  private static final int MASK_OF_ROOT = 022;
  private static final int MASK_OF_USER = 027;

  private final CommandLine commandLine;
  private final Configuration configuration;
  private final boolean root = Libc.effectiveUid() == 0;

  Privileged(CommandLine commandLine, Configuration configuration) {
    this.commandLine = commandLine;
    this.configuration = configuration;
  }

  /**
   * Runs it.
   *
   * @param environment of the process
   * @return the listening socket; the process is the API user now
   */
  ServerSocketChannel listenAndDrop(Map<String, String> environment) throws StartupException {
    Libc.umask(root ? MASK_OF_ROOT : MASK_OF_USER);
    boolean logging = root && openLogsAsRoot();
    LOG.log(Level.INFO, Selinux.state());
    Identity identity = Identity.lookUp(commandLine.user(), commandLine.group());
    boolean handedOver = ListeningSocket.handedOver(environment);
    ServerSocketChannel listener =
        root ? asRoot(identity, handedOver) : asUser(identity, handedOver);
    PrivilegeDrop.perform(identity);
    Libc.umask(MASK_OF_USER);
    if (!logging) {
      LogFiles.open(commandLine.log());
    }
    OwnedDirectory.checkOwner(commandLine.blueprints(), identity);
    return listener;
  }

  /**
   * Opens the logs where only root can put files; elsewhere somebody could have put a link to a
   * file of root's, so there they are opened after the drop.
   */
  private boolean openLogsAsRoot() throws StartupException {
    Path directory = commandLine.log().getParent();
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    } catch (IOException e) {
      throw new StartupException("Cannot create the directory of the logs " + directory + ".", e);
    }
    if (!OwnedDirectory.onlyRootWrites(directory)) {
      return false;
    }
    LogFiles.open(commandLine.log());
    return true;
  }

  private ServerSocketChannel asRoot(Identity identity, boolean handedOver)
      throws StartupException {
    OwnedDirectory.create(configuration.libDirectory(), 0, identity.gid());
    Path results = configuration.libDirectory().resolve("results");
    if (Files.exists(results)) {
      OwnedDirectory.checkStateDirectory(results);
    }
    OwnedDirectory.create(configuration.cacheDirectory(), identity.uid(), identity.gid());
    OwnedDirectory.create(commandLine.blueprints(), identity.uid(), identity.gid());
    OwnedDirectory.handOver(commandLine.blueprints(), identity);
    Path sources = configuration.libDirectory().resolve("sources");
    OwnedDirectory.create(sources, identity.uid(), identity.gid());
    if (handedOver) {
      return ListeningSocket.adopt();
    }
    Path directory = commandLine.socket().getParent();
    OwnedDirectory.create(directory, 0, identity.gid());
    OwnedDirectory.checkSocketDirectory(directory, identity.gid(), identity.group());
    return ListeningSocket.bind(commandLine.socket(), identity.gid());
  }

  private ServerSocketChannel asUser(Identity identity, boolean handedOver)
      throws StartupException {
    if (Libc.effectiveUid() != identity.uid()) {
      throw new StartupException(
          "Started with uid %d, but --user %s has uid %d."
              .formatted(Libc.effectiveUid(), identity.user(), identity.uid()));
    }
    if (!handedOver) {
      throw new StartupException(
          "Start it as root, or through systemd with the socket unit: only then can "
              + commandLine.socket()
              + " belong to root.");
    }
    return ListeningSocket.adopt();
  }
}
