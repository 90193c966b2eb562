package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.image.OutputType;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.spec.AnacondaProgram;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.GitAccess;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.Target;
import io.weldr.worker.spec.TestMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks where Anaconda installs, with the recorded stand-in for it. */
class AnacondaDiskTest {
  private static final Path RECORDED = Path.of("src/test/resources/anaconda");

  private final Path directory =
      Path.of("target/anaconda-disk", UUID.randomUUID().toString()).toAbsolutePath();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "part / --size=1024 | 1 | 1026",
        "part / --size 1024 --fstype=xfs --asprimary | 1 | 1026",
        "reqpart --add-boot;part / --size=1024 | 1 | 2550",
        "reqpart;partition / --size=1000;part swap --recommended | 1 | 3550",
        "part / --size=1024 | 1024 | 2048",
        "part / --size=1022 | 1024 | 1024",
        "autopart --type=lvm | 1 | 6646"
      })
  void theDiskIsAsLargeAsWhatIsPutOnIt(String commands, int align, long mebibytes)
      throws Exception {
    var kickstart = KickstartParser.document(commands.replace(';', '\n') + "\n%packages\n%end\n");
    assertEquals(mebibytes, AnacondaDisk.mebibytes(kickstart, 3072, align));
  }

  @ParameterizedTest
  @CsvSource({"qcow2, disk.qcow2, qcow2", "partitioned-disk, disk.img, raw", "vhd, disk.vhd, vpc"})
  void anInstalledDiskBecomesTheImage(String type, String image, String format) throws Exception {
    JobEvent.Finished finished = compose(type, "success-33");

    assertEquals(image, finished.imageName());
    Path file = directory.resolve("results").resolve(image);
    StringBuilder told = new StringBuilder();
    Subprocess.of("/usr/bin/qemu-img", "info", "-f", format, "--", file.toString())
        .output(line -> told.append(line).append('\n'))
        .check();
    assertTrue(told.toString().contains("file format: " + format), told.toString());
    assertTrue(told.toString().contains("virtual size: 2.4"), told.toString());
    List<String> seen = Files.readAllLines(directory.resolve("results/logs/anaconda/seen.log"));
    assertTrue(seen.contains("/run/work/image/weldr-" + Jobs.ID + ".img"), seen::toString);
  }

  @Test
  void googlesArchiveHasTheDiskUnderItsName() throws Exception {
    compose("google", "success-33");

    List<String> members = new ArrayList<>();
    Subprocess.of("/usr/bin/tar", "-tzf", directory.resolve("results/disk.tar.gz").toString())
        .output(members::add)
        .check();
    assertEquals(List.of("disk.raw"), members);
  }

  private JobEvent.Finished compose(String type, String transcript) throws Exception {
    Path results = Files.createDirectories(directory.resolve("results"));
    Files.createDirectories(directory.resolve("work"));
    Path program = directory.resolve("recorded-anaconda");
    Files.copy(RECORDED.resolve("recorded-anaconda"), program, StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(RECORDED.resolve(transcript + ".transcript"), directory.resolve("transcript"));
    JobSpec job =
        Jobs.job(
            type,
            GoldenCases.rpms(),
            List.of(
                GoldenCases.rpm(
                    SourceSpec.RpmAddress.Kind.BASE_URL, "https://repo.example.com/", false)),
            Customizations.NONE,
            TestMode.NONE);
    JobSettings settings = settings(results, program);
    String kickstart =
        FinalKickstart.render(
            job,
            OutputType.load(GoldenCases.SHARE, type),
            Files.readString(OutputType.template(GoldenCases.SHARE, type)),
            Distribution.load(GoldenCases.SHARE.resolve("distros/fedora.toml")).forRelease("33"),
            true);
    Files.writeString(results.resolve(Compose.FINAL_KICKSTART), kickstart);
    return run(job, settings);
  }

  private JobSettings settings(Path results, Path program) {
    return new JobSettings(
        directory,
        results,
        directory.resolve("work/job"),
        GoldenCases.SHARE,
        new Target("fedora", "33"),
        Optional.of(new AnacondaProgram(program, "Fedora", "33", 60)),
        GitAccess.NONE,
        directory.resolve("cache"),
        OptionalInt.empty(),
        OptionalLong.empty(),
        0,
        0);
  }

  private JobEvent.Finished run(JobSpec job, JobSettings settings) throws Exception {
    try (JobEvents events = new JobEvents(directory);
        BuildLog log = BuildLog.open(settings.resultsDir(), 0)) {
      return new Compose(job, settings).run(new Progress(events, log));
    }
  }
}
