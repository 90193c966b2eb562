package io.weldr.api.source;

import io.weldr.api.store.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * The sources packages come from: the host's own, read at start, and those users added, each in a
 * file {@code ID.json}. A user source never takes the id of a system source.
 */
public final class SourceStore {
  private static final Logger LOG = System.getLogger(SourceStore.class.getName());

  private final Path directory;
  private final PackageFamily family;
  private final SequencedMap<String, Source> system = new LinkedHashMap<>();
  private final SequencedMap<String, Source> added = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private SourceStore(Path directory, PackageFamily family) {
    this.directory = directory;
    this.family = family;
  }

  /**
   * Reads the sources of the host and the stored ones. What cannot be read is left out, logged, and
   * reported in {@link #problems}: a damaged source must not keep the server from starting.
   *
   * @param directory made if missing
   * @param family what packages this host works with; sources of another are left out
   * @throws IOException when the directory cannot be made or listed
   */
  public static SourceStore open(Path directory, PackageFamily family, HostSources host)
      throws IOException {
    SourceStore store = new SourceStore(directory, family);
    DurableFiles.createDirectories(directory);
    try {
      host.read().forEach(source -> store.system.putIfAbsent(source.id(), source));
    } catch (IOException e) {
      store.problem("The sources of this host are not used: " + e.getMessage());
    }
    for (Path file : store.files()) {
      store.load(file);
    }
    return store;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".json") && !DurableFiles.isTemporary(file))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void load(Path file) {
    try {
      Source source = SourceJson.parse(Files.readAllBytes(file));
      SourceChecks.check(source);
      checkFamily(source);
      if (!file(source.id()).equals(file)) {
        throw new InvalidSourceException("it is for source " + source.id());
      }
      if (system.containsKey(source.id())) {
        throw new InvalidSourceException("the host has a source of this id");
      }
      SourceChecks.checkBeside(source, list());
      added.put(source.id(), source);
    } catch (IOException | InvalidSourceException e) {
      problem("The source in " + file + " is not used: " + e.getMessage());
    }
  }

  private void problem(String message) {
    LOG.log(Level.WARNING, message);
    problems.add(message);
  }

  /** All sources: the host's in the order of its configuration, then the others by id. */
  public synchronized List<Source> list() {
    return Stream.concat(
            system.values().stream(), added.values().stream().sorted(SourceStore::byId))
        .toList();
  }

  private static int byId(Source a, Source b) {
    return a.id().compareTo(b.id());
  }

  public synchronized Optional<Source> find(String id) {
    return Optional.ofNullable(system.get(id)).or(() -> Optional.ofNullable(added.get(id)));
  }

  /**
   * Adds a source, or replaces the user source of its id; durable when this returns.
   *
   * @throws InvalidSourceException when a value is not allowed
   * @throws SystemSourceException when the id belongs to the host
   * @throws IOException when it cannot be stored; nothing has changed then
   */
  public synchronized void save(Source source)
      throws InvalidSourceException, SystemSourceException, IOException {
    check(source);
    DurableFiles.write(file(source.id()), SourceJson.print(source));
    added.put(source.id(), source);
  }

  /**
   * Whether a source could be saved now: its id, its values, and how it gets on with the others.
   *
   * @throws InvalidSourceException when a value is not allowed
   * @throws SystemSourceException when the id belongs to the host
   */
  public synchronized void check(Source source)
      throws InvalidSourceException, SystemSourceException {
    if (system.containsKey(source.id())) {
      throw new SystemSourceException(source.id(), "changed");
    }
    checkFamily(source);
    SourceChecks.check(source);
    SourceChecks.checkBeside(source, list());
  }

  private void checkFamily(Source source) throws InvalidSourceException {
    if (source.type().family() != family) {
      throw new InvalidSourceException(
          "This host works with "
              + family.packages()
              + ": a source of type "
              + source.type().word()
              + " cannot be used here, only "
              + String.join(", ", SourceType.words(family))
              + ".");
    }
  }

  /** What users should know of the sources they added, one sentence each. */
  public synchronized List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Source source : list()) {
      if (!source.system() && !source.checkTls()) {
        warnings.add("Source " + source.id() + " is used without checking its TLS certificate.");
      }
      if (!source.system() && !source.checkSignature()) {
        warnings.add("Source " + source.id() + " is used without checking signatures.");
      }
    }
    return warnings;
  }

  /** Whether packages of some source must be signed. */
  public synchronized boolean wantsSignatures() {
    return list().stream().anyMatch(Source::checkSignature);
  }

  /**
   * Removes a user source.
   *
   * @throws UnknownSourceException when there is none of this id
   * @throws SystemSourceException when it belongs to the host
   */
  public synchronized void delete(String id)
      throws UnknownSourceException, SystemSourceException, IOException {
    if (system.containsKey(id)) {
      throw new SystemSourceException(id, "deleted");
    }
    if (!added.containsKey(id)) {
      throw new UnknownSourceException(id);
    }
    DurableFiles.delete(file(id));
    added.remove(id);
  }

  /** What was left out at start, one sentence each; for the messages of the status reply. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** Only of an id that was checked: no separator, no leading dot. */
  private Path file(String id) {
    return directory.resolve(id + ".json");
  }
}
