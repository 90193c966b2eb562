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

/**
 * C library functions that neither Java nor jnr-posix offers.
 *
 * <p>Security: read-only questions to the kernel about a descriptor this process owns; buffers have
 * a fixed size that is passed to the kernel.
 */
final class NativeCalls {
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERSEC = 31;
  private static final int LONGEST_CONTEXT = 4096;

  private static final MethodHandle GETSOCKOPT =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("getsockopt"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

  private NativeCalls() {}

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
