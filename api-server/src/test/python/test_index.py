"""The index of what sources offer; keys by address; proxies."""

import functools
import http.server
import json
import os
import shutil
import struct
import threading
import time
import unittest

import tinyrepo
from adapter import AdapterCase


class IndexCase(AdapterCase):
    def index(self, *sources, max_age=0):
        (answer,) = self.serve({"id": 1, "op": "index", "sources": list(sources), "max_age": max_age})
        self.assertNotIn("error", answer)
        self.problems = answer["result"]["problems"]
        return self.read(os.path.join(self.cache, "index", answer["result"]["file"]))

    @staticmethod
    def read(path):
        """{name: record} in the order of the file."""
        with open(path, "rb") as file:
            content = file.read()
        magic, count, names_length, length = struct.unpack(">8sQQQ", content[-32:])
        assert magic == b"WELDRPX1"
        names = content[length : length + names_length].decode("ascii").split("\n")[:-1]
        ends = struct.unpack(">%dQ" % count, content[length + names_length : -32])
        return {n: json.loads(content[a:b]) for n, a, b in zip(names, (0,) + ends, ends)}

    def archive(self, *entries):
        """An unsigned archive whose index has exactly these texts."""
        directory = self._directory()
        repository = tinyrepo.Repository(directory, self.key)
        repository._entries = ["".join("%s: %s\n" % item for item in entry.items()) + "\n" for entry in entries]
        repository.publish(signed=False)
        return directory

    @staticmethod
    def entry(name, version, **fields):
        return {
            "Package": name,
            "Version": version,
            "Architecture": "all",
            "Filename": "pool/x.deb",
            "Size": "1",
            "SHA256": "0" * 64,
            "Description": "short",
            **fields,
        }

    def unsigned(self, directory, identity):
        return self.source(directory, id=identity, check_gpg=False, public_keys=[])


class IndexTest(IndexCase):
    def test_every_name_once_sorted_without_regard_to_case(self):
        directory = self.archive(*(self.entry(name, "1") for name in ("b", "A", "c", "B", "a")))
        self.assertEqual(["A", "a", "B", "b", "c"], list(self.index(self.unsigned(directory, "one"))))

    def test_builds_of_several_sources_are_joined_the_newest_first(self):
        one = self.archive(self.entry("x", "1.0-1", Description="old"), self.entry("x", "2.0-1"), self.entry("y", "1"))
        two = self.archive(self.entry("x", "1:0.1-1", Description="new"), self.entry("x", "2.0-1"))
        found = self.index(self.unsigned(one, "one"), self.unsigned(two, "two"))
        builds = [(b["epoch"], b["version"], b["release"]) for b in found["x"]["builds"]]
        self.assertEqual([(1, "0.1", "1"), (0, "2.0", "1"), (0, "1.0", "1")], builds)
        self.assertEqual("new", found["x"]["summary"])
        self.assertEqual(["x", "y"], list(found))

    def test_a_source_that_cannot_be_reached_keeps_what_it_had(self):
        directory = self.copied()
        source = self.source(directory)
        before = self.index(source)
        self.assertIn("tool", before)
        shutil.rmtree(directory)
        self.assertEqual(before, self.index(source))
        self.assertEqual(["SOURCE_UNREACHABLE"], [problem["code"] for problem in self.problems])
        self.assertEqual("tiny", self.problems[0]["source_id"])

    def test_a_source_that_was_never_reached_leaves_the_others(self):
        gone = self.source(os.path.join(self.work, "nothing"), id="gone")
        self.assertIn("tool", self.index(gone, self.source()))
        self.assertEqual(["gone"], [problem["source_id"] for problem in self.problems])

    def test_new_metadata_is_seen_when_the_old_is_too_old(self):
        directory = self.archive(self.entry("x", "1"))
        source = self.unsigned(directory, "one")
        self.assertEqual(["x"], list(self.index(source)))
        shutil.copytree(self.archive(self.entry("y", "1")), directory, dirs_exist_ok=True)
        # Both were written within the second that HTTP's dates can tell apart.
        os.utime(os.path.join(directory, "dists/stable/Release"), (time.time() + 10,) * 2)
        self.assertEqual(["x"], list(self.index(source, max_age=3600)))
        self.assertEqual(["y"], list(self.index(source)))

    def test_what_is_no_package_is_left_out(self):
        directory = self.archive(
            self.entry("../../etc", "1"),
            self.entry("a\tb", "1"),
            self.entry("x", "1;rm"),
            self.entry("x", ""),
            self.entry("x", "1", Architecture="../all"),
            self.entry("good", "1", Description="d" * 100_000, Homepage="h" * 100_000),
        )
        found = self.index(self.unsigned(directory, "one"))
        self.assertEqual(["good"], list(found))
        self.assertEqual(1024, len(found["good"]["summary"]))
        self.assertEqual(2048, len(found["good"]["homepage"]))

    def test_descriptions_are_unfolded(self):
        directory = self.archive(self.entry("x", "1", Description="short\n one\n .\n   two"))
        record = self.index(self.unsigned(directory, "one"))["x"]
        self.assertEqual(("short", "one\n\n  two"), (record["summary"], record["description"]))

    def test_no_sources_are_an_empty_index(self):
        self.assertEqual({}, self.index())


