"""RPM repositories with failures to order: each is told in one sentence that names its source, costs one
request, and leaves the metadata before and the sources beside it as they are."""

import os
import resource
import threading
import unittest

import failingserver
import tinyrepo
from failures import FailureChecks
from test_dnf import DnfCase

MIB = 1 << 20


class DnfFailureCase(FailureChecks, DnfCase):
    IMPATIENCE = {
        "dnfsolver/area.py": [
            (r"^TIMEOUT = .*", "TIMEOUT = 1"),
            (r"retries = 2", "retries = 1"),
        ],
        "dnfsolver/metadata.py": [(r"^LONGEST_FETCH = .*", "LONGEST_FETCH = 50")],
    }
    TOOL = ["filesystem", "libtiny", "tool"]

    def stranger(self):
        key = tinyrepo.Key()
        self.addCleanup(key.close)
        return key


class FailingServerTest(DnfFailureCase):
    def test_no_repository(self):
        self.told(self.bad("nothing"), "SOURCE_UNREACHABLE", "404")

    def test_an_error_of_the_server(self):
        self.told(self.bad("error"), "SOURCE_UNREACHABLE", "500")

    def test_a_slow_server(self):
        self.told(self.bad("slow"), "SOURCE_UNREACHABLE", "too slow")

    def test_a_server_that_stalls(self):
        self.told(self.bad("stalled"), "SOURCE_UNREACHABLE", "too slow")

    def test_a_server_that_says_nothing(self):
        self.told(self.bad("silent"), "SOURCE_UNREACHABLE", "imeout")

    def test_a_server_that_hangs_up(self):
        self.told(self.bad("truncated"), "SOURCE_UNREACHABLE")

    def test_redirections_without_end(self):
        self.told(self.bad("redirects"), "SOURCE_UNREACHABLE", "redirects")

    def test_redirections_in_a_circle(self):
        self.told(self.bad("circle"), "SOURCE_UNREACHABLE", "redirects")

    def test_a_page_to_log_in(self):
        self.told(self.bad("garbage"), "BAD_SIGNATURE")
        self.told(self.bad("garbage", check_repo_gpg=False), "SOURCE_UNREACHABLE")

    def test_one_redirection_is_followed(self):
        answer = self.solve("tool", sources=[self.source(url=self.failing.url("moved/tiny"))])
        self.assertEqual(self.TOOL, self.names(answer))

    def test_files_that_do_not_end(self):
        self.limits = {resource.RLIMIT_FSIZE: 20 * MIB}
        self.told(self.bad("endless"), "SOURCE_UNREACHABLE")
        self.assertLess(self.disk(), 50 * MIB)


class FailingRepositoryTest(DnfFailureCase):
    def bad_repository(self, repository, **changes):
        return self.source(repository.root, id="bad", **changes)

    def primary(self, repository):
        repodata = os.path.join(repository.root, "repodata")
        (name,) = [n for n in os.listdir(repodata) if n.endswith("primary.xml.gz")]
        return os.path.join(repodata, name)

    def test_signatures_of_a_stranger_or_of_nobody(self):
        for key in (self.stranger(), None):
            repository = self.republished()
            repository.publish(key)
            self.told(self.bad_repository(repository), "BAD_SIGNATURE")

    def test_a_signature_of_other_metadata(self):
        repository = self.republished()
        with open(os.path.join(repository.root, "repodata/repomd.xml"), "ab") as file:
            file.write(b"<!-- more -->\n")
        self.told(self.bad_repository(repository), "BAD_SIGNATURE")

    def test_a_list_with_another_checksum(self):
        repository = self.republished()
        with open(self.primary(repository), "r+b") as file:
            file.seek(30)
            file.write(b"damage")
        self.told(self.bad_repository(repository), "BAD_CHECKSUM")

    def test_a_list_that_is_gone_or_newer_than_its_signature(self):
        """A mirror that is in the middle of an update."""
        repository = self.republished()
        os.unlink(self.primary(repository))
        self.told(self.bad_repository(repository), "SOURCE_UNREACHABLE", "404")
        repository = self.republished()
        old = self.primary(repository)
        repository.add("newcomer")
        repository.publish(self.key)
        os.rename(self.primary(repository), old)
        self.told(self.bad_repository(repository), "SOURCE_UNREACHABLE", "404")


    def listing(self, primary):
        """A repository with this list of packages, and signatures and checksums of it."""
        repository = self.republished()
        repository._primary = lambda: primary
        repository.publish(self.key)
        return repository

    def test_a_list_that_is_none(self):
        for text in ("", "<html>Log in, please"):
            self.told(self.bad_repository(self.listing(text)), "BAD_CHECKSUM")

    def test_a_list_that_does_not_fit_into_memory(self):
        self.limits = {resource.RLIMIT_AS: 350 * MIB}
        text = self.repository._primary().replace("The package tool<", "x" * (100 * MIB) + "<")
        self.told(self.bad_repository(self.listing(text)), "SOURCE_UNREACHABLE", "ended with status -6")


