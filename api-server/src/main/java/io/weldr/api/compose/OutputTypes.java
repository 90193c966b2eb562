package io.weldr.api.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The output types that are installed: {@code NAME.ks} and {@code NAME.toml} in one directory. A
 * half type (a template without descriptor, a descriptor with mistakes) is left out and reported in
 * {@link #problems}. Read at start.
 */
public final class OutputTypes {
  private static final Logger LOG = System.getLogger(OutputTypes.class.getName());

  /** Where the worker looks for programs. */
  private static final List<Path> PROGRAMS =
      Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin").map(Path::of).toList();

  private static final String ANACONDA = "anaconda";

  private final Path directory;
  private final Variant direct;
  private final Variant anaconda;
  private final BooleanSupplier usesAnaconda;

  private OutputTypes(
      Path directory, Variant direct, Variant anaconda, BooleanSupplier usesAnaconda) {
    this.directory = directory;
    this.direct = direct;
    this.anaconda = anaconda;
    this.usesAnaconda = usesAnaconda;
  }

  /** What there is with one of the installers. */
  private record Variant(List<OutputType> types, List<String> problems) {
    Variant {
      types = List.copyOf(types);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads the directory.
   *
   * @param directory {@code SHARE/composer}
   * @param machine the machine's name as {@code uname -m} says it
   * @param anaconda whether it installs, as the worker says; empty while that is not known
   * @throws IOException when the directory cannot be listed
   */
  public static OutputTypes read(
      Path directory, String machine, Supplier<Optional<Boolean>> anaconda) throws IOException {
    boolean guess = isInstalled(ANACONDA);
    return read(directory, machine, OutputTypes::isInstalled, () -> anaconda.get().orElse(guess));
  }

  /** The same for a host that has the programs of that name. */
  static OutputTypes read(
      Path directory, String machine, Predicate<String> programs, BooleanSupplier usesAnaconda)
      throws IOException {
    OutputTypes types =
        new OutputTypes(
            directory,
            variant(directory, machine, programs, false),
            variant(directory, machine, programs, true),
            usesAnaconda);
    types.problems().forEach(problem -> LOG.log(Level.WARNING, problem));
    return types;
  }

  private static Variant variant(
      Path directory, String machine, Predicate<String> programs, boolean anaconda)
      throws IOException {
    List<OutputType> types = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String name : names(directory)) {
      try {
        types.add(type(directory, name, machine, programs, anaconda));
      } catch (IOException e) {
        problems.add("Output type " + name + " is left out: " + e.getMessage());
      }
    }
    problems.addAll(disabled(types));
    return new Variant(types, problems);
  }

  private Variant present() {
    return usesAnaconda.getAsBoolean() ? anaconda : direct;
  }

  private static OutputType type(
      Path directory, String name, String machine, Predicate<String> programs, boolean anaconda)
      throws IOException {
    TypeDescriptor descriptor = TypeDescriptor.read(directory.resolve(name + ".toml"));
    TemplatePackages.read(directory.resolve(name + ".ks"));
    return new OutputType(
        name,
        descriptor.disabled(machine, programs, anaconda),
        descriptor.imageName(),
        descriptor.kind().sized(),
        descriptor.starters(),
        descriptor.unsupported());
  }

  /** One sentence for all types that are disabled for one reason. */
  private static List<String> disabled(List<OutputType> types) {
    Map<String, List<String>> names = new TreeMap<>();
    for (OutputType type : types) {
      type.disabled()
          .ifPresent(why -> names.computeIfAbsent(why, w -> new ArrayList<>()).add(type.name()));
    }
    return names.entrySet().stream()
        .map(entry -> disabled(entry.getValue(), entry.getKey()))
        .toList();
  }

  private static String disabled(List<String> names, String why) {
    return names.size() == 1
        ? "Output type " + names.getFirst() + " is disabled" + why
        : "Output types " + String.join(", ", names) + " are disabled" + why;
  }

  private static boolean isInstalled(String program) {
    return PROGRAMS.stream().anyMatch(place -> Files.isExecutable(place.resolve(program)));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".ks"))
          .map(file -> file.substring(0, file.length() - ".ks".length()))
          .filter(name -> name.matches("[a-z0-9][a-z0-9-]{0,31}"))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** All types, sorted by name, disabled ones included. */
  public List<OutputType> list() {
    return present().types();
  }

  /** One type by name. */
  public Optional<OutputType> find(String name) {
    return list().stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /** What was left out or is disabled, one sentence each; for the messages of the status reply. */
  public List<String> problems() {
    return present().problems();
  }

  /** The names of all types, as error messages list them. */
  String known() {
    return list().stream()
        .map(type -> "'" + type.name() + "'")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** The kickstart template of an installed type. */
  Path template(OutputType type) {
    return directory.resolve(type.name() + ".ks");
  }
}
