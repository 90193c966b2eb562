package io.weldr.worker.image;

import io.weldr.worker.image.DiskPlan.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Identifiers of an image's parts, all derived from one seed: the same seed gives the same image
 * again, and two seeds never give two disks that a machine would mistake for each other.
 *
 * @param seed any text
 */
public record DiskIds(String seed) {
  private static final long VERSION_4 = 0x4000;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_BITS = 0xC000_0000_0000_0000L;

  /** The UUID of the file system in a partition. */
  public UUID fileSystem(Role role) {
    return uuid("file system " + role.title());
  }

  /** The serial number of the EFI system partition's file system, as blkid shows it. */
  public String efiSerial() {
    String digits = efiSerialDigits();
    return digits.substring(0, 4) + "-" + digits.substring(4);
  }

  String efiSerialDigits() {
    return "%08X".formatted(digest("efi").getInt());
  }

  /** Of a disk with an MBR, eight hexadecimal digits; not zero. */
  String diskSignature() {
    return "%08x".formatted(digest("disk signature").getInt() | 1);
  }

  UUID disk() {
    return uuid("disk");
  }

  UUID partition(Role role) {
    return uuid("partition " + role.title());
  }

  /** With the bits that mark a random UUID. */
  private UUID uuid(String purpose) {
    ByteBuffer digest = digest(purpose);
    long high = digest.getLong() & ~0xF000L | VERSION_4;
    long low = digest.getLong() & ~VARIANT_BITS | VARIANT;
    return new UUID(high, low);
  }

  private ByteBuffer digest(String purpose) {
    try {
      byte[] text = (seed + '\0' + purpose).getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
