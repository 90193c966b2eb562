package io.weldr.api.server;

import io.weldr.api.http.ApiServer;
import io.weldr.api.http.Limits;
import io.weldr.api.http.Resources;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;

/** Starts the API server and puts its parts together. */
public final class Main {
  private static final Logger LOG;

  static {
    // Before the first logger, and by its name: the class itself would make the usual manager.
    System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
    LOG = System.getLogger(Main.class.getName());
  }

  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  /** Where Helidon believes to listen: it deletes the path when it stops. */
  private static final UnixDomainSocketAddress PREPARED =
      UnixDomainSocketAddress.of("/dev/null/prepared");

  private Main() {}

  /** The program; see {@link CommandLine} for its arguments. */
  public static void main(String[] arguments) {
    // Numbers are written the same way whatever the language of the system.
    Locale.setDefault(Locale.ROOT);
    ListenerProvider.install();
    try {
      switch (CommandLine.parse(List.of(arguments))) {
        case CommandLine.Request.Run run -> run(run.commandLine());
        case CommandLine.Request.ShowVersion version ->
            print(System.out, "weldr-composer-" + Version.text());
        case CommandLine.Request.ShowHelp help -> print(System.out, CommandLine.help());
      }
    } catch (UsageException e) {
      print(System.err, CommandLine.usage());
      print(System.err, "weldr-composer: error: " + SafeText.line(e.getMessage()));
      System.exit(BAD_USAGE);
    }
  }

  private static void print(PrintStream stream, String text) {
    stream.println(text);
  }

  private static void run(CommandLine commandLine) {
    LogFiles.toStandardError();
    try {
      serve(commandLine);
    } catch (StartupException e) {
      e.messages().forEach(message -> LOG.log(Level.ERROR, message));
      LOG.log(Level.DEBUG, "cause", e);
      System.exit(FAILED);
    } catch (FileSystemException e) {
      LOG.log(
          Level.ERROR,
          "Cannot use {0} ({1}); user {2} must have access to it.",
          e.getFile(),
          e.getClass().getSimpleName(),
          commandLine.user());
      LOG.log(Level.DEBUG, "cause", e);
      System.exit(FAILED);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, "The server cannot start", e);
      System.exit(FAILED);
    }
  }

  private static void serve(CommandLine commandLine) throws StartupException, IOException {
    Configuration configuration = Configuration.read(commandLine);
    ServerSocketChannel listener =
        new Privileged(commandLine, configuration).listenAndDrop(System.getenv());
    Application application = new Application();
    Resources resources = application.assemble(commandLine.blueprints(), configuration);
    ListenerProvider.prepare(listener);
    ApiServer server = ApiServer.start(PREPARED, resources, Limits.standard());
    ServiceManager manager = new ServiceManager(System.getenv());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  manager.stopping();
                  server.close();
                  application.close();
                },
                "stop"));
    LOG.log(
        Level.INFO,
        "Starting weldr-composer-{0} on {1} with blueprints from {2}",
        Version.text(),
        commandLine.socket(),
        commandLine.blueprints());
    manager.ready();
  }
}
