package io.weldr.worker.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weldr.worker.host.CgroupLimits.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of the kernel's names and formats stand for a cgroup where this host has no controllers of
 * version 2; where it has, the last two tests are real.
 */
class CgroupLimitsTest {
  private static final CgroupLimits LIMITS = new CgroupLimits(64 << 20, 20, 50);

  @TempDir Path directory;

  @Test
  void eachResourceIsLimitedByItsOwnFiles() throws Exception {
    Cgroup cgroup = cgroup("memory.max", "memory.oom.group", "pids.max", "cpu.weight");
    LIMITS.apply(cgroup, EnumSet.allOf(Resource.class));
    assertEquals("67108864", read("memory.max"));
    assertEquals("1", read("memory.oom.group"));
    assertEquals("20", read("pids.max"));
    assertEquals("50", read("cpu.weight"));
  }

  @Test
  void whatTheKernelCannotLimitIsLeftAlone() throws Exception {
    Cgroup cgroup = cgroup("pids.max");
    LIMITS.apply(cgroup, Set.of(Resource.PIDS));
    assertEquals("20", read("pids.max"));
  }

  @Test
  void aLimitThatCannotBeSetIsAnError() throws Exception {
    Cgroup cgroup = cgroup();
    assertThrows(IOException.class, () -> LIMITS.apply(cgroup, Set.of(Resource.MEMORY)));
  }

  @Test
  void theLimitThatWasMetIsReadFromTheEvents() throws Exception {
    Cgroup cgroup = cgroup();
    assertEquals(Optional.empty(), CgroupLimits.exceeded(cgroup));
    write("memory.events", "low 0\nhigh 5\nmax 7\noom 0\noom_kill 0\noom_group_kill 0\n");
    write("pids.events", "max 0\n");
    assertEquals(Optional.empty(), CgroupLimits.exceeded(cgroup), "reclaim is no failure");
    write("pids.events", "max 1\n");
    assertEquals(Optional.of(Resource.PIDS), CgroupLimits.exceeded(cgroup));
    write("memory.events", "low 0\nhigh 0\nmax 7\noom 1\noom_kill 3\noom_group_kill 1\n");
    assertEquals(Optional.of(Resource.MEMORY), CgroupLimits.exceeded(cgroup));
    assertEquals(Optional.empty(), CgroupLimits.exceeded(cgroup.child("gone")));
  }

  @Test
  void onlyControllersThatAreThereAreEnabled() throws Exception {
    Cgroup cgroup = cgroup("cgroup.subtree_control");
    write("cgroup.controllers", "cpuset cpu io pids hugetlb\n");
    assertEquals(Set.of(Resource.CPU, Resource.PIDS), CgroupLimits.enable(cgroup));
    assertTrue(read("cgroup.subtree_control").startsWith("+cpu"));
    write("cgroup.controllers", "\n");
    assertEquals(Set.of(), CgroupLimits.enable(cgroup));
  }

  @Test
  void aForkBombMeetsItsLimit() throws Exception {
    Cgroup job = real(Resource.PIDS);
    try {
      run(job, "while true; do sleep 30 & done");
      await(job, Resource.PIDS);
    } finally {
      assertTrue(job.killAndRemove(Duration.ofSeconds(60)));
    }
  }

  @Test
  void aMemoryHogIsEndedWithAllItsProcesses() throws Exception {
    Cgroup job = real(Resource.MEMORY);
    try {
      Process hog = run(job, "sleep 1000 & x=x; while true; do x=$x$x; done");
      await(job, Resource.MEMORY);
      hog.waitFor();
      assertFalse(job.populated(), "the sleeper is gone too");
    } finally {
      assertTrue(job.killAndRemove(Duration.ofSeconds(60)));
    }
  }

  private static Cgroup real(Resource needed) throws IOException {
    Cgroup own = Cgroup.own();
    Set<Resource> usable = CgroupLimits.enable(own);
    assumeTrue(usable.contains(needed), "no version 2 controller " + needed.controller());
    Cgroup job = own.child("weldr-test-" + System.nanoTime());
    job.create();
    LIMITS.apply(job, usable);
    return job;
  }

  private static Process run(Cgroup cgroup, String script) throws IOException {
    return Namespaces.start(List.of("/bin/sh", "-c", script), cgroup, Path.of("/dev/null"));
  }

  private static void await(Cgroup job, Resource expected) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!CgroupLimits.exceeded(job).equals(Optional.of(expected))) {
      assertTrue(System.nanoTime() < deadline, "waited 60 s for " + expected);
      Thread.sleep(50);
    }
  }

  private Cgroup cgroup(String... files) throws IOException {
    for (String file : files) {
      write(file, "");
    }
    return new Cgroup(directory);
  }

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }
}
