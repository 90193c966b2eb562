package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weldr.systemtests.VirtualMachine.Firmware;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * One row of {@code docs/boot-matrix.md} after the other: a type is composed, looked at as a file,
 * and started by BIOS and by UEFI. Test classes share out the types, so that two machines run at
 * once; {@code make check-boot} runs them all.
 */
final class BootMatrix implements AutoCloseable {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  /** Types whose kickstarts disable the firewall: a blueprint cannot ask for one. */
  private static final Set<String> FIREWALL_DISABLED = Set.of("google", "openstack");

  /** Types without an EFI system partition; they are started by BIOS twice. */
  private static final Set<String> BIOS_ONLY = Set.of("alibaba");

  /** Bytes of the footer of a VHD, and where in it the kind of disk stands; 2 is a fixed one. */
  private static final int VHD_FOOTER = 512;

  private static final int VHD_KIND = 60;
  private static final int VHD_FIXED = 2;

  private final BootedDistribution distribution;
  private final ImageFactory factory;

  BootMatrix(BootedDistribution distribution) {
    this.distribution = distribution;
    this.factory = new ImageFactory(distribution, "slots = 1");
  }

  @Override
  public void close() {
    factory.close();
  }

  /**
   * A disk.
   *
   * @param format as qemu-img names it, or {@code tar} for one in an archive
   * @param cloud whether cloud-init sets it up
   */
  void assertDiskStarts(String type, String format, boolean cloud) throws IOException {
    Instant begin = Instant.now();
    boolean firewall = !FIREWALL_DISABLED.contains(type);
    ImageFactory.Image image =
        firewall ? factory.compose(type) : factory.compose(type, factory.blueprint());
    long compose = since(begin);
    Path disk = format.equals("tar") ? unpacked(image.file()) : image.file();
    String driver = format.equals("tar") ? "raw" : format;
    assertFormat(driver, disk);
    String[] seed = cloud ? VirtualMachine.secondDisk(seed()) : new String[0];

    begin = Instant.now();
    String first;
    try (VirtualMachine machine =
        VirtualMachine.ofDisk(disk, driver, Firmware.BIOS, factory.work(), seed)) {
      BootedSystem system = factory.system(machine);
      system.awaitStarted();
      system.assertAsTheBlueprintSays(image.frozen());
      if (firewall) {
        system.assertFirewall();
      } else {
        system.assertNoFirewall();
      }
      if (cloud) {
        // The user that cloud-init made, with the key that the seed gave.
        assertEquals("cloud\n", machine.ssh(factory.key(), "cloud", "id -un"));
      }
      first = system.machineId();
    }
    long bios = since(begin);
    begin = Instant.now();
    Firmware second = BIOS_ONLY.contains(type) ? Firmware.BIOS : Firmware.UEFI;
    try (VirtualMachine machine =
        VirtualMachine.ofDisk(disk, driver, second, factory.work(), seed)) {
      BootedSystem system = factory.system(machine);
      system.awaitStarted();
      assertEquals(second == Firmware.UEFI, system.startedFromUefi());
      assertNotEquals(first, system.machineId());
    }
    String time = since(begin) + (second == Firmware.UEFI ? "" : " (BIOS again)");
    report(type, image.file(), compose, bios, time);
  }

  /** A live system, from CD and from a disk. */
  void assertLiveSystemStarts() throws IOException {
    String start = "Start " + distribution.title.split(" ")[0];
    Instant begin = Instant.now();
    Path image = factory.compose("live-iso").file();
    long compose = since(begin);
    begin = Instant.now();
    try (VirtualMachine machine = VirtualMachine.ofCd(image, Firmware.BIOS, factory.work())) {
      machine.choose("Test this medium", distribution.testEntry);
      machine.awaitShown(distribution.goodMedium);
    }
    try (VirtualMachine machine = VirtualMachine.ofCd(image, Firmware.BIOS, factory.work())) {
      machine.choose(start, distribution.testEntry - 1);
      assertLive(factory.system(machine));
    }
    long bios = since(begin);
    begin = Instant.now();
    try (VirtualMachine machine = VirtualMachine.ofCd(image, Firmware.UEFI, factory.work())) {
      machine.choose(start, distribution.testEntry - 1);
      assertLive(factory.system(machine));
    }
    // As from a USB stick.
    try (VirtualMachine machine =
        VirtualMachine.ofDisk(image, "raw", Firmware.BIOS, factory.work())) {
      machine.choose(start, distribution.testEntry - 1);
      assertLive(factory.system(machine));
    }
    report("live-iso", image, compose, bios, since(begin));
  }

  private static void assertLive(BootedSystem system) {
    assertTrue(system.ask("findmnt -no FSTYPE /").contains("overlay"));
    assertEquals("liveuser\n", system.ask("getent passwd liveuser | cut -d: -f1"));
    assertTrue(system.ask("cat /proc/cmdline").contains(" weldr.test=a+b*c"));
  }

  private static void assertFormat(String format, Path disk) throws IOException {
    JsonNode info =
        new ObjectMapper()
            .readTree(Command.must("qemu-img", "info", "--output=json", "-f", format, disk));
    long size = info.get("virtual-size").asLong();
    assertEquals(0, size % MIB, "size in whole MiB");
    switch (format) {
      case "vmdk" ->
          assertEquals("streamOptimized", info.at("/format-specific/data/create-type").asText());
      case "vpc" -> assertFixedVhd(disk, size);
      default -> {
        assertTrue(info.get("actual-size").asLong() < size, "sparse");
      }
    }
  }

  /** What Azure takes: fixed, a footer behind whole MiB. */
  private static void assertFixedVhd(Path disk, long size) throws IOException {
    assertEquals(size + VHD_FOOTER, Files.size(disk));
    ByteBuffer footer = ByteBuffer.allocate(VHD_FOOTER);
    try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.READ)) {
      channel.read(footer, size);
    }
    assertEquals(VHD_FIXED, footer.getInt(VHD_KIND));
  }

  /** What Compute Engine takes: one member, of whole GiB. */
  private Path unpacked(Path archive) throws IOException {
    assertEquals("disk.raw\n", Command.must("tar", "-tzf", archive));
    Command.must("tar", "-xSzf", archive, "-C", factory.work());
    Path disk = factory.work().resolve("disk.raw");
    assertEquals(0, Files.size(disk) % GIB);
    return disk;
  }

  /** A disk that cloud-init takes for its source of configuration (NoCloud). */
  private Path seed() throws IOException {
    Path directory = Files.createDirectories(factory.work().resolve("seed"));
    Files.writeString(
        directory.resolve("meta-data"), "instance-id: one\nlocal-hostname: vm01.example.com\n");
    Files.writeString(
        directory.resolve("user-data"),
        """
        #cloud-config
        users:
          - name: cloud
            shell: /bin/bash
            ssh_authorized_keys: ["%s"]
        """
            .formatted(factory.publicKey().strip()));
    Path seed = factory.work().resolve("seed.iso");
    Command.must(
        "xorriso", "-as", "mkisofs", "-quiet", "-V", "cidata", "-r", "-o", seed, directory);
    return seed;
  }

  private static long since(Instant begin) {
    return Duration.between(begin, Instant.now()).toSeconds();
  }

  private void report(String type, Path image, long compose, long bios, Object second)
      throws IOException {
    BootReport.started(
        distribution.title,
        type,
        image.getFileName(),
        Files.size(image) / MIB,
        compose,
        bios,
        second);
  }
}