class TimeLimitTest(DnfFailureCase):
    IMPATIENCE = {
        "dnfsolver/area.py": [(r"^LEAST_RATE = .*", "LEAST_RATE = 1")],
        "dnfsolver/metadata.py": [(r"^LONGEST_FETCH = .*", "LONGEST_FETCH = 3")],
    }

    def test_a_server_that_is_just_fast_enough(self):
        self.told(self.bad("slow"), "SOURCE_UNREACHABLE", "longer than 3 seconds")


class SnapshotTest(DnfFailureCase):
    """What there is stays whole while a source fails or is slow."""

    def setUp(self):
        super().setUp()
        self.moving = self.republished()
        self.message = {"op": "solve", "packages": [{"name": "tool"}], "sources": [self.source(self.moving.root)]}

    def changed(self, *names):
        for name in names:
            self.moving.add(name)
        self.moving.publish(self.key)

    def away(self, repository):
        os.rename(os.path.join(repository.root, "repodata"), os.path.join(repository.root, "away"))

    def test_a_refresh_that_fails_leaves_the_metadata_before(self):
        first = self.serve({**self.message, "max_age": 0})[0]["result"]
        self.away(self.moving)
        fresh, stale = self.serve({**self.message, "max_age": 0}, {**self.message, "max_age": 3600})
        self.assertEqual("SOURCE_UNREACHABLE", self.code(fresh))
        self.assertEqual(first, stale["result"])

    def test_half_an_update_leaves_the_metadata_before(self):
        first = self.serve({**self.message, "max_age": 0})[0]["result"]
        self.changed("newcomer")
        repodata = os.path.join(self.moving.root, "repodata")
        for name in os.listdir(repodata):
            if name.endswith(".gz"):
                os.unlink(os.path.join(repodata, name))
        fresh, every, stale = self.serve(
            {**self.message, "op": "renew", "max_age": 0},
            {**self.message, "op": "renew", "max_age": 0, "all": True},
            {**self.message, "max_age": 3600},
        )
        self.assertEqual({}, fresh["result"])
        self.assertEqual("SOURCE_UNREACHABLE", self.code(every))
        self.assertIn("'tiny'", self.errors)
        self.assertEqual(first, stale["result"])

    def test_metadata_that_cannot_be_read_does_not_take_the_place_of_the_metadata_before(self):
        first = self.serve({**self.message, "max_age": 0})[0]["result"]
        self.moving._primary = lambda: "<html>Log in, please"
        self.changed()
        renewed, stale = self.serve({**self.message, "op": "renew", "max_age": 0}, {**self.message, "max_age": 3600})
        self.assertEqual({}, renewed["result"])
        self.assertIn("tiny cannot be used", self.errors)
        self.assertEqual(first, stale["result"])

    def test_a_renewal_takes_the_place_of_the_metadata_before(self):
        before = self.serve({**self.message, "max_age": 0})[0]
        self.moving.add("tool", "3.0")
        self.changed()
        renewed, same, after = self.serve(
            {**self.message, "op": "renew", "max_age": 0},
            {**self.message, "op": "renew", "max_age": 3600},
            {**self.message, "max_age": 3600},
        )
        self.assertEqual([{}, {}], [renewed["result"], same["result"]])
        self.assertEqual("3.0-1", self.versions(after)["tool"])
        self.assertNotEqual(before["result"]["snapshot"], after["result"]["snapshot"])

    def test_a_source_that_fails_keeps_no_other_from_its_renewal(self):
        other = self.republished()
        sources = [self.source(other.root, id="other"), *self.message["sources"]]
        message = {**self.message, "sources": sources}
        self.serve({**message, "max_age": 0})
        self.away(other)
        self.moving.add("tool", "3.0")
        self.changed()
        renewed, solved = self.serve({**message, "op": "renew", "max_age": 0}, {**message, "max_age": 3600})
        self.assertEqual({}, renewed["result"])
        self.assertIn("'other'", self.errors)
        self.assertEqual("3.0-1", self.versions(solved)["tool"])

    def test_a_source_that_never_answered_fails_the_requests_that_need_it(self):
        sources = [self.bad("nothing"), *self.message["sources"]]
        renewed, solved, alone = self.serve(
            {**self.message, "op": "renew", "sources": sources, "max_age": 3600},
            {**self.message, "sources": sources, "max_age": 2**31 - 1},
            {**self.message, "max_age": 3600},
        )
        for answer in (renewed, solved):
            self.assertEqual(("SOURCE_UNREACHABLE", "bad"), (self.code(answer), answer["error"]["source_id"]))
        self.assertEqual(self.TOOL, self.names(alone))

    def test_nobody_waits_for_a_renewal(self):
        """The server falls silent between both requests."""
        server = failingserver.Server(self.work)
        self.addCleanup(server.close)
        url = server.url(os.path.relpath(self.moving.root, self.work))
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
        self.assertTrue(renewal.is_alive())
        renewal.join()


