"""dnf.py on real packages: what it says of them is what their files say."""

import hashlib
import os
import struct
import unittest
import urllib.request

import rpmfiles
from tinyrepo import run
from test_dnf import DnfCase

HEADER = "%{NAME} %{EPOCHNUM} %{VERSION} %{RELEASE} %{ARCH} %{LONGSIZE}"


class RpmFilesTest(DnfCase):
    @classmethod
    def make_repository(cls, root):
        repository = rpmfiles.Repository(root)
        rpmfiles.fill(repository)
        return repository

    def test_every_package_is_what_its_file_says(self):
        message = {"op": "solve", "sources": [self.source()], "max_age": 3600}
        entries = [p for p in self.repository.packages if p["name"] not in ("broken", "old-name", "server")]
        wishes = [(p["name"], "%(epoch)d:%(version)s-%(release)s" % p) for p in entries]
        answers = self.serve(*({**message, "packages": [{"name": n, "version": v}]} for n, v in wishes))
        self.assertEqual(len(entries), len(answers))
        for entry, answer in zip(entries, answers):
            (package,) = [p for p in answer["result"]["packages"] if p["name"] == entry["name"]]
            self.assertEqual(self.of_file(entry["location"]), package)

    def of_file(self, location):
        """The answer that fits the file which the server has there."""
        with urllib.request.urlopen(self.url(self.repository.root) + "/" + location) as answer:
            content = answer.read()
        path = os.path.join(self.repository.root, location)
        header = run("/usr/bin/rpm", "-qp", "--qf", HEADER, path).decode()
        name, epoch, version, release, arch, installed = header.split(" ")
        return {
            "name": name, "epoch": int(epoch), "version": version, "release": release, "architecture": arch,
            "source_id": "tiny", "location": location, "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content), "installed_size": int(installed),
        }

    def test_the_files_carry_the_signature_of_the_key(self):
        keys = self._directory()
        with open(os.path.join(keys, "key.asc"), "w", encoding="ascii") as file:
            file.write(self.key.public)
        run("/usr/bin/rpmkeys", "--dbpath", keys, "--import", os.path.join(keys, "key.asc"))
        for package in self.repository.packages:
            told = run("/usr/bin/rpmkeys", "--dbpath", keys, "--checksig", self.repository.path(package))
            self.assertIn(b"digests signatures OK", told)

    def test_relations_of_all_kinds(self):
        self.assertEqual(["data", "libtiny", "tool", "tool-extra"], self.names(self.solve("tool-extra")))
        weak = self.solve("tool-extra", options=["--weak-dependencies"])
        self.assertIn("mailer-a", self.names(weak))
        self.assertEqual(["mailer-b", "rich"], self.names(self.solve("rich")))
        self.assertEqual(["addon", "libtiny", "mailer-b", "rich", "tool"], self.names(self.solve("rich", "tool")))
        self.assertEqual(["new-name"], self.names(self.solve("old-name")))
        self.assertEqual("CONFLICT", self.code(self.solve("mailer-a", "mailer-b")))
        self.assertIn("nothing provides nowhere >= 3", self.message(self.solve("broken")))

    def test_groups_and_modules(self):
        self.assertEqual(["libtiny", "tool"], self.names(self.solve(groups=["core"])))
        self.assertEqual("1.5-1.module", self.versions(self.solve("server"))["server"])
        self.assertEqual("2.5-1.module", self.versions(self.solve(groups=["server:2/common"]))["server"])

    def test_lists_have_every_name(self):
        (answer,) = self.serve({"op": "index", "sources": [self.source()], "max_age": 0})
        self.assertEqual([], answer["result"]["problems"])
        with open(os.path.join(self.cache, "index", answer["result"]["file"]), "rb") as file:
            content = file.read()
        count, length, records = struct.unpack(">QQQ", content[-24:])
        names = content[records : records + length].decode("ascii").split()
        self.assertEqual(count, len(names))
        self.assertEqual(sorted({p["name"] for p in self.repository.packages}), names)


if __name__ == "__main__":
    unittest.main()
