package io.weldr.api.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTypesTest {
  private static final Path INSTALLED = ComposeFixture.SHARE.resolve("composer");

  private static final String TAR = "kind = 'tar'\nimage_name = 'a'\n";
  private static final String GOOD = TAR + "compression = 'xz'\n";
  private static final String DISK = "kind = 'disk'\nimage_name = 'a'\n";

  @TempDir Path directory;

  @Test
  void theInstalledTypesAreTheThirteenOfLoraxComposer() throws IOException {
    OutputTypes types =
        OutputTypes.read(INSTALLED, "x86_64", program -> true, () -> Installation.DIRECT);

    assertEquals(
        "alibaba ami ext4-filesystem google hyper-v live-iso liveimg-tar openstack"
            + " partitioned-disk qcow2 tar vhd vmdk",
        String.join(" ", types.list().stream().map(OutputType::name).toList()));
    assertTrue(
        types.problems().stream().noneMatch(problem -> problem.contains("left out")),
        types.problems().toString());
    OutputType tar = types.find("tar").orElseThrow();
    assertTrue(tar.enabled() && !tar.sized() && tar.unsupported().contains("filesystem"));
    for (OutputType type : types.list()) {
      assertFalse(TemplatePackages.read(types.template(type)).names().isEmpty(), type.name());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "alibaba, disk.qcow2",
    "ami, disk.ami",
    "ext4-filesystem, filesystem.img",
    "google, disk.tar.gz",
    "hyper-v, disk.vhdx",
    "live-iso, live.iso",
    "liveimg-tar, root.tar.xz",
    "openstack, disk.qcow2",
    "partitioned-disk, disk.img",
    "qcow2, disk.qcow2",
    "tar, root.tar.xz",
    "vhd, disk.vhd",
    "vmdk, disk.vmdk"
  })
  void imagesHaveTheNamesOfLoraxComposer(String name, String image) throws IOException {
    OutputTypes types =
        OutputTypes.read(INSTALLED, "x86_64", program -> true, () -> Installation.DIRECT);

    assertEquals(image, types.find(name).orElseThrow().imageName());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x86_64 | ''",
        "riscv64 | ''",
        "aarch64 | alibaba google hyper-v vhd vmdk",
        "armv7l | alibaba ami google hyper-v vhd vmdk",
        "ppc64le | alibaba ami google hyper-v vhd vmdk",
        "s390x | alibaba ami google hyper-v vhd vmdk"
      })
  void someTypesAreNotForEveryMachine(String machine, String expected) throws IOException {
    OutputTypes types =
        OutputTypes.read(INSTALLED, machine, program -> true, () -> Installation.DIRECT);

    List<String> disabled =
        types.list().stream()
            .filter(type -> type.disabled().equals(Optional.of(" on this architecture")))
            .map(OutputType::name)
            .toList();
    assertEquals(expected, String.join(" ", disabled));
    assertEquals(
        !expected.isEmpty(),
        types.problems().stream().anyMatch(problem -> problem.endsWith(" on this architecture")));
  }

  @Test
  void whatTheHostLacksDisablesTheTypesThatNeedItAndIsTold() throws IOException {
    OutputTypes types =
        OutputTypes.read(
            INSTALLED, "x86_64", program -> !program.equals("xz"), () -> Installation.DIRECT);

    assertFalse(types.find("tar").orElseThrow().enabled());
    assertTrue(
        types.problems().contains("Output types liveimg-tar, tar are disabled: this host lacks xz"),
        types.problems().toString());
  }

  @Test
  void anacondaMakesDisksWithoutTheToolsOfTheDirectInstaller() throws IOException {
    AtomicReference<Installation> installation = new AtomicReference<>(Installation.DIRECT);
    OutputTypes types =
        OutputTypes.read(
            INSTALLED, "x86_64", program -> !program.equals("mcopy"), installation::get);

    assertTrue(types.find("alibaba").orElseThrow().enabled());
    assertEquals(
        Optional.of(": this host lacks mcopy, with which it could be made without Anaconda"),
        types.find("qcow2").orElseThrow().disabled());
    assertFalse(types.problems().isEmpty());

    // As soon as the worker says that it installs.
    installation.set(Installation.ANACONDA);
    assertTrue(types.find("qcow2").orElseThrow().enabled());
    assertEquals(List.of(), types.problems());
  }

  @Test
  void whatAnacondaLacksIsToldBeforeSomebodyComposes() throws IOException {
    AtomicBoolean anaconda = new AtomicBoolean(true);
    AtomicBoolean signed = new AtomicBoolean();
    OutputTypes types =
        OutputTypes.read(
            INSTALLED,
            "x86_64",
            program -> !program.equals("createrepo_c"),
            () -> Installation.of(anaconda.get(), signed::get));

    assertTrue(types.list().stream().allMatch(OutputType::enabled));
    assertEquals(
        List.of(
            "Packages of repos.git cannot be made: this host lacks createrepo_c, with which"
                + " Anaconda would get them"),
        types.problems());

    // As soon as there is a source whose packages must be signed.
    signed.set(true);
    String why =
        ": this host lacks createrepo_c, with which Anaconda would get packages whose signatures"
            + " are checked";
    assertTrue(
        types.list().stream().allMatch(type -> type.disabled().equals(Optional.of(why))),
        types.list().toString());
    assertEquals(1, types.problems().size(), types.problems().toString());
    assertTrue(types.problems().getFirst().endsWith(" are disabled" + why));

    anaconda.set(false);
    assertTrue(types.list().stream().allMatch(OutputType::enabled));
    assertEquals(List.of(), types.problems());
  }

  @Test
  void aTypeIsTwoFiles() throws IOException {
    add("mine", "kind = 'tar'\nimage_name = 'mine.tar.zst'\ncompression = 'zstd'\n");
    add(
        "vax",
        "kind = 'tar'\nimage_name = 'a.tar'\ncompression = 'none'\ndisabled_on = ['x86_64', 's390x']\n");

    OutputTypes types =
        OutputTypes.read(directory, "x86_64", program -> true, () -> Installation.DIRECT);

    assertEquals(
        List.of(
            new OutputType("mine", Optional.empty(), "mine.tar.zst", false, Set.of(), Set.of()),
            new OutputType(
                "vax", Optional.of(" on this architecture"), "a.tar", false, Set.of(), Set.of())),
        types.list());
    assertEquals(List.of("Output type vax is disabled on this architecture"), types.problems());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "image_name = ",
        "image_name = 'a'",
        "kind = 'tar'",
        "kind = 'tar'\nimage_name = 'a'",
        "kind = 'disc'\nimage_name = 'a'",
        "kind = 1\nimage_name = 'a'",
        TAR + "compression = 'lzma'",
        "kind = 'iso'\nimage_name = 'a'\ncompression = 'gzip'",
        TAR + "compression = 9",
        "kind = 'tar'\ncompression = 'xz'\nimage_name = '../a'",
        "kind = 'tar'\ncompression = 'xz'\nimage_name = 'a\\n'",
        GOOD + "firmware = ['bios']",
        GOOD + "lable = 'x'",
        GOOD + "tools = 'xz'",
        GOOD + "disabled_on = [1]",
        GOOD + "arguments = 'x'",
        GOOD + "[arguments]\nx = 1.5",
        GOOD + "[arguments]\nx = [1]",
        "kind = 'filesystem'\nimage_name = 'a'\nfilesystem = 'ext3'",
        "kind = 'filesystem'\nimage_name = 'a'\nfilesystem = 'ext4'\nlabel = 'a b'",
        DISK,
        DISK + "format = 'iso'",
        DISK + "format = 'raw'\nfirmware = ['coreboot']",
        DISK + "format = 'vpc'\nformat_options = ['-o x']",
        DISK + "format = 'raw'\nalign_mib = 0",
        DISK + "format = 'raw'\nalign_mib = '1'",
        DISK + "format = 'raw'\narchive = 'gzip'",
        DISK + "format = 'raw'\narchive = { inner_name = 'a' }",
        DISK + "format = 'raw'\narchive = { inner_name = '/a', compression = 'gzip' }"
      })
  void aBrokenDescriptorIsToldAndDisablesOnlyItself(String descriptor) throws IOException {
    add("good", GOOD);
    add("broken", descriptor);

    OutputTypes types =
        OutputTypes.read(directory, "x86_64", program -> true, () -> Installation.DIRECT);

    assertEquals(List.of("good"), types.list().stream().map(OutputType::name).toList());
    assertEquals(1, types.problems().size(), types.problems().toString());
    String problem = types.problems().getFirst();
    assertTrue(problem.startsWith("Output type broken is left out: "), problem);
    assertTrue(problem.contains("broken.toml"), problem);
  }

  @Test
  void whatIsNotAWholeTypeIsLeftOut() throws IOException {
    Files.writeString(directory.resolve("alone.ks"), "%packages\n");
    Files.writeString(directory.resolve("lonely.toml"), GOOD);
    add("closed", GOOD);
    Files.writeString(directory.resolve("closed.ks"), "%packages\n%end\n");
    add("Wrong Name", GOOD);

    OutputTypes types =
        OutputTypes.read(directory, "x86_64", program -> true, () -> Installation.DIRECT);

    assertEquals(List.of(), types.list());
    assertEquals(2, types.problems().size(), types.problems().toString());
    assertEquals(Optional.empty(), types.find("../alone"));
  }

  private void add(String name, String descriptor) throws IOException {
    Files.writeString(directory.resolve(name + ".ks"), "%packages\n");
    Files.writeString(directory.resolve(name + ".toml"), descriptor);
  }
}
