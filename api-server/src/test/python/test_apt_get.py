"""Solutions are those of `apt-get install` into an empty root, also where names are virtual."""

import os
import re
import shutil
import subprocess
import unittest

import tinyrepo
from adapter import AdapterCase

INSTALLED = re.compile(r"Inst (\S+) \((\S+) ")


def fill(repository):
    native = tinyrepo.native_architecture()
    repository.add("only-one", Provides="lone-virtual")
    repository.add("first-of-two", Provides="pair-virtual, versioned-virtual (= 1)")
    repository.add("second-of-two", Priority="required", Provides="pair-virtual, versioned-virtual (= 2)")
    repository.add("needs-lone", Depends="lone-virtual")
    repository.add("needs-pair", Depends="pair-virtual")
    repository.add("needs-new", Depends="versioned-virtual (>= 2)")
    repository.add("needs-newer", Depends="versioned-virtual (>= 3)")
    repository.add("needs-old", Depends="versioned-virtual (<< 2)")
    repository.add("prefers", Depends="second-of-two | pair-virtual")
    repository.add("falls-back", Depends="nowhere | pair-virtual | only-one")
    repository.add("wants-version", Depends="two-versions (>= 2) | only-one")
    repository.add("two-versions", "1.0-1", native)
    repository.add("two-versions", "2.0-1", native, Breaks="only-one")
    repository.add("suggests", Recommends="needs-lone | needs-pair, needs-newer", Suggests="needs-old")
    repository.add("no-longer", "1.0-1", Provides="old-virtual")
    repository.add("no-longer", "2.0-1")
    repository.add("real", Depends="only-one")
    repository.add("replaces-real", Provides="real", Conflicts="real")
    repository.add("needs-real", Depends="real")
    repository.publish()


NAMES = """only-one first-of-two second-of-two needs-lone needs-pair needs-new needs-newer needs-old prefers
falls-back wants-version two-versions suggests no-longer real replaces-real needs-real lone-virtual pair-virtual
versioned-virtual old-virtual""".split()


class AptGetTest(AdapterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.virtual = tinyrepo.Repository(os.path.join(cls.work, "virtual"), cls.key)
        fill(cls.virtual)

    def setUp(self):
        super().setUp()
        self.apt = self._configured()

    def _configured(self):
        """apt-get with nothing installed and the archive as its only source."""
        root = os.path.join(self._directory(), "apt")
        for name in ("lists/partial", "cache/archives/partial", "empty"):
            os.makedirs(os.path.join(root, name))
        source = "deb [signed-by=%s/key.asc] %s stable main\n" % (root, self.url(self.virtual.root))
        files = {"status": "", "sources.list": source, "key.asc": self.key.public}
        for name, text in files.items():
            with open(os.path.join(root, name), "w", encoding="ascii") as file:
                file.write(text)
        options = {
            "Dir::State": root,
            "Dir::State::lists": root + "/lists/",
            "Dir::State::status": root + "/status",
            "Dir::Cache": root + "/cache",
            "Dir::Etc::sourcelist": root + "/sources.list",
            "Dir::Etc::sourceparts": root + "/empty",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": root + "/empty",
            "Debug::NoLocking": "true",
            "APT::Sandbox::User": "",
        }
        command = ["/usr/bin/apt-get"]
        for option in options.items():
            command += ["-o", "%s=%s" % option]
        subprocess.run([*command, "update"], check=True, capture_output=True)
        self.addCleanup(shutil.rmtree, root)
        return command

    def theirs(self, recommends, names):
        wanted = "--install-recommends" if recommends else "--no-install-recommends"
        answer = subprocess.run(
            [*self.apt, "-s", wanted, "install", *names], capture_output=True, check=False, encoding="utf-8"
        )
        if answer.returncode != 0:
            return None
        return sorted(match.groups() for match in map(INSTALLED.match, answer.stdout.splitlines()) if match)

    def ours(self, answer):
        if "error" in answer:
            self.assertIn(self.code(answer), ("UNSOLVABLE", "CONFLICT"), answer)
            return None
        return sorted(self.versions(answer).items())

    def compare(self, recommends=False):
        sets = [[name] for name in NAMES]
        sets += [[a, b] for a in NAMES for b in ("needs-pair", "first-of-two", "real") if a != b]
        # apt-get does not take a virtual name beside its provider; we do.
        sets = [s for s in sets if not ("virtual" in s[0] and s[1:] == ["first-of-two"])]
        message = {"op": "solve", "id": 1, "sources": [self.source(self.virtual.root)], "max_age": 600}
        requests = [{**message, "packages": [{"name": name} for name in names]} for names in sets]
        answers = self.serve(*requests, options=["--weak-dependencies"] if recommends else [])
        different = []
        for names, answer in zip(sets, answers):
            pair = (self.ours(answer), self.theirs(recommends, names))
            if pair[0] != pair[1]:
                different.append((names, *pair, answer.get("error")))
        self.assertEqual([], different)

    def test_the_same_packages_in_the_same_versions(self):
        self.compare()

    def test_the_same_with_recommendations(self):
        self.compare(recommends=True)

    def test_a_virtual_name_of_several_providers_names_them(self):
        message = self.solve("pair-virtual", sources=[self.source(self.virtual.root)])["error"]["message"]
        self.assertIn("pair-virtual-* (a virtual package, provided by first-of-two, second-of-two;", message)


if __name__ == "__main__":
    unittest.main()
