package io.weldr.worker.build;

import io.weldr.worker.image.OutputType;
import io.weldr.worker.image.RootSize;
import io.weldr.worker.installer.TreeConfiguration;
import io.weldr.worker.installer.anaconda.CheckedKickstart;
import io.weldr.worker.kickstart.ClearPartitions;
import io.weldr.worker.kickstart.CustomizationMerge;
import io.weldr.worker.kickstart.DiskLayout;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.kickstart.KickstartWriter;
import io.weldr.worker.kickstart.PackageSource;
import io.weldr.worker.kickstart.Packages;
import io.weldr.worker.kickstart.Partition;
import io.weldr.worker.kickstart.Section;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The kickstart a compose is built from: {@code final-kickstart.ks} of the results.
 *
 * <p>Security: made of a template that belongs to root and of typed values. What was written is
 * read back and compared before anybody uses it, so a value can never have become a command.
 */
public final class FinalKickstart {
  private FinalKickstart() {}

  /**
   * Renders it.
   *
   * @param template text of the output type's template
   * @return the text of the file
   * @throws KickstartException when the job asks for something that cannot be written or that the
   *     installer cannot carry out; the message is for the person who composes
   */
  public static String render(
      JobSpec job, OutputType type, String template, Distribution distribution)
      throws KickstartException {
    return render(job, type, template, distribution, false);
  }

  /**
   * As above.
   *
   * @param anaconda whether Anaconda reads it, which knows more commands than the direct installer
   */
  public static String render(
      JobSpec job, OutputType type, String template, Distribution distribution, boolean anaconda)
      throws KickstartException {
    checkSources(job, distribution.family());
    Kickstart read = KickstartParser.template(template);
    if (anaconda) {
      CheckedKickstart.check(job, read);
    } else {
      refuseSources(read);
    }
    Kickstart kickstart = merge(job, type, read, distribution, anaconda);
    String text = KickstartWriter.write(kickstart);
    if (!KickstartParser.document(text).equals(kickstart)) {
      throw new KickstartException("a value cannot be written into the kickstart as it is");
    }
    if (anaconda) {
      AnacondaRules.check(kickstart, type.image());
    } else {
      DiskRequest.of(TreeConfiguration.of(kickstart).disk());
    }
    return "# Rendered for compose %s, output type %s.\n%s"
        .formatted(job.composeId(), type.name(), text);
  }

  private static void checkSources(JobSpec job, PackageFamily family) throws KickstartException {
    for (SourceSpec source : job.sources()) {
      Optional<PackageFamily> other = PackageFamily.of(source).filter(found -> found != family);
      if (other.isPresent()) {
        throw new KickstartException(
            "the source \"%s\" has %s, and images are made of %s here"
                .formatted(source.id(), other.get().packages(), family.packages()));
      }
    }
  }

  private static Kickstart merge(
      JobSpec job, OutputType type, Kickstart template, Distribution distribution, boolean anaconda)
      throws KickstartException {
    CustomizationMerge merge = new CustomizationMerge(job.customizations(), distribution);
    List<Section> sections = new ArrayList<>(sources(job, template));
    if (type.image().hasFileSystem() && !DiskLayout.isIn(template)) {
      sections.add(ClearPartitions.WHOLE_DISK.command());
      sections.add(Partition.root(RootSize.mebibytes(job)).command());
    }
    sections.addAll(merge.head(template));
    sections.add(packages(job, template.packages().getFirst(), distribution, anaconda));
    sections.addAll(merge.tail());
    return new Kickstart(sections);
  }

  /** Anaconda adds the core itself, so it must be told what not to take of it. */
  private static Packages packages(
      JobSpec job, Packages template, Distribution distribution, boolean anaconda) {
    List<PackageSpec> solved = job.allPackages(distribution.family()).toList();
    List<String> entries = new ArrayList<>();
    solved.forEach(pkg -> entries.add(entry(pkg, distribution.family())));
    if (anaconda) {
      template.entries().stream()
          .filter(entry -> entry.startsWith("-"))
          .filter(entry -> solved.stream().noneMatch(pkg -> isLike(pkg.name(), entry.substring(1))))
          .forEach(entries::add);
    }
    return new Packages(template.options(), entries);
  }

  /** Whether a name is what a pattern with {@code *} and {@code ?} stands for. */
  private static boolean isLike(String name, String pattern) {
    String quoted = Pattern.quote(pattern.strip());
    return name.matches(quoted.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
  }

  /** Packages were solved from the sources before; those of a template would never be asked. */
  private static void refuseSources(Kickstart template) throws KickstartException {
    for (String name : List.of(PackageSource.URL, PackageSource.REPO)) {
      if (!template.commands(name).isEmpty()) {
        throw KickstartException.unsupportedCommand(name);
      }
    }
  }

  /** Those of the job come before the template's own; of several {@code url} the last counts. */
  private static List<Section> sources(JobSpec job, Kickstart template) throws KickstartException {
    List<Section> sections = new ArrayList<>();
    boolean installs = template.commands(PackageSource.URL).isEmpty();
    for (SourceSpec source : job.sources()) {
      Optional<String> name =
          installs && sections.isEmpty()
              ? Optional.empty()
              : Optional.of("composer-" + (installs ? sections.size() - 1 : sections.size()));
      sections.add(new PackageSource(name, source).command());
    }
    return sections;
  }

  /**
   * As the package manager reads it: {@code name:architecture=version} for apt-get, {@code
   * name-[epoch:]version-release.architecture} for dnf.
   */
  static String entry(PackageSpec pkg, PackageFamily family) {
    return switch (family) {
      case APT -> pkg.name() + ":" + pkg.architecture() + "=" + pkg.fullVersion();
      case RPM -> pkg.name() + "-" + pkg.fullVersion() + "." + pkg.architecture();
    };
  }
}
