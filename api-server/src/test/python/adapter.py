"""What the tests of the adapters share: an archive, a web server on loopback, and the program itself."""

import functools
import http.server
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
DEPSOLVE = os.path.join(HERE, "../../../../share/depsolve")
sys.path.append(DEPSOLVE)
sys.path.append(HERE)

import tinyrepo

# As in real use the adapter has no privileges, whoever runs the tests.
ADAPTER_USER = {"user": "_apt", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class ServedCase(unittest.TestCase):
    """A fresh cache per test, one web server per class; tests that damage an archive copy it first."""

    PROGRAM = "apt.py"
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        cls.key = tinyrepo.Key()
        cls.addClassCleanup(cls.key.close)
        cls.work = tempfile.mkdtemp(prefix="adapter")
        cls.addClassCleanup(shutil.rmtree, cls.work)
        os.chmod(cls.work, 0o755)
        # The adapter runs as a user that may not be able to read this tree.
        cls.program = os.path.join(cls.work, "depsolve", cls.PROGRAM)
        shutil.copytree(DEPSOLVE, os.path.dirname(cls.program), ignore=shutil.ignore_patterns("__pycache__"))
        handler = functools.partial(_Quiet, directory=cls.work)
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    def setUp(self):
        self.cache = self._directory()
        self.out = self._directory()
        self.limits = {}
        self.environment = {}

    def _directory(self):
        """One the adapter can write."""
        directory = tempfile.mkdtemp(dir=self.work)
        os.chmod(directory, 0o755)
        if ADAPTER_USER:
            shutil.chown(directory, ADAPTER_USER["user"])
        return directory

    def copied(self):
        """A private copy of the archive, for damage; its directory."""
        return self.republished().root

    def republished(self, **how):
        """A private copy of the archive, signed in another way; libapt escapes the "_" of its address in names of files."""
        copy = self.repository.copied_to(os.path.join(self._directory(), "one_archive"))
        if how:
            copy.publish(**how)
        return copy

    def url(self, directory):
        return "http://127.0.0.1:%d/%s" % (self.server.server_port, os.path.relpath(directory, self.work))

    def serve(self, *lines, options=()):
        """Answers to these lines: objects, or bytes as they are."""
        text = b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
        return self._run(text, "serve", "--cache", self.cache, *self.OPTIONS, *options)

    def solve(self, *names, options=(), **request):
        """The answer to one request for packages, by name or (name, version)."""
        packages = [{"name": n} if isinstance(n, str) else {"name": n[0], "version": n[1]} for n in names]
        message = {"id": 7, "op": "solve", "sources": [self.source()], "packages": packages, **request}
        (answer,) = self.serve(message, options=options)
        self.assertEqual(7, answer["id"])
        return answer

    def _run(self, text, *arguments):
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": self.cache, **self.environment}
        process = subprocess.run(
            ["/usr/bin/python3", "-I", "-B", self.program, *arguments],
            input=text,
            **ADAPTER_USER,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd="/",
            preexec_fn=self._limit,
            timeout=120,
            check=False,
        )
        self.errors = process.stderr.decode()
        self.exit_code = process.returncode
        return [json.loads(line) for line in process.stdout.splitlines()]

    def _limit(self):
        for kind, most in self.limits.items():
            resource.setrlimit(kind, (most, most))

    def names(self, answer):
        self.assertNotIn("error", answer)
        return [p["name"] for p in answer["result"]["packages"]]

    def versions(self, answer):
        return {p["name"]: p["version"] + "-" + p["release"] for p in answer["result"]["packages"]}

    def code(self, answer):
        return answer.get("error", {}).get("code")


class AdapterCase(ServedCase):
    """apt.py with an archive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repository = tinyrepo.Repository(os.path.join(cls.work, "tiny"), cls.key)
        tinyrepo.fill(cls.repository)

    def source(self, directory=None, **changes):
        return {
            "id": "tiny",
            "url": self.url(directory or self.repository.root),
            "suites": ["stable"],
            "components": ["main"],
            "public_keys": [self.key.public],
            **changes,
        }

    def fetch(self, packages, **request):
        """The last line of a fetch, after its progress."""
        document = {"sources": [self.source()], "packages": packages, **request}
        lines = self._run(json.dumps(document).encode(), "fetch", "--cache", self.cache, "--out", self.out)
        self.assertTrue(all("progress" in line for line in lines[:-1]))
        return lines[-1]
