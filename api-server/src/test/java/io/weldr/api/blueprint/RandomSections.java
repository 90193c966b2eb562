package io.weldr.api.blueprint;

import io.weldr.api.blueprint.DiskSection.Filesystem;
import io.weldr.api.blueprint.DiskSection.LogicalVolume;
import io.weldr.api.blueprint.DiskSection.Partition;
import io.weldr.api.blueprint.DiskSection.Subvolume;
import io.weldr.api.blueprint.FileSections.Directory;
import io.weldr.api.blueprint.FileSections.RegularFile;
import io.weldr.api.blueprint.FirstbootSection.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Makes valid sections of osbuild-composer out of a seed. */
final class RandomSections {
  private final Random random;
  private int names;

  RandomSections(Random random) {
    this.random = random;
  }

  OsbuildSections next() {
    boolean whole = random.nextBoolean();
    return new OsbuildSections(
        maybe(() -> List.of("raw", "lvm", "auto-lvm").get(random.nextInt(3))),
        maybe(() -> "/dev/" + name()),
        flag(),
        whole ? List.of() : some(this::filesystem),
        whole ? maybe(this::disk) : Optional.empty(),
        some(
            () ->
                new Directory("/etc/" + name(), account(), account(), maybe(() -> "0755"), flag())),
        some(this::file),
        some(this::repository),
        maybe(() -> new OsbuildSections.Containers(maybe(() -> "/var/" + name()))),
        maybe(
            () ->
                new OsbuildSections.Fdo(
                    maybe(() -> "https://" + name()),
                    Optional.empty(),
                    maybe(this::name),
                    Optional.empty(),
                    maybe(this::name))),
        maybe(this::openscap),
        maybe(this::ignition),
        maybe(this::installer),
        maybe(() -> new FirstbootSection(some(this::script))),
        maybe(
            () ->
                new OsbuildSections.Rpm(
                    maybe(() -> new OsbuildSections.ImportKeys(some(() -> "/etc/" + name()))))),
        maybe(this::rhsm),
        maybe(() -> new OsbuildSections.Cacerts(some(() -> CERTIFICATE))),
        maybe(() -> new OsbuildSections.Dnf(maybe(() -> new OsbuildSections.DnfConfig(flag())))),
        maybe(
            () ->
                new OsbuildSections.Iso(
                    maybe(() -> "V_" + names), maybe(this::name), maybe(this::name))),
        maybe(
            () ->
                new OsbuildSections.Sshd(
                    flag(),
                    maybe(() -> (long) random.nextInt(100)),
                    maybe(
                        () ->
                            random.nextBoolean()
                                ? new Node.Flag(true)
                                : new Node.Text("prohibit-password")),
                    flag())));
  }

  private Filesystem filesystem() {
    return random.nextBoolean()
        ? new Filesystem("/" + name(), Optional.of(size()), Optional.empty())
        : new Filesystem("/" + name(), Optional.empty(), Optional.of(size()));
  }

  private DataSize size() {
    return DataSize.of(
            random.nextBoolean()
                ? new Node.Whole(1 + random.nextInt(1 << 30))
                : new Node.Text((1 + random.nextInt(99)) + (random.nextBoolean() ? " GiB" : "MB")))
        .orElseThrow();
  }

  private DiskSection disk() {
    List<Partition> partitions = new ArrayList<>(some(this::plain));
    if (random.nextBoolean()) {
      partitions.add(random.nextBoolean() ? group() : volume());
    }
    return new DiskSection(
        maybe(() -> "gpt"),
        maybe(this::size),
        maybe(this::size),
        maybe(() -> 1L << (9 + random.nextInt(4))),
        partitions);
  }

  private Partition plain() {
    boolean swap = random.nextInt(4) == 0;
    return new Partition(
        maybe(() -> "plain"),
        maybe(() -> "0FC63DAF-8483-4772-8E79-3D69D8477DE4"),
        maybe(() -> "0fc63daf-8483-4772-8e79-3d69d8477de4"),
        maybe(this::name),
        Optional.of(size()),
        swap ? Optional.empty() : Optional.of("/" + name()),
        maybe(this::name),
        swap ? Optional.of("swap") : maybe(() -> "xfs"),
        Optional.empty(),
        List.of(),
        List.of());
  }

  private Partition group() {
    return partition(
        "lvm",
        maybe(this::name),
        some(
            () ->
                new LogicalVolume(
                    maybe(this::name),
                    Optional.of(size()),
                    Optional.of("/" + name()),
                    maybe(this::name),
                    maybe(() -> "ext4"))),
        List.of());
  }

  private Partition volume() {
    List<Subvolume> subvolumes = new ArrayList<>(some(() -> new Subvolume(name(), "/" + name())));
    subvolumes.add(new Subvolume(name(), "/" + name()));
    return partition("btrfs", Optional.empty(), List.of(), subvolumes);
  }

  private Partition partition(
      String type, Optional<String> name, List<LogicalVolume> volumes, List<Subvolume> subvolumes) {
    return new Partition(
        Optional.of(type),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        maybe(this::size),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        name,
        volumes,
        subvolumes);
  }

  private RegularFile file() {
    boolean inline = random.nextBoolean();
    return new RegularFile(
        "/etc/" + name(),
        account(),
        account(),
        maybe(() -> "644"),
        inline ? maybe(() -> "line\n\t\"" + name() + "\"\\\n") : Optional.empty(),
        inline ? Optional.empty() : maybe(() -> "file:///srv/" + name()));
  }

