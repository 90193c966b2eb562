package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A package whose script never ends and never says a word. */
@Tag("archive")
@Tag("slow")
class HangingRpmTest {
  private static final Duration LONG = Duration.ofMinutes(20);

  private static final String SPEC =
      """
      Name: hangs
      Version: 1
      Release: 1
      Summary: Of a test
      License: none
      BuildArch: noarch
      Requires(post): bash coreutils
      %description
      Of a test.
      %post
      trap '' HUP INT QUIT TERM
      while :; do sleep 10007; done
      %files
      """;

  @Test
  void silenceEndsItWithAReason() throws IOException {
    Path directory = Installation.privateDirectory("weldr-composer-hanging-");
    HttpServer server = served(repository(directory));
    try (RpmDistribution distribution = RpmDistribution.start();
        RunningComposer composer =
            RunningComposer.forDistribution(
                "fedora-42", distribution.source(), "job_hang_minutes = 1")) {
      String source =
          """
          id = "hostile"
          name = "hostile"
          type = "yum-baseurl"
          url = "http://127.0.0.1:%d/"
          check_ssl = true
          check_gpg = false
          """
              .formatted(server.getAddress().getPort());
      push(composer, "/api/v1/projects/source/new", source);
      push(
          composer,
          "/api/v1/blueprints/new",
          "name = \"hangs\"\ndescription = \"\"\n[[packages]]\nname = \"hangs\"\n");

      String id = composer.curl().compose("hangs", "tar", "");
      JsonNode error = composer.awaitEnd(id, LONG).path("error");

      assertEquals("NO_PROGRESS", error.path("code").asText(), () -> error + composer.log(id));
      assertEquals("install", error.path("stage").asText());
      assertEquals("the build showed no progress for 1 minutes", error.path("msg").asText());
      List<String> log = composer.log(id).lines().toList();
      assertTrue(
          log.subList(log.size() - 5, log.size()).stream().anyMatch(l -> l.contains("hangs-1-1")),
          () -> composer.log(id));
      composer.awaitNothingLeft();
      assertEquals("", Command.run("pgrep", "-f", "^sleep 10007$").output());
    } finally {
      server.stop(0);
      Command.run("rm", "-rf", "--one-file-system", "--", directory);
    }
  }

  private static void push(RunningComposer composer, String path, String document) {
    Curl.Answer answer = composer.curl().postToml(path, document);
    assertEquals(200, answer.status(), answer.body());
  }

  private static Path repository(Path directory) throws IOException {
    Path spec = Files.writeString(directory.resolve("hangs.spec"), SPEC);
    Path rpms = directory.resolve("rpms");
    Command.must(
        "rpmbuild",
        "-bb",
        "--quiet",
        "--define=_topdir " + directory.resolve("work"),
        "--define=_rpmdir " + rpms,
        spec);
    Command.must("createrepo_c", "--quiet", rpms);
    return rpms;
  }

  private static HttpServer served(Path directory) {
    HttpServer server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            directory,
            SimpleFileServer.OutputLevel.NONE);
    server.start();
    return server;
  }
}
