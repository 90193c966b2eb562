package io.weldr.worker;

import io.weldr.worker.host.Failpoint;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command of job processes; the job's directory is its last argument.
 *
 * <p>Security: a job finds native libraries and puts temporary files where the worker itself does,
 * in directories of root's, never in /tmp.
 */
final class JobCommand {
  private static final Logger LOG = System.getLogger(JobCommand.class.getName());
  private static final String MAIN = "io.weldr.worker.build.JobMain";
  private static final List<String> AS_THE_WORKER =
      List.of("java.io.tmpdir", "jffi.boot.library.path", "org.newsclub.net.unix.library.override");

  /** Given by the launcher when there is one: the archive of classes of prepare-start. */
  private static final String ARCHIVE = "io.weldr.classes";

  private JobCommand() {}

  static List<String> of(Path java) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+DisableAttachMechanism"));
    command.add("--enable-native-access=ALL-UNNAMED");
    // As in the launcher: with other modules Java does not take the archive.
    command.add("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
    for (String property : AS_THE_WORKER) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }
    String archive = System.getProperty(ARCHIVE);
    if (archive != null) {
      command.add("-XX:SharedArchiveFile=" + archive);
    }
    Failpoint.directory().ifPresent(at -> command.add(failpoints(at)));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    return command;
  }

  /** Only under test: beside the worker's own, in a directory {@code job}. */
  private static String failpoints(Path own) {
    LOG.log(Level.WARNING, "failpoints are on: this worker is under test");
    return "-D" + Failpoint.PROPERTY + "=" + own.resolveSibling("job");
  }
}