  private RepositorySection repository() {
    return new RepositorySection(
        name(),
        maybe(this::name),
        List.of("https://example.com/" + name()),
        maybe(() -> "https://example.com/$basearch"),
        Optional.empty(),
        List.of("https://example.com/key"),
        flag(),
        flag(),
        flag(),
        maybe(() -> (long) random.nextInt(99) - 9),
        flag(),
        flag(),
        maybe(() -> name() + ".repo"),
        flag());
  }

  private OsbuildSections.Openscap openscap() {
    boolean json = random.nextBoolean();
    return new OsbuildSections.Openscap(
        maybe(() -> "/usr/share/" + name()),
        Optional.of(name()),
        maybe(this::name),
        json
            ? Optional.empty()
            : maybe(() -> new OsbuildSections.Tailoring(some(this::name), some(this::name))),
        json
            ? maybe(() -> new OsbuildSections.JsonTailoring(name(), "/etc/" + name()))
            : Optional.empty());
  }

  private OsbuildSections.Ignition ignition() {
    return new OsbuildSections.Ignition(
        maybe(() -> new OsbuildSections.Embedded("aGVsbG8=")),
        maybe(
            () ->
                random.nextBoolean()
                    ? new OsbuildSections.ProvisioningUrl(
                        maybe(() -> "https://" + name()), Optional.empty())
                    : new OsbuildSections.ProvisioningUrl(Optional.empty(), flag())));
  }

  private InstallerSection installer() {
    boolean own = random.nextBoolean();
    return new InstallerSection(
        own ? Optional.empty() : flag(),
        own ? List.of() : some(() -> "%" + name()),
        maybe(
            () ->
                new InstallerSection.Kickstart(
                    own ? maybe(() -> "rootpw --lock\nreboot\n") : Optional.empty())),
        maybe(() -> new InstallerSection.Modules(some(this::name), some(this::name))),
        maybe(
            () ->
                new InstallerSection.Bootloader(
                    maybe(
                        () ->
                            new InstallerSection.Grub2(
                                maybe(() -> (long) random.nextInt(60) - 1))))),
        maybe(
            () ->
                new InstallerSection.Payload(
                    maybe(() -> new InstallerSection.Flatpaks(some(this::name))))));
  }

  private Script script() {
    String type = List.of("custom", "satellite", "aap").get(random.nextInt(3));
    return new Script(
        type,
        maybe(this::name),
        flag(),
        some(this::name),
        some(this::name),
        type.equals("custom") ? Optional.of("#!/bin/sh\n" + name()) : Optional.empty(),
        type.equals("satellite") ? Optional.of("curl " + name()) : Optional.empty(),
        type.equals("custom") ? List.of() : some(this::name),
        type.equals("aap") ? Optional.of("https://" + name()) : Optional.empty(),
        type.equals("aap") ? Optional.of(name()) : Optional.empty());
  }

  private OsbuildSections.Rhsm rhsm() {
    return new OsbuildSections.Rhsm(
        maybe(
            () ->
                new OsbuildSections.RhsmConfig(
                    maybe(
                        () ->
                            new OsbuildSections.DnfPlugins(
                                maybe(() -> new OsbuildSections.Plugin(flag())),
                                maybe(() -> new OsbuildSections.Plugin(flag())))),
                    maybe(
                        () ->
                            new OsbuildSections.SubscriptionManager(
                                maybe(() -> new OsbuildSections.RhsmPart(flag(), flag())),
                                maybe(() -> new OsbuildSections.Rhsmcertd(flag())))))));
  }

  private Optional<AccountReference> account() {
    return maybe(
        () ->
            random.nextBoolean()
                ? new AccountReference(Optional.of(name()), 0)
                : new AccountReference(Optional.empty(), random.nextInt(60_000)));
  }

  private Optional<Boolean> flag() {
    return maybe(random::nextBoolean);
  }

  /** Another one each time, so that nothing is there twice. */
  private String name() {
    return "n" + names++;
  }

  private <T> Optional<T> maybe(Supplier<T> supplier) {
    return random.nextInt(3) == 0 ? Optional.of(supplier.get()) : Optional.empty();
  }

  private <T> List<T> some(Supplier<T> supplier) {
    List<T> items = new ArrayList<>();
    for (int i = Math.max(0, random.nextInt(6) - 3); i > 0; i--) {
      items.add(supplier.get());
    }
    return items;
  }

  static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBfDCCASGgAwIBAgIUCL5ouSp5WqeWZTXkeCxpVZG+hWcwCgYIKoZIzj0EAwIw
      EjEQMA4GA1UEAwwHZXhhbXBsZTAgFw0yNjExMjMwNzQ5NTFaGA8yMTI2MTAzMDA3
      NDk1MVowEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEH
      A0IABHb2C0FGxFHTLrSztEqXzW0BpPi2I4M1kNnfalcZ/95P0FM7DkESnsFyHBcp
      djBVSyasgwpOoLn4bY6YkqhdbsyjUzBRMB0GA1UdDgQWBBTo1hwodim29MQ7c5l4
      bsdYlE0pJTAfBgNVHSMEGDAWgBTo1hwodim29MQ7c5l4bsdYlE0pJTAPBgNVHRMB
      Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQD4lDXjZvjKzXkh9ZAY7hVJZ6C3
      DKu/TxYDHPpOOOhHiQIhAOSqT55RSDIGSs98kuDluTsgmidPYBsihttoBAI4Ufw5
      -----END CERTIFICATE-----
      """;
}
