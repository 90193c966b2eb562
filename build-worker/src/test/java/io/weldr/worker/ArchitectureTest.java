package io.weldr.worker;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between packages that docs/architecture.md draws, and the calls nobody may make. */
class ArchitectureTest {
  private static final String ROOT = "io.weldr.worker.";

  /** For each package, the packages of this program that it may use. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry("rpc", List.of("job", "build", "kickstart", "image", "host", "audit", "spec")),
          Map.entry("job", List.of("build", "image", "host", "audit", "spec")),
          Map.entry(
              "build",
              List.of(
                  "kickstart",
                  "installer",
                  "installer.anaconda",
                  "installer.git",
                  "image",
                  "host",
                  "spec")),
          Map.entry("installer", List.of("installer.git", "kickstart", "image", "host", "spec")),
          Map.entry("installer.anaconda", List.of("installer", "kickstart", "host", "spec")),
          Map.entry("installer.git", List.of("host", "spec")),
          Map.entry("kickstart", List.of("spec")),
          Map.entry("image", List.of("host", "spec")),
          Map.entry("host", List.of()),
          Map.entry("audit", List.of("host")),
          Map.entry("spec", List.of()));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.weldr.worker");

  @TestFactory
  Stream<DynamicTest> packagesUseOnlyWhatIsBelowThem() {
    return ARROWS.entrySet().stream()
        .map(
            arrow ->
                DynamicTest.dynamicTest(
                    arrow.getKey(), () -> onlyUses(arrow.getKey(), arrow.getValue())));
  }

  private static void onlyUses(String from, List<String> allowed) {
    List<String> packages = new ArrayList<>(allowed);
    packages.add(from);
    String[] inside = packages.stream().map(name -> ROOT + name).toArray(String[]::new);
    check(
        classes()
            .that()
            .resideInAPackage(ROOT + from)
            .should()
            .onlyDependOnClassesThat(
                not(resideInAPackage("io.weldr.worker..")).or(resideInAnyPackage(inside))));
  }

  @Test
  void onlyTheRpcPackageKnowsTheProtocol() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "rpc")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.weldr.proto..", "io.grpc.."));
  }

  @Test
  void onlyTheHostPackageStartsProcessesAndCallsTheSystem() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "host")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.foreign..", "jnr..")
            .orShould()
            .callMethod(Runtime.class, "exec", String[].class));
  }

  @Test
  void nobodyUsesTheDefaultTemporaryDirectoryOrPrintsStackTraces() {
    check(
        noClasses()
            .should()
            .callMethod(
                Files.class, "createTempFile", String.class, String.class, FileAttribute[].class)
            .orShould()
            .callMethod(Files.class, "createTempDirectory", String.class, FileAttribute[].class)
            .orShould()
            .callMethod(Throwable.class, "printStackTrace"));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }
}
