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
import java.util.Arrays;
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

  /**
   * All functions are called through one shape, since Java makes code for each shape at every
   * start: arguments are passed in whole registers, and of an int only the lower half is looked at.
   */
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG),
          Linker.Option.captureCallState("errno"));

  private static final int MOST_ARGUMENTS = 5;

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
    return entry("getpwnam", user).map(Libc::idOf).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** gid of a group by name. Not for several threads at once. */
  static OptionalInt gid(String group) {
    return entry("getgrnam", group)
        .map(Libc::idOf)
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  private static Optional<MemorySegment> entry(String lookup, String name) {
    try (Arena arena = Arena.ofConfined()) {
      long found = call(arena, lookup, arena.allocateFrom(name).address()).value();
      return found == 0 ? Optional.empty() : Optional.of(MemorySegment.ofAddress(found));
    }
  }

  /** Both struct passwd and struct group begin: char *name, char *password, id. */
  private static int idOf(MemorySegment entry) {
    return entry.reinterpret(24).get(INT, 16);
  }

  static int effectiveUid() {
    return plain("geteuid");
  }

  /** Sets the mask of modes for new files of this process; the mask before. */
  static int umask(int mask) {
    return plain("umask", mask);
  }

  /** Makes a group the only supplementary group, of all threads. */
  static void setGroups(int gid) throws CallFailed {
    try (Arena arena = Arena.ofConfined()) {
      check("setgroups", 1, arena.allocateFrom(INT, gid).address());
    }
  }

  /** Sets real, effective and saved gid of all threads. */
  static void setGid(int gid) throws CallFailed {
    check("setresgid", gid, gid, gid);
  }

  /** Sets real, effective and saved uid of all threads. */
  static void setUid(int uid) throws CallFailed {
    check("setresuid", uid, uid, uid);
  }

  /** Makes a descriptor another name for an open one. */
  static void dup2(int from, int to) throws CallFailed {
    check("dup2", from, to);
  }

  static void close(int descriptor) throws CallFailed {
    check("close", descriptor);
  }

  /**
   * Sets no_new_privs on every thread. prctl alone reaches only the calling thread, and the virtual
   * machine has started others before main; a seccomp filter that is installed with TSYNC carries
   * the flag to all of them (seccomp(2)). The filter allows everything.
   */
  static void setNoNewPrivilegesOnAllThreads() throws CallFailed {
    check("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
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
      Result result =
          call(
              arena,
              "syscall",
              number,
              SECCOMP_SET_MODE_FILTER,
              SECCOMP_FILTER_FLAG_TSYNC,
              program.address());
      // TSYNC answers with the id of a thread that could not be changed.
      if (result.value() != 0) {
        throw new CallFailed("seccomp", result.errno());
      }
    }
  }

  /** For functions that answer with an int, which is negative when they fail. */
  private static void check(String name, long... arguments) throws CallFailed {
    try (Arena arena = Arena.ofConfined()) {
      Result result = call(arena, name, arguments);
      if ((int) result.value() < 0) {
        throw new CallFailed(name, result.errno());
      }
    }
  }

  /** For functions that cannot fail. */
  private static int plain(String name, long... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) call(arena, name, arguments).value();
    }
  }

  /**
   * What a function answers.
   *
   * @param value the whole register, of which an int has only the lower half
   */
  private record Result(long value, int errno) {}

  private static Result call(Arena arena, String name, long... arguments) {
    MemorySegment function = LINKER.defaultLookup().findOrThrow(name);
    MemorySegment state = arena.allocate(STATE);
    long[] all = Arrays.copyOf(arguments, MOST_ARGUMENTS);
    try {
      long value = (long) CALL.invokeExact(function, state, all[0], all[1], all[2], all[3], all[4]);
      return new Result(value, (int) ERRNO.get(state, 0L));
    } catch (Throwable e) {
      throw new LinkageError(name, e);
    }
  }
}
