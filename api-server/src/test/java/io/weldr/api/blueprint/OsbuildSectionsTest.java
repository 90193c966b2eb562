package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sections of section 10 of the contract's blueprint part. */
class OsbuildSectionsTest {
  private static final String HEAD = "name = \"a\"\ndescription = \"\"\n";

  private static OsbuildSections sections(String toml) {
    return BlueprintParser.fromToml(HEAD + toml).customizations().orElseThrow().osbuild();
  }

  private static String problems(String toml) {
    return assertThrows(
            InvalidBlueprintException.class, () -> BlueprintParser.fromToml(HEAD + toml))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "partitioning_mode = 'zfs' | customizations.partitioning_mode must be raw, lvm or auto-lvm",
        "fips = 'yes' | customizations.fips must be true or false",
        "filesystem = [{mountpoint = 1, minsize = 1}] | 1 'mountpoint' must be a text",
        "filesystem = [{mountpoint = '/x'}] | 1 is missing 'minsize'",
        "filesystem = [{mountpoint = '/x', minsize = 0}] | 1 'minsize' must be more than 0",
        "filesystem = [{mountpoint = '/x', minsize = '1 XB'}] | 1 'minsize' must be a number of",
        "filesystem = [{mountpoint = '/x', minsize = 1, size = 1}] | 1 'size' cannot be used",
        "filesystem = [{mountpoint = '/x/../y', minsize = 1}] | 1 'mountpoint' must be an absolute",
        "filesystem = [{mountpoint = '/x', minsize = 1, unit = 'G'}] | 1 'unit' is not a known key",
        "disk = {type = 'mbr'} | unknown partition table type: mbr (valid: gpt, dos)",
        "disk = {sector_size = 513} | sector_size must be a power of two",
        "disk.partitions = [{type = 'zfs'}] | unknown partition type: zfs",
        "disk.partitions = [{mountpoint = '/'}] | minsize is required",
        "disk.partitions = [{mountpoint = '/', minsize = 1, x = 1}] | 'x' is not a known key",
        "disk.partitions = [{minsize = 1, fs_type = 'swap', mountpoint = '/s'}] | cannot be used",
        "disk.partitions = [{minsize = 1, fs_type = 'ntfs', mountpoint = '/s'}] | fs_type must be",
        "disk.partitions = [{minsize = 1, fs_type = 'vfat', mountpoint = '/boot'}] | /boot must be",
        "disk.partitions = [{minsize = 1, mountpoint = '/boot/efi'}] | /boot/efi must be vfat",
        "disk.partitions = [{type = 'btrfs', minsize = 1}] | needs at least one of subvolumes",
        "disk.partitions = [{type = 'lvm', label = 'x'}] | label does not fit the type",
        "disk.partitions = [{type = 'lvm'}, {type = 'lvm'}] | may be of type lvm or btrfs: got 2",
        "disk.partitions = [{minsize = 1, mountpoint = '/', part_type = '83'}] | must be a UUID",
        "installation_device = '' | ",
        "fdo = {diun_pub_key_hash = 'a', diun_pub_key_insecure = 'b'} | must have only one of",
        "openscap = {datastream = '/x'} | customizations.openscap is missing 'profile_id'",
        "openscap = {profile_id = 'p', tailoring = {selected = ['a']}, "
            + "json_tailoring = {profile_id = 'q', filepath = '/x'}} | cannot be used together",
        "ignition.embedded.config = '!' | config must be base64",
        "ignition.firstboot = {url = 'https://x', empty = true} | is mutually exclusive with",
        "directories = [{path = 'etc'}] | 1 'path' must be an absolute path",
        "directories = [{path = '/etc/x', mode = '0999'}] | must be an octal number",
        "files = [{path = '/etc/x', data = 'a', uri = 'file:///y'}] | cannot be used together",
        "files = [{path = '/etc/x', user = 'A b'}] | must be the name or the number of an account",
        "files = [{path = '/etc/x'}, {path = '/etc/x'}] | customization paths: [/etc/x]",
        "files = [{path = '/etc/x'}, {path = '/etc/x/y'}] | which is the parent of '/etc/x/y'",
        "repositories = [{baseurls = ['https://x']}] | 1 is missing 'id'",
        "repositories = [{id = 'x'}] | 1 is missing 'baseurls'",
        "repositories = [{id = 'x', baseurls = ['https://x'], gpgcheck = true}] | needs gpgkeys",
        "repositories = [{id = 'x', baseurls = ['x']}] | must be a URL",
        "repositories = [{id = 'x', metalink = 'https://x', filename = '../x.repo'}] | 'filename'",
        "installer = {unattended = true, kickstart.contents = 'reboot'} | cannot be used together",
        "installer.kickstart.contents = 'rootpw secret' | has a clear text password",
        "installer.modules.enabel = [] | did you mean 'enable'?",
        "rhsm.config.dnf_plugins.product_id.enabled = 1 | enabled must be true or false",
        "cacerts.pem_certs = ['x'] | pem_certs[0] must be certificates in PEM form",
        "firstboot.scripts = [{type = 'custom'}] | missing contents field for custom firstboot",
        "firstboot.scripts = [{type = 'x'}] | 'type' must be custom, satellite or aap",
        "firstboot.scripts = [{type = 'custom', contents = 'x', y = 1}] | 'y' is not a known key",
        "firstboot.scripts = [{type = 'custom', contents = 'x', command = 'y'}] | is not a key of a",
        "dnf.config.set_releasever = 'x' | set_releasever must be true or false",
        "iso.volume_id = 'a b' | volume_id must be at most 32",
        "sshd.permit_root_login = 'maybe' | permit_root_login must be",
        "containers-storage.destination-path = 'x' | must be an absolute path",
        "rpm.import_keys.files = ['x'] | must be an absolute path",
      })
  void wrongValuesAreNamed(String toml, String problem) {
    if (problem == null) {
      assertEquals(Optional.empty(), sections("[customizations]\n" + toml).installationDevice());
      return;
    }
    String found = problems("[customizations]\n" + toml);
    assertTrue(found.contains(problem), found);
    assertTrue(found.contains("(line 4 column "), found);
  }

  @Test
  void allProblemsOfADiskAreReportedAtOnce() {
    String found =
        problems(
            """
            [customizations.disk]
            type = "dos"
            [[customizations.disk.partitions]]
            mountpoint = "/"
            part_label = "x"
            [[customizations.disk.partitions]]
            type = "lvm"
            [[customizations.disk.partitions.logical_volumes]]
            name = "v"
            mountpoint = "/"
            [[customizations.disk.partitions.logical_volumes]]
            name = "v"
            minsize = 1
            mountpoint = "/boot"
            """);
    for (String part :
        List.of(
            "customizations.disk.partitions[0]: minsize is required"
                .substring("customizations.disk.".length()),
            "part_label must have",
            "duplicate mountpoint /",
            "duplicate LVM logical volume name: v",
            "/boot must be xfs or ext4 on a plain partition")) {
      assertTrue(found.contains(part), found);
    }
  }

  @Test
  void sizesAreBytesAndComeBackAsTheyWereWritten() {
    OsbuildSections read =
        sections(
            "filesystem = [{mountpoint = '/a', minsize = '10 GiB'}, {mountpoint = '/b', size = 7}]"
                .transform(line -> "[customizations]\n" + line + "\n"));
    assertEquals(10L << 30, read.filesystem().getFirst().minsize().orElseThrow().bytes());
    assertEquals(7, read.filesystem().get(1).size().orElseThrow().bytes());
    String printed =
        BlueprintToml.print(
            BlueprintParser.fromToml(
                HEAD + "[[customizations.filesystem]]\nmountpoint = \"/a\"\nminsize = \"1 kB\"\n"));
    assertTrue(printed.endsWith("minsize = \"1 kB\""), printed);
  }

  @Test
  void everySectionIsNamedWhenItIsComposed() {
    Blueprint blueprint =
        BlueprintParser.fromToml(
            HEAD
                + "[customizations]\nfips = true\ninstallation_device = \"/dev/vda\"\n"
                + "[customizations.sshd]\npassword_authentication = false\n"
                + "[customizations.containers-storage]\ndestination-path = \"/var/x\"\n");
    assertEquals(
        List.of(
            "customizations.installation_device",
            "customizations.fips",
            "customizations.containers-storage",
            "customizations.sshd"),
        blueprint.unsupportedSections());
  }

  @Test
  void passwordsOfUnknownSectionsAreHashedToo() {
    Blueprint blueprint =
        BlueprintParser.fromJson(
            "{\"name\":\"a\",\"description\":\"\",\"customizations\":{\"x\":"
                + "[{\"Password\":\"secret\",\"y\":{\"passwd\":\"$6$salt$0123456789\"}}]}}");
    String stored = BlueprintToml.print(blueprint);
    assertFalse(stored.contains("secret"), stored);
    assertTrue(stored.contains("$6$salt$0123456789"), stored);
  }

  @Test
  void anInstallerWithoutItsUsersModuleMakesNoUsers() {
    String found =
        problems(
            "[customizations.installer.modules]\ndisable = [\""
                + InstallerSection.USERS_MODULE
                + "\"]\n[[customizations.user]]\nname = \"u\"\n");
    assertTrue(found.contains("must not have the users module"), found);
  }
}
