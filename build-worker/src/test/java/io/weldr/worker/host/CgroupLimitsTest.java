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
 * Files of the kernel's names and formats stand for a cgroup of version 2, whose controllers a host
 * may not have; the last tests are real, with the controllers that this host has.
 */
class CgroupLimitsTest {
  private static final CgroupLimits LIMITS = new CgroupLimits(64 << 20, 20, 50);

  @TempDir Path directory;
  private ResourceControl control = ResourceControl.NONE;

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
      remove(job);
    }
  }

  @Test
  void aMemoryHogIsEndedWithAllItsProcesses() throws Exception {
    Cgroup job = real(Resource.MEMORY);
    try {
      Process hog = run(job, "sleep 1000 & x=x; while true; do x=$x$x; done");
      await(job, Resource.MEMORY);
      if (control.unified().contains(Resource.MEMORY)) {
        hog.waitFor();
        assertFalse(job.populated(), "the sleeper is gone too");
      }
    } finally {
      remove(job);
    }
  }

  @Test
  void processorTimeHasItsWeight() throws Exception {
    Cgroup job = real(Resource.CPU);
    try {
      Path legacy = control.directories(job).getLast().resolve("cpu.shares");
      Path unified = job.path().resolve("cpu.weight");
      String weight = Files.readString(Files.exists(unified) ? unified : legacy).strip();
      assertEquals(Files.exists(unified) ? "50" : "512", weight);
    } finally {
      remove(job);
    }
  }

  @Test
  void ownCgroupsOfVersion1AreFoundByMountAndMembership() {
    List<String> mounts =
        List.of(
            "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755",
            "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct",
            "35 31 0:32 /docker/x /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
            "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,pids");
    List<String> memberships =
        List.of("3:pids:/a", "2:memory:/docker/x", "1:cpu,cpuacct:/system.slice/w", "0::/");
    assertEquals(
        Optional.of(Path.of("/sys/fs/cgroup/cpu,cpuacct/system.slice/w")),
        ResourceControl.own("cpu", mounts, memberships));
    assertEquals(Optional.empty(), ResourceControl.own("memory", mounts, memberships));
    assertEquals(Optional.empty(), ResourceControl.own("pids", mounts, memberships));
  }

  private Cgroup real(Resource needed) throws IOException {
    Cgroup own = Cgroup.own();
    control = ResourceControl.enable(own);
    assumeTrue(control.resources().contains(needed), "no controller " + needed.controller());
    Cgroup job = own.child("weldr-test-" + System.nanoTime());
    control.create(job);
    control.limit(job, LIMITS);
    return job;
  }

  private Process run(Cgroup cgroup, String script) throws IOException {
    List<String> command = List.of("/bin/sh", "-c", script);
    return Namespaces.start(command, control.directories(cgroup), Path.of("/dev/null"));
  }

  private void remove(Cgroup job) throws Exception {
    assertTrue(job.killAndRemove(Duration.ofSeconds(60)));
    control.removeCompanions(job);
    assertEquals(List.of(), control.directories(job).stream().filter(Files::exists).toList());
  }

  private void await(Cgroup job, Resource expected) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!control.exceeded(job).equals(Optional.of(expected))) {
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
