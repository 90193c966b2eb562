"""What the tests of failing repositories share, whichever package manager meets them."""

import os
import re

import failingserver


class FailureChecks:
    """For a case with source() and serve(), on a copy of the adapter that loses its patience soon."""

    # File of the adapter -> (pattern of a line or part of it, what takes its place).
    IMPATIENCE = {}
    # What the package tool needs.
    TOOL = []

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.failing = failingserver.Server(cls.work)
        cls.addClassCleanup(cls.failing.close)
        for name, replacements in cls.IMPATIENCE.items():
            cls.change_program(name, replacements)

    @classmethod
    def change_program(cls, name, replacements):
        path = os.path.join(os.path.dirname(cls.program), name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for old, new in replacements:
            text, count = re.subn(old, new, text, flags=re.M)
            assert count, (name, old)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def bad(self, mode, **changes):
        return self.source(id="bad", url=self.failing.url(mode + "/tiny"), **changes)

    def told(self, bad, code, *words):
        """What solve and index say of a bad source beside a good one, and that the good one is listed."""
        message = {"sources": [bad, self.source()], "max_age": 0}
        requests = [
            {"id": 1, "op": "solve", "packages": [{"name": "tool"}], **message},
            {"id": 2, "op": "index", **message},
            {"id": 3, "op": "solve", "packages": [{"name": "tool"}], "sources": [self.source()]},
        ]
        solved, listed, alone = self.serve(*requests)
        problems = listed["result"]["problems"]
        self.assertEqual(1, len(problems), problems)
        for error in (solved["error"], problems[0]):
            self.assertEqual((code, "bad"), (error["code"], error["source_id"]), error)
            for word in ("bad", *words):
                self.assertIn(word, error["message"])
        with open(os.path.join(self.cache, "index", listed["result"]["file"]), "rb") as file:
            self.assertIn(b"\ntool\n", file.read())
        self.assertEqual(self.TOOL, self.names(alone))

    def disk(self):
        return sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(self.cache) for f in fs)