class TransportTest(DnfFailureCase):
    """Certificates and proxies; the sources of the host are read from a directory of the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.etc = os.path.join(cls.work, "etc")
        os.makedirs(os.path.join(cls.etc, "yum.repos.d"))
        change = [(r'^def read\(variables, etc="/etc"\)', "def read(variables, etc=%r)" % cls.etc)]
        cls.change_program("dnfsolver/hostsources.py", change)
        directory = os.path.join(cls.work, "tls")
        os.mkdir(directory)
        cls.authority = failingserver.Authority(directory)
        # The adapter runs as a user that owns none of these.
        os.chmod(cls.authority.path("client.key"), 0o644)

    def served(self, **how):
        server = failingserver.Server(self.work, self.authority.context(**how))
        self.addCleanup(server.close)
        return server

    def host(self, **options):
        """A source of the host, beside the others."""
        with open(os.path.join(self.etc, "yum.repos.d/bad.repo"), "w", encoding="ascii") as file:
            file.write("[bad]\n" + "".join("%s=%s\n" % option for option in options.items()))
        return {"id": "bad", "host": True}

    def certificates(self, *keys):
        names = {"sslcacert": "ca.pem", "sslclientcert": "client.pem", "sslclientkey": "client.key"}
        return {key: self.authority.path(names[key]) for key in keys}

    def test_a_certificate_nobody_knows(self):
        server = self.served()
        self.told(self.source(id="bad", url=server.url("tiny")), "SOURCE_UNREACHABLE", "certificate")
        unchecked = self.source(url=server.url("tiny"), check_tls=False)
        self.assertEqual(self.TOOL, self.names(self.solve("tool", sources=[unchecked])))

    def test_a_certificate_for_another_name(self):
        url = self.served().url("tiny").replace("localhost", "127.0.0.1")
        bad = self.host(baseurl=url, **self.certificates("sslcacert"))
        self.told(bad, "SOURCE_UNREACHABLE", "certificate")

    def test_a_client_certificate_the_host_has(self):
        url = self.served(client=True).url("tiny")
        source = self.host(baseurl=url, **self.certificates("sslcacert", "sslclientcert", "sslclientkey"))
        self.assertEqual(self.TOOL, self.names(self.solve("tool", sources=[source])))

    def test_a_client_certificate_that_is_missing(self):
        url = self.served(client=True).url("tiny")
        self.told(self.host(baseurl=url, **self.certificates("sslcacert")), "SOURCE_UNREACHABLE")

    def test_every_source_has_its_own_proxy(self):
        own = self.source(id="own", url="http://nowhere.example.org/tiny", proxy=self.failing.url("").rstrip("/"))
        self.assertEqual(self.TOOL, self.names(self.solve("tool", sources=[own, self.source()])))
        self.assertIn("http://nowhere.example.org/tiny/repodata/repomd.xml", self.failing.proxied)
        host = self.host(baseurl="http://elsewhere.example.org/tiny", proxy=self.failing.url(""))
        self.assertEqual(self.TOOL, self.names(self.solve("tool", sources=[host])))
        self.assertIn("http://elsewhere.example.org/tiny/repodata/repomd.xml", self.failing.proxied)

    def test_a_proxy_that_is_not_there(self):
        self.told(self.source(id="bad", proxy="http://127.0.0.1:9"), "SOURCE_UNREACHABLE", "127.0.0.1")


if __name__ == "__main__":
    unittest.main()
