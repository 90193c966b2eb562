"""Repositories with failures to order: each is told in one sentence that names its source, within bounds of
time, memory and disk, and the sources beside it go on."""

import hashlib
import lzma
import os
import resource
import subprocess
import threading
import unittest

import failingserver
import tinyrepo
from adapter import AdapterCase
from failures import FailureChecks

MIB = 1 << 20


class FailureCase(FailureChecks, AdapterCase):
    IMPATIENCE = {
        "aptsolver/update.py": [
            (r"^LONGEST_STALL = .*", "LONGEST_STALL = 6"),
            (r"^LONGEST_UPDATE = .*", "LONGEST_UPDATE = 8"),
        ],
        "aptsolver/area.py": [(r'Timeout", "20"', 'Timeout", "2"')],
    }
    TOOL = ["libtiny", "tool"]

    def configured(self, text):
        """Gives the host's apt another configuration."""
        path = os.path.join(self.cache, "apt.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(path, 0o644)
        self.environment = {"APT_CONFIG": path}


class FailingServerTest(FailureCase):
    def test_no_archive(self):
        self.told(self.bad("nothing"), "SOURCE_UNREACHABLE", "404")

    def test_an_error_of_the_server(self):
        self.told(self.bad("error"), "SOURCE_UNREACHABLE", "500")

    def test_a_slow_server(self):
        self.told(self.bad("slow"), "SOURCE_UNREACHABLE", "longer than 8 seconds")

    def test_a_server_that_stalls(self):
        self.told(self.bad("stalled"), "SOURCE_UNREACHABLE")

    def test_a_server_that_says_nothing(self):
        self.told(self.bad("silent"), "SOURCE_UNREACHABLE")

    def test_a_server_that_hangs_up(self):
        self.told(self.bad("truncated"), "SOURCE_UNREACHABLE")

    def test_redirections_without_end(self):
        self.told(self.bad("redirects"), "SOURCE_UNREACHABLE")

    def test_redirections_in_a_circle(self):
        self.told(self.bad("circle"), "SOURCE_UNREACHABLE", "loop")

    def test_a_page_to_log_in(self):
        self.told(self.bad("garbage"), "BAD_SIGNATURE")

    def test_one_redirection_is_followed(self):
        answer = self.solve("tool", sources=[self.source(url=self.failing.url("moved/tiny"))])
        self.assertEqual(["libtiny", "tool"], self.names(answer))

    def test_a_login_of_the_host_is_used_if_it_can_be_read(self):
        self.told(self.bad("login"), "SOURCE_UNREACHABLE", "401", "auth.conf.d")
        path = os.path.join(self.cache, "login.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write("machine http://localhost login me password secret\n")
        os.chmod(path, 0o644)
        self.configured('Dir::Etc::netrc "%s";\n' % path)
        answer = self.solve("tool", sources=[self.source(url=self.failing.url("login/tiny"))])
        self.assertEqual(["libtiny", "tool"], self.names(answer))

    def test_files_that_do_not_end(self):
        self.told(self.bad("endless"), "BAD_SIGNATURE")
        self.assertLess(self.disk(), 30 * MIB)


    @unittest.skipUnless(os.geteuid() == 0, "only root can mount a small disk")
    def test_nothing_comes_to_a_full_disk(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k,uid=_apt", "full", self.cache], check=True)
        self.addCleanup(subprocess.run, ["umount", self.cache], check=True)
        (answer,) = self.serve(
            {"id": 1, "op": "solve", "packages": [{"name": "tool"}], "sources": [self.bad("silent")], "max_age": 0}
        )
        self.assertEqual("NO_SPACE", self.code(answer), answer)


class FailingArchiveTest(FailureCase):
    def bad_archive(self, repository):
        return self.source(repository.root, id="bad")

    def test_another_signature(self):
        stranger = tinyrepo.Key()
        self.addCleanup(stranger.close)
        self.told(self.bad_archive(self.republished(key=stranger)), "BAD_SIGNATURE", "NO_PUBKEY")

    def test_a_release_that_expired(self):
        repository = self.republished(release="Valid-Until: Tue, 02 Jan 2024 00:00:00 UTC\n")
        self.configured('Dir::Etc::parts "/nonexistent"; Acquire::Check-Valid-Until "true";')
        self.told(self.bad_archive(repository), "BAD_SIGNATURE", "expired")

    def test_an_index_with_another_checksum(self):
        repository = self.republished()
        with open(repository.index_path(), "r+b") as file:
            file.write(b"X")
        self.told(self.bad_archive(repository), "BAD_CHECKSUM")

    def test_an_index_that_changed_after_its_release(self):
        repository = self.republished()
        with open(repository.index_path(), "ab") as file:
            file.write(b"Package: new\n\n")
        self.told(self.bad_archive(repository), "BAD_CHECKSUM")

    def test_an_index_that_changed_is_found_by_its_hash(self):
        repository = self.republished(release="Acquire-By-Hash: yes\n")
        with open(repository.index_path(), "rb") as file:
            content = file.read()
        directory = os.path.join(os.path.dirname(repository.index_path()), "by-hash/SHA256")
        os.makedirs(directory)
        with open(os.path.join(directory, hashlib.sha256(content).hexdigest()), "wb") as file:
            file.write(content)
        with open(repository.index_path(), "ab") as file:
            file.write(b"Package: new\n\n")
        self.assertEqual(["libtiny", "tool"], self.names(self.solve("tool", sources=[self.source(repository.root)])))

    def test_a_small_file_that_unpacks_to_a_huge_one(self):
        repository = self.republished()
        compressor = lzma.LZMACompressor(preset=0)
        pieces = [compressor.compress(b"\n" * MIB) for _ in range(200)] + [compressor.flush()]
        repository.publish(index=b"".join(pieces), suffix=".xz")
        self.limits = {resource.RLIMIT_FSIZE: 20 * MIB}
        self.told(self.bad_archive(repository), "SOURCE_UNREACHABLE")
        self.assertLess(self.disk(), 60 * MIB)

    def test_an_index_that_does_not_fit_into_memory(self):
        repository = self.republished()
        stanza = "Package: p%d\nVersion: 1\nArchitecture: all\nFilename: p\nSize: 1\nSHA256: " + "0" * 64 + "\n\n"
        repository.publish(index="".join(stanza % i for i in range(500_000)).encode("ascii"))
        self.limits = {resource.RLIMIT_AS: 110 * MIB}
        bad = self.bad_archive(repository)
        (solved,) = self.serve(
            {"id": 1, "op": "solve", "packages": [{"name": "p7"}], "sources": [bad]},
            {"id": 2, "op": "solve", "packages": [{"name": "tool"}], "sources": [self.source()]},
        )
        # libapt is of no use after this: the process ends, and its caller starts another one.
        self.assertEqual("NO_MEMORY", self.code(solved))
        self.assertEqual(1, self.exit_code)
        (listed,) = self.serve({"id": 1, "op": "index", "sources": [bad, self.source()], "max_age": 0})
        self.assertEqual(["bad"], [p["source_id"] for p in listed["result"]["problems"]], listed)
        # It may have been told, or libapt may have aborted.
        self.assertRegex(listed["result"]["problems"][0]["message"], "more memory|ended with status -6")
        with open(os.path.join(self.cache, "index", listed["result"]["file"]), "rb") as file:
            self.assertIn(b"\ntool\n", file.read())


class SnapshotTest(FailureCase):
    """What there is stays whole while a source fails or is slow."""

    def setUp(self):
        super().setUp()
        self.archive = self.republished()
        self.good = self.source(self.archive.root)
        self.message = {"op": "solve", "packages": [{"name": "tool"}], "sources": [self.good]}

    def test_a_refresh_that_fails_leaves_the_metadata_before(self):
        first = self.serve({**self.message, "max_age": 0})[0]["result"]
        os.rename(os.path.join(self.archive.root, "dists"), os.path.join(self.archive.root, "away"))
        fresh, stale = self.serve({**self.message, "max_age": 0}, {**self.message, "max_age": 3600})
        self.assertEqual("SOURCE_UNREACHABLE", self.code(fresh))
        self.assertEqual(first, stale["result"])

    def test_a_renewal_takes_the_place_of_the_metadata_before(self):
        before = self.serve({**self.message, "max_age": 0})[0]
        self.archive.add("libtiny", "2:1.5-1", tinyrepo.native_architecture())
        self.archive.publish()
        renewed, same, after = self.serve(
            {**self.message, "op": "renew", "max_age": 0},
            {**self.message, "op": "renew", "max_age": 3600},
            {**self.message, "max_age": 3600},
        )
        self.assertEqual([{}, {}], [renewed["result"], same["result"]])
        self.assertEqual("1.5-1", self.versions(after)["libtiny"])
        self.assertNotEqual(before["result"]["snapshot"], after["result"]["snapshot"])

    def test_nobody_waits_for_a_renewal(self):
        """The server falls silent between both requests."""
        server = failingserver.Server(self.work)
        self.addCleanup(server.close)
        url = server.url(os.path.relpath(self.archive.root, self.work))
        message = {**self.message, "sources": [self.source(url=url)]}
        self.serve({**message, "max_age": 0})
        server.silent.set()
        renewal = threading.Thread(target=self.serve, args=({**message, "op": "renew", "max_age": 0},))
        renewal.start()
        self.assertTrue(server.asked.wait(60))
        solved, satisfied = self.serve(
            {**message, "max_age": 3600}, {**message, "op": "renew", "max_age": 3600}
        )
        self.assertIn("result", solved)
        self.assertEqual({}, satisfied["result"])
        renewal.join()


class TlsTest(FailureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        directory = os.path.join(cls.work, "tls")
        os.mkdir(directory)
        cls.authority = failingserver.Authority(directory)
        # The adapter runs as a user that owns none of these.
        os.chmod(cls.authority.path("client.key"), 0o644)

    def served(self, **how):
        server = failingserver.Server(self.work, self.authority.context(**how))
        self.addCleanup(server.close)
        return server

    def trusting(self, *names):
        """The host's configuration of apt for the server."""
        names = dict(zip(("CAInfo", "SslCert", "SslKey"), names))
        line = 'Acquire::https::localhost::%s "%s";\n'
        self.configured("".join(line % (option, self.authority.path(name)) for option, name in names.items()))

    def test_a_certificate_nobody_knows(self):
        server = self.served()
        bad = self.source(id="bad", url=server.url("tiny"))
        self.told(bad, "SOURCE_UNREACHABLE", "certificate")
        unchecked = self.source(url=server.url("tiny"), check_tls=False)
        self.assertEqual(["libtiny", "tool"], self.names(self.solve("tool", sources=[unchecked])))

    def test_an_authority_the_host_knows(self):
        server = self.served()
        self.trusting("ca.pem")
        source = self.source(url=server.url("tiny"))
        self.assertEqual(["libtiny", "tool"], self.names(self.solve("tool", sources=[source])))

    def test_a_client_certificate_the_host_has(self):
        server = self.served(client=True)
        self.trusting("ca.pem", "client.pem", "client.key")
        source = self.source(url=server.url("tiny"))
        self.assertEqual(["libtiny", "tool"], self.names(self.solve("tool", sources=[source])))

    def test_a_client_certificate_that_is_missing(self):
        server = self.served(client=True)
        self.trusting("ca.pem")
        self.told(self.source(id="bad", url=server.url("tiny")), "SOURCE_UNREACHABLE")

    def test_a_certificate_for_another_name(self):
        server = self.served()
        self.trusting("ca.pem")
        url = server.url("tiny").replace("localhost", "127.0.0.1")
        self.told(self.source(id="bad", url=url), "SOURCE_UNREACHABLE", "certificate")


if __name__ == "__main__":
    unittest.main()
