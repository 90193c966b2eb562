package io.weldr.worker.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * C library functions that Java does not offer. Offsets are those of glibc and musl on 64-bit
 * Linux.
 *
 * <p>Security: read-only questions to the host's list of users, and to the kernel about a
 * descriptor this process owns; buffers have a fixed size that is passed to the kernel.
 */
final class NativeCalls {
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERSEC = 31;
  private static final int LONGEST_CONTEXT = 4096;

  /** Of pw_uid and of gr_gid, each behind two pointers. */
  private static final int OFFSET_OF_NUMBER = 16;

  /**
   * All functions are called through one shape, since Java makes code for each shape at every
   * start: arguments are passed in whole registers, and of an int only the lower half is looked at.
   */
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private NativeCalls() {}

  private static long call(String name, long a, long b, long c, long d, long e) {
    MemorySegment function = Linker.nativeLinker().defaultLookup().findOrThrow(name);
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e);
    } catch (Throwable failure) {
      throw new IllegalStateException(name + " cannot be called", failure);
    }
  }

  /** Of this process. */
  static int effectiveUid() {
    return (int) call("geteuid", 0, 0, 0, 0, 0);
  }

  /** The uid of a user; one call at a time. */
  static OptionalInt uidOf(String user) {
    return number("getpwnam", user);
  }

  /** The gid of a group; one call at a time. */
  static OptionalInt gidOf(String group) {
    return number("getgrnam", group);
  }

  private static OptionalInt number(String function, String name) {
    try (Arena arena = Arena.ofConfined()) {
      long entry = call(function, arena.allocateFrom(name).address(), 0, 0, 0, 0);
      return entry == 0
          ? OptionalInt.empty()
          : OptionalInt.of(
              MemorySegment.ofAddress(entry)
                  .reinterpret(OFFSET_OF_NUMBER + JAVA_INT.byteSize())
                  .get(JAVA_INT, OFFSET_OF_NUMBER));
    }
  }

  /** The security context of a socket's peer; empty when no security module labels sockets. */
  static Optional<String> peerSecurityContext(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment context = arena.allocate(LONGEST_CONTEXT);
      MemorySegment length = arena.allocate(JAVA_INT);
      length.set(JAVA_INT, 0, LONGEST_CONTEXT);
      int result =
          (int) call("getsockopt", fd, SOL_SOCKET, SO_PEERSEC, context.address(), length.address());
      if (result != 0) {
        return Optional.empty();
      }
      byte[] bytes = context.asSlice(0, length.get(JAVA_INT, 0)).toArray(JAVA_BYTE);
      String text = new String(bytes, StandardCharsets.US_ASCII).replace("\0", "");
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
  }
}
