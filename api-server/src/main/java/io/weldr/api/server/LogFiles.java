package io.weldr.api.server;

import io.weldr.api.http.RequestLog;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/**
 * Where log lines go: the main log, one line per request to {@code server.log} beside it, and
 * standard error for the journal.
 */
final class LogFiles {
  // The log manager holds loggers weakly.
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OURS = Logger.getLogger("io.weldr");
  private static final Logger CLOCK_OF_JGIT = Logger.getLogger("org.eclipse.jgit.util.FS");
  private static final Logger REQUESTS = Logger.getLogger(RequestLog.LOGGER);

  private LogFiles() {}

  /** Lines of level INFO to standard error, until files are opened. */
  static void toStandardError() {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ROOT.setLevel(Level.WARNING);
    OURS.setLevel(Level.FINE);
    // JGit measures how fine the file system's clock is, in the directory a new repository is made
    // in. When that has got its final name meanwhile, JGit reports a stack trace and carries on.
    CLOCK_OF_JGIT.setLevel(Level.OFF);
    ROOT.addHandler(handler(System.err, LogFormat.Form.SHORT, Level.INFO));
    REQUESTS.setUseParentHandlers(false);
  }

  /**
   * Opens the files and appends to them.
   *
   * @param log the main log; the other one is put beside it
   * @throws StartupException when one cannot be written
   */
  static void open(Path log) throws StartupException {
    ROOT.addHandler(handler(append(log), LogFormat.Form.FULL, Level.FINE));
    REQUESTS.addHandler(
        handler(append(log.resolveSibling("server.log")), LogFormat.Form.PLAIN, Level.INFO));
  }

  /** Not a channel: one is closed for good when a thread that was interrupted writes to it. */
  private static OutputStream append(Path file) throws StartupException {
    try (FileChannel created =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")))) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new StartupException("The log " + file + " is not a regular file.");
      }
      return new FileOutputStream(file.toFile(), true);
    } catch (IOException e) {
      throw new StartupException(
          "Cannot write the log " + file + " (" + e + "); choose another with --log.", e);
    }
  }

  private static Handler handler(OutputStream stream, LogFormat.Form form, Level level) {
    Handler handler = new FlushingHandler(stream, new LogFormat(form));
    handler.setLevel(level);
    return handler;
  }

  /** Every line is written when it is logged. */
  private static final class FlushingHandler extends StreamHandler {
    FlushingHandler(OutputStream stream, LogFormat format) {
      super(stream, format);
      try {
        setEncoding("UTF-8");
      } catch (IOException e) {
        throw new IllegalStateException("every Java has UTF-8", e);
      }
    }

    @Override
    public synchronized void publish(LogRecord log) {
      super.publish(log);
      flush();
    }
  }
}
