package io.weldr.api.server;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The few calls into the C library that the start needs: users and groups, the identity of the
 * process, descriptors. Offsets are those of glibc and musl on 64-bit Linux.
 */
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout POINTER = ValueLayout.ADDRESS;

  private static final MethodHandle GETPWNAM = pointerTo("getpwnam", POINTER);
  private static final MethodHandle GETGRNAM = pointerTo("getgrnam", POINTER);
  private static final MethodHandle GETEUID = plain("geteuid");
  private static final MethodHandle UMASK = plain("umask", INT);
  private static final MethodHandle SETGROUPS = call("setgroups", LONG, POINTER);
  private static final MethodHandle SETRESGID = call("setresgid", INT, INT, INT);
  private static final MethodHandle SETRESUID = call("setresuid", INT, INT, INT);
  private static final MethodHandle DUP2 = call("dup2", INT, INT);
  private static final MethodHandle CLOSE = call("close", INT);
  private static final MethodHandle PRCTL = call("prctl", INT, LONG, LONG, LONG, LONG);
  private static final MethodHandle SECCOMP =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(LONG, LONG, LONG, LONG, POINTER),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(1));

  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final Map<String, Long> SECCOMP_NUMBER =
      Map.of("amd64", 317L, "aarch64", 277L, "riscv64", 277L, "ppc64le", 358L, "s390x", 348L);
  private static final long SECCOMP_SET_MODE_FILTER = 1;
  private static final long SECCOMP_FILTER_FLAG_TSYNC = 1;

  private Libc() {}

  /** A call into the C library that failed. */
  static final class CallFailed extends Exception {
    private static final long serialVersionUID = 1;

    CallFailed(String call, int errno) {
      super(call + " failed with errno " + errno);
    }
  }

  /** uid of a user by name. Not for several threads at once. */
  static OptionalInt uid(String user) {
    return entry(GETPWNAM, user).map(Libc::idOf).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** gid of a group by name. Not for several threads at once. */
  static OptionalInt gid(String group) {
    return entry(GETGRNAM, group).map(Libc::idOf).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private static Optional<MemorySegment> entry(MethodHandle lookup, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment found = (MemorySegment) lookup.invoke(arena.allocateFrom(name));
      return found.equals(MemorySegment.NULL) ? Optional.empty() : Optional.of(found);
    } catch (Throwable e) {
      throw new LinkageError("C library", e);
    }
  }

  /** Both struct passwd and struct group begin: char *name, char *password, id. */
  private static int idOf(MemorySegment entry) {
    return entry.reinterpret(24).get(INT, 16);
  }

  static int effectiveUid() {
    try {
      return (int) GETEUID.invokeExact();
    } catch (Throwable e) {
      throw new LinkageError("geteuid", e);
    }
  }

  /** Sets the mask of modes for new files of this process; the mask before. */
  static int umask(int mask) {
    try {
      return (int) UMASK.invokeExact(mask);
    } catch (Throwable e) {
      throw new LinkageError("umask", e);
    }
  }

  /** Makes a group the only supplementary group, of all threads. */
  static void setGroups(int gid) throws CallFailed {
    try (Arena arena = Arena.ofConfined()) {
      check("setgroups", SETGROUPS, 1L, arena.allocateFrom(INT, gid));
    }
  }

  /** Sets real, effective and saved gid of all threads. */
  static void setGid(int gid) throws CallFailed {
    check("setresgid", SETRESGID, gid, gid, gid);
  }

  /** Sets real, effective and saved uid of all threads. */
  static void setUid(int uid) throws CallFailed {
    check("setresuid", SETRESUID, uid, uid, uid);
  }

  /** Makes a descriptor another name for an open one. */
  static void dup2(int from, int to) throws CallFailed {
    check("dup2", DUP2, from, to);
  }

  static void close(int descriptor) throws CallFailed {
    check("close", CLOSE, descriptor);
  }

  /**
   * Sets no_new_privs on every thread. prctl alone reaches only the calling thread, and the virtual
   * machine has started others before main; a seccomp filter that is installed with TSYNC carries
   * the flag to all of them (seccomp(2)). The filter allows everything.
   */
  static void setNoNewPrivilegesOnAllThreads() throws CallFailed {
    check("prctl", PRCTL, PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
    Long number = SECCOMP_NUMBER.get(System.getProperty("os.arch"));
    if (number == null) {
      throw new CallFailed("seccomp on this architecture", 38);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment allow = arena.allocate(8, 8);
      allow.set(ValueLayout.JAVA_SHORT, 0, (short) 0x06); // BPF_RET | BPF_K
      allow.set(INT, 4, 0x7fff0000); // SECCOMP_RET_ALLOW
      MemorySegment program = arena.allocate(16, 8);
      program.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
      program.set(ValueLayout.ADDRESS, 8, allow);
      check(
          "seccomp",
          SECCOMP,
          number.longValue(),
          SECCOMP_SET_MODE_FILTER,
          SECCOMP_FILTER_FLAG_TSYNC,
          program);
    }
  }

  private static void check(String name, MethodHandle handle, Object... arguments)
      throws CallFailed {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      Object[] all = new Object[arguments.length + 1];
      all[0] = state;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      Number result = (Number) handle.invokeWithArguments(all);
      // TSYNC answers with the id of a thread that could not be changed.
      if (result.longValue() < 0 || (name.equals("seccomp") && result.longValue() != 0)) {
        throw new CallFailed(name, (int) ERRNO.get(state, 0L));
      }
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError(name, e);
    }
  }

  private static MethodHandle call(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(INT, arguments),
        Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle plain(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(INT, arguments));
  }

  private static MethodHandle pointerTo(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.ADDRESS, arguments));
  }
}