class KeysTest(AdapterCase):
    def probe(self, *urls, **changes):
        (answer,) = self.serve(
            {"id": 1, "op": "probe", "source": self.source(**changes), "key_urls": list(urls)}
        )
        return answer

    def published(self, text):
        path = os.path.join(self._directory(), "key.asc")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o644)
        return self.url(path)

    def test_every_key_behind_an_address_counts(self):
        stranger = tinyrepo.Key()
        self.addCleanup(stranger.close)
        url = self.published("Hello\n" + stranger.public + "\r\n" + self.key.public)
        keys = self.probe(url, public_keys=[])["result"]["public_keys"]
        self.assertEqual([stranger.public.strip(), self.key.public.strip()], [k.strip() for k in keys])

    def test_what_is_no_key_is_refused(self):
        for text in ("", "<html>Not found</html>", "x" * (2 << 20), self.key.public[:-20]):
            with self.subTest(text=text[:20]):
                answer = self.probe(self.published(text))
                self.assertEqual("BAD_SIGNATURE", self.code(answer))
                self.assertIn("of source tiny cannot be used", answer["error"]["message"])

    def test_a_missing_key_is_said(self):
        self.assertEqual("SOURCE_UNREACHABLE", self.code(self.probe(self.url(os.path.join(self.work, "no.asc")))))

    def test_files_of_this_host_are_no_addresses(self):
        self.assertEqual("BAD_REQUEST", self.code(self.probe("file:///etc/passwd")))


class _Proxy(http.server.SimpleHTTPRequestHandler):
    """Serves http://archive.invalid/ from its directory."""

    def translate_path(self, path):
        prefix = "http://archive.invalid"
        return super().translate_path(path[len(prefix):] if path.startswith(prefix) else "/nothing")

    def log_message(self, *arguments):
        pass


class ProxyTest(AdapterCase):
    def setUp(self):
        super().setUp()
        handler = functools.partial(_Proxy, directory=self.work)
        proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.addCleanup(proxy.server_close)
        self.addCleanup(proxy.shutdown)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        self.proxy = "http://127.0.0.1:%d" % proxy.server_port

    def test_the_proxy_of_the_server_is_used_for_metadata_and_keys(self):
        with open(os.path.join(self.work, "proxied.asc"), "w", encoding="ascii") as file:
            file.write(self.key.public)
        os.chmod(os.path.join(self.work, "proxied.asc"), 0o644)
        source = self.source(url="http://archive.invalid/tiny")
        solve, probe = self.serve(
            {"id": 1, "op": "solve", "sources": [source], "packages": [{"name": "tool"}]},
            {
                "id": 2,
                "op": "probe",
                "source": {**source, "public_keys": []},
                "key_urls": ["http://archive.invalid/proxied.asc"],
            },
            options=["--proxy=" + self.proxy],
        )
        self.assertEqual(["libtiny", "tool"], self.names(solve))
        self.assertEqual(1, len(probe["result"]["public_keys"]))

    def test_the_proxy_of_a_source_is_used_for_it(self):
        source = self.source(url="http://archive.invalid/tiny", proxy=self.proxy)
        self.assertEqual(["libtiny", "tool"], self.names(self.solve("tool", sources=[source])))


class WarmSolverTest(AdapterCase):
    def test_many_requests_to_one_process_have_the_answers_of_fresh_ones(self):
        wishes = [
            ["tool-extra"],
            [("tool", "1.1*")],
            ["either"],
            ["needs-broken"],
            ["mailer-a", "mailer-b"],
            ["mailer-b", "either"],
            ["tool"],
            ["meta", ("tool", "1.0")],
            ["first"],
        ]
        messages = [
            {
                "id": 7,
                "op": "solve",
                "sources": [self.source()],
                "max_age": 3600,
                "packages": [{"name": w} if isinstance(w, str) else {"name": w[0], "version": w[1]} for w in wish],
            }
            for wish in wishes * 3
        ]
        warm = self.serve(*messages)
        for message, answer in zip(messages[: len(wishes)], warm):
            (fresh,) = self.serve(message)
            self.assertEqual(fresh, answer)
        self.assertEqual(warm[: len(wishes)] * 3, warm)


if __name__ == "__main__":
    unittest.main()
