package io.weldr.api.http;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.nio.channels.SocketChannel;

/**
 * Who connected, as the kernel knows it ({@code SO_PEERCRED}, unix(7)).
 *
 * @param pid may have ended meanwhile; for the log only
 */
record Peer(int pid, int uid, int gid) {
  /** When the kernel does not say, such as for a connection that is gone already. */
  static final Peer UNKNOWN = new Peer(-1, -1, -1);

  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final MethodHandle GETSOCKOPT = getsockopt();
  private static final Method DESCRIPTOR = descriptor();

  static Peer of(SocketChannel channel) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment credentials = arena.allocate(12, 4);
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 12);
      int failed =
          (int)
              GETSOCKOPT.invokeExact(
                  (int) DESCRIPTOR.invoke(channel), SOL_SOCKET, SO_PEERCRED, credentials, length);
      return failed != 0
          ? UNKNOWN
          : new Peer(
              credentials.get(ValueLayout.JAVA_INT, 0),
              credentials.get(ValueLayout.JAVA_INT, 4),
              credentials.get(ValueLayout.JAVA_INT, 8));
    } catch (Throwable e) {
      throw new LinkageError("getsockopt", e);
    }
  }

  private static MethodHandle getsockopt() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("getsockopt"),
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS));
  }

  /** The class library shows the user's name only, which the kernel does not know. */
  private static Method descriptor() {
    try {
      return Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("--add-exports java.base/sun.nio.ch=ALL-UNNAMED is missing", e);
    }
  }
}
