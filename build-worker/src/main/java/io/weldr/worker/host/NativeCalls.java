package io.weldr.worker.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

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

  private static final FunctionDescriptor BY_NAME = FunctionDescriptor.of(ADDRESS, ADDRESS);
  private static final MethodHandle GETPWNAM = function("getpwnam", BY_NAME);
  private static final MethodHandle GETGRNAM = function("getgrnam", BY_NAME);
  private static final MethodHandle GETEUID = function("geteuid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle GETSOCKOPT =
      function(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

  private NativeCalls() {}

  private static MethodHandle function(String name, FunctionDescriptor shape) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
  }

  /** Of this process. */
  static int effectiveUid() {
    try {
      return (int) GETEUID.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("geteuid cannot be called", e);
    }
  }

  /** The uid of a user; one call at a time. */
  static OptionalInt uidOf(String user) {
    return number(GETPWNAM, user);
  }

  /** The gid of a group; one call at a time. */
  static OptionalInt gidOf(String group) {
    return number(GETGRNAM, group);
  }

  private static OptionalInt number(MethodHandle function, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = (MemorySegment) function.invokeExact(arena.allocateFrom(name));
      return entry.equals(MemorySegment.NULL)
          ? OptionalInt.empty()
          : OptionalInt.of(
              entry
                  .reinterpret(OFFSET_OF_NUMBER + JAVA_INT.byteSize())
                  .get(JAVA_INT, OFFSET_OF_NUMBER));
    } catch (Throwable e) {
      throw new IllegalStateException("the host's users and groups cannot be looked up", e);
    }
  }

  /** The security context of a socket's peer; empty when no security module labels sockets. */
  static Optional<String> peerSecurityContext(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment context = arena.allocate(LONGEST_CONTEXT);
      MemorySegment length = arena.allocate(JAVA_INT);
      length.set(JAVA_INT, 0, LONGEST_CONTEXT);
      int result = (int) GETSOCKOPT.invokeExact(fd, SOL_SOCKET, SO_PEERSEC, context, length);
      if (result != 0) {
        return Optional.empty();
      }
      byte[] bytes = context.asSlice(0, length.get(JAVA_INT, 0)).toArray(JAVA_BYTE);
      String text = new String(bytes, StandardCharsets.US_ASCII).replace("\0", "");
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (Throwable e) {
      throw new IllegalStateException("getsockopt cannot be called", e);
    }
  }
}
