package io.weldr.api.blueprint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a checked {@link Blueprint} out of a document; finds every problem, in contract order. */
final class BlueprintReader {
  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "description",
          "version",
          "modules",
          "packages",
          "groups",
          "customizations",
          "repos",
          "distro",
          "architecture",
          "enabled_modules",
          "containers",
          // cockpit-composer sends what it got from a depsolve reply.
          "dependencies");

  private static final Set<String> PACKAGE_KEYS = Set.of("name", "version");
  private static final Set<String> GIT_KEYS =
      Set.of("rpmname", "rpmversion", "rpmrelease", "summary", "repo", "ref", "destination");

  private final TableReader root;
  private final Problems problems;

  private BlueprintReader(Document document, boolean strict) {
    this.problems = new Problems(document.positions());
    this.root = TableReader.of(document.root(), problems, strict);
  }

  /**
   * Reads a blueprint.
   *
   * @param strict whether keys nobody knows are problems, or left out
   * @throws InvalidBlueprintException when there is any problem
   */
  static Blueprint read(Document document, boolean strict) {
    BlueprintReader reader = new BlueprintReader(document, strict);
    Blueprint blueprint = reader.blueprint();
    if (!reader.problems.isEmpty()) {
      throw new InvalidBlueprintException(reader.problems.all());
    }
    return blueprint;
  }

  private Blueprint blueprint() {
    root.known(KNOWN);
    String name = required("name");
    String description = required("description");
    Optional<String> version = version();
    List<PackageEntry> modules = root.items("modules", this::packageEntry);
    List<PackageEntry> packages = root.items("packages", this::packageEntry);
    List<GroupEntry> groups = root.items("groups", this::groupEntry);
    List<GitRepository> repositories = gitRepositories();
    Optional<Customizations> customizations =
        customizations().map(table -> new CustomizationsReader(table).read());
    return new Blueprint(
        name,
        description,
        version,
        modules,
        packages,
        groups,
        customizations,
        repositories,
        root.text("distro", ValueRule.GROUP_ID),
        root.text("architecture", ValueRule.GROUP_ID),
        sections("enabled_modules", Blueprint.ModuleStream.class),
        sections("containers", Blueprint.Container.class));
  }

  private String required(String key) {
    if (!root.has(key)) {
      problems.add(key, "Missing '" + key + "'");
    }
    return root.text(key, ValueRule.ANY_TEXT).orElse("");
  }

  /**
   * An empty version counts as absent, as in osbuild-composer, and so does null: it is what replies
   * have for a workspace copy without a version, and what they have can be posted again.
   */
  private Optional<String> version() {
    Optional<Node> node = root.node("version");
    Optional<String> text =
        node.filter(Node.Text.class::isInstance).map(value -> ((Node.Text) value).value());
    boolean absent = node.isEmpty() || text.filter(String::isEmpty).isPresent();
    Optional<String> version = text.filter(v -> SemanticVersion.parse(v).isPresent());
    if (!absent && version.isEmpty()) {
      problems.add("version", "Invalid 'version', must use Semantic Versioning");
    }
    return version;
  }

  private Optional<PackageEntry> packageEntry(TableReader item) {
    item.known(PACKAGE_KEYS);
    Optional<String> name = nameOf(item, ValueRule.PACKAGE_NAME);
    String version =
        item.text("version", ValueRule.PACKAGE_VERSION).orElse(PackageEntry.ANY_VERSION);
    return name.map(n -> new PackageEntry(n, version));
  }

  private Optional<GroupEntry> groupEntry(TableReader item) {
    item.known(Set.of("name"));
    return nameOf(item, ValueRule.GROUP_ID).map(GroupEntry::new);
  }

  /** The name of an item; an empty one counts as missing. */
  static Optional<String> nameOf(TableReader item, ValueRule rule) {
    item.requires("name");
    Optional<Node> empty = item.node("name").filter(new Node.Text("")::equals);
    if (empty.isPresent()) {
      item.problem("name", "must not be empty");
    }
    return item.text("name", rule);
  }

  private List<GitRepository> gitRepositories() {
    return root.table("repos")
        .map(
            repos -> {
              repos.known(Set.of("git"));
              return repos.items("git", this::gitRepository);
            })
        .orElse(List.of());
  }

  private Optional<GitRepository> gitRepository(TableReader item) {
    item.known(GIT_KEYS);
    item.requires("rpmname", "rpmversion", "rpmrelease", "summary", "repo", "ref", "destination");
    return Optional.of(
        new GitRepository(
            item.present("rpmname", ValueRule.RPM_NAME),
            item.present("rpmversion", ValueRule.RPM_VERSION),
            item.present("rpmrelease", ValueRule.RPM_VERSION),
            item.present("summary", ValueRule.SUMMARY),
            item.present("repo", ValueRule.GIT_URL),
            item.present("ref", ValueRule.GIT_REF),
            item.present("destination", ValueRule.DIRECTORY)));
  }

  /** The table, or, as lorax-composer takes it too, the first of a list of tables. */
  private Optional<TableReader> customizations() {
    Optional<Node> first =
        root.node("customizations")
            .filter(Node.Sequence.class::isInstance)
            .map(list -> ((Node.Sequence) list).items())
            .filter(items -> !items.isEmpty())
            .map(List::getFirst);
    if (first.isPresent()) {
      return TableReader.of(
              new Node.Table(Map.of("customizations", first.get())), problems, root.strict())
          .table("customizations");
    }
    return root.table("customizations");
  }

  private <S extends Section> List<S> sections(String key, Class<S> type) {
    return root.items(key, item -> Optional.of(SectionMapping.of(type).read(item)));
  }
}
