package io.weldr.api.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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
  private final Map<Installation, Variant> variants;
  private final Supplier<Installation> present;

  private OutputTypes(
      Path directory, Map<Installation, Variant> variants, Supplier<Installation> present) {
    this.directory = directory;
    this.variants = variants;
    this.present = present;
  }

  /**
   * What the directory has, whatever installs.
   *
   * @param descriptors by the name of their type
   */
  private record Installed(SortedMap<String, TypeDescriptor> descriptors, List<String> problems) {}

  /** What there is with one kind of installation. */
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
   * @param signed whether packages of a source must be signed
   * @throws IOException when the directory cannot be listed
   */
  public static OutputTypes read(
      Path directory, String machine, Supplier<Optional<Boolean>> anaconda, BooleanSupplier signed)
      throws IOException {
    boolean guess = isInstalled(ANACONDA);
    return read(
        directory,
        machine,
        OutputTypes::isInstalled,
        () -> Installation.of(anaconda.get().orElse(guess), signed));
  }

  /** The same for a host that has the programs of that name. */
  static OutputTypes read(
      Path directory, String machine, Predicate<String> programs, Supplier<Installation> present)
      throws IOException {
    Installed installed = installed(directory);
    Map<Installation, Variant> variants = new EnumMap<>(Installation.class);
    for (Installation installation : Installation.values()) {
      variants.put(installation, variant(installed, machine, programs, installation));
    }
    OutputTypes types = new OutputTypes(directory, variants, present);
    types.problems().forEach(problem -> LOG.log(Level.WARNING, problem));
    return types;
  }

  private static Installed installed(Path directory) throws IOException {
    SortedMap<String, TypeDescriptor> descriptors = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (String name : names(directory)) {
      try {
        TypeDescriptor descriptor = TypeDescriptor.read(directory.resolve(name + ".toml"));
        TemplatePackages.read(directory.resolve(name + ".ks"));
        descriptors.put(name, descriptor);
      } catch (IOException e) {
        problems.add("Output type " + name + " is left out: " + e.getMessage());
      }
    }
    return new Installed(descriptors, problems);
  }

  private static Variant variant(
      Installed installed, String machine, Predicate<String> programs, Installation installation) {
    List<OutputType> types = new ArrayList<>();
    installed
        .descriptors()
        .forEach(
            (name, descriptor) ->
                types.add(type(name, descriptor, machine, programs, installation)));
    List<String> problems = new ArrayList<>(installed.problems());
    problems.addAll(disabled(types));
    installation.limit(programs).ifPresent(problems::add);
    return new Variant(types, problems);
  }

  private Variant present() {
    return variants.get(present.get());
  }

  private static OutputType type(
      String name,
      TypeDescriptor descriptor,
      String machine,
      Predicate<String> programs,
      Installation installation) {
    return new OutputType(
        name,
        descriptor.disabled(machine, programs, installation),
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

  /** How systems are installed at present. */
  Installation installation() {
    return present.get();
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
