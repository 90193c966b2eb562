"""dnf.py on a small signed repository."""

import contextlib
import io
import os
import shutil
import tempfile
import unittest

import rpmrepo
import tinyrepo
from adapter import ServedCase
from dnfsolver import area, hostsources


class DnfCase(ServedCase):
    PROGRAM = "dnf.py"
    OPTIONS = ("--releasever=9", "--platform=platform:el9")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repository = cls.make_repository(os.path.join(cls.work, "tiny"))
        cls.repository.publish(cls.key)

    @classmethod
    def make_repository(cls, root):
        repository = rpmrepo.Repository(root)
        rpmrepo.fill(repository)
        return repository

    def source(self, directory=None, **changes):
        return {
            "id": "tiny",
            "type": "yum-baseurl",
            "url": self.url(directory or self.repository.root),
            "check_repo_gpg": True,
            "public_keys": [self.key.public],
            **changes,
        }

    def message(self, answer):
        return answer.get("error", {}).get("message")


class SolveTest(DnfCase):
    def test_a_package_is_exact(self):
        (package,) = [p for p in self.solve("libtiny")["result"]["packages"] if p["name"] == "libtiny"]
        entry = next(p for p in self.repository.packages if p["name"] == "libtiny")
        self.assertEqual(
            {
                "name": "libtiny", "epoch": 2, "version": "1.4", "release": "3.fc40", "architecture": "x86_64",
                "source_id": "tiny", "location": "Packages/libtiny-1.4-3.fc40.x86_64.rpm",
                "sha256": entry["sha256"], "size": entry["size"], "installed_size": 4000,
            },
            package,
        )

    def test_dependencies_files_and_the_newest_version(self):
        answer = self.solve("tool-extra")
        self.assertEqual(["data", "filesystem", "libtiny", "tool", "tool-extra"], self.names(answer))
        self.assertEqual("2.0-1.fc40", self.versions(answer)["tool"])

    def test_weak_dependencies_by_setting(self):
        answer = self.solve("tool-extra", options=["--weak-dependencies"])
        self.assertIn("mailer-a", self.names(answer))

    def test_rich_dependencies(self):
        self.assertEqual(1, len({"mailer-a", "mailer-b"} & set(self.names(self.solve("rich")))))
        self.assertNotIn("addon", self.names(self.solve("rich")))
        self.assertIn("addon", self.names(self.solve("rich", "tool")))

    def test_versions_may_be_globs_and_frozen(self):
        for version in ("1.1", "1.1-1.fc40", "1.1-1.fc40.noarch", "0:1.1-1.fc40.noarch", "1.*", "?.1-*"):
            self.assertEqual("1.1-1.fc40", self.versions(self.solve(("tool", version)))["tool"], version)
        answer = self.solve(("libtiny", "2:1.4-3.fc40.i686"))
        self.assertEqual(["x86_64", "i686"], [p["architecture"] for p in answer["result"]["packages"]])

    def test_a_name_glob_takes_one_package_and_a_provided_name_its_provider(self):
        self.assertEqual(1, sum(n.startswith("mailer") for n in self.names(self.solve("mailer-*"))))
        self.assertEqual(1, len(self.names(self.solve("mail-agent"))))
        self.assertEqual(["new-name"], self.names(self.solve("old-name")))
        self.assertIn("tool", self.names(self.solve("/usr/bin/tool")))

    def test_what_matches_nothing_is_listed(self):
        answer = self.solve("nope", ("tool", "9"), "data", "x*y")
        self.assertEqual(
            "The following package(s) had problems: nope-* (No match),tool-9 (No match),x*y-* (No match)",
            self.message(answer),
        )

    def test_options_and_addresses_in_names_are_names(self):
        for name in ("--installroot=/", "@core", "http://x/y.rpm", "../x.rpm", "a\nb", "tool.rpm", "", "("):
            self.assertEqual("UNSOLVABLE", self.code(self.solve(name)), name)

    def test_the_reason_is_one_paragraph(self):
        self.assertEqual(
            "Problem 1: package needs-broken-1.0-1.noarch requires broken, but none of the providers can be installed;"
            " conflicting requests; nothing provides nowhere >= 3 needed by broken-1.0-1.noarch."
            " Problem 2: package mailer-a-1.0-1.noarch conflicts with mailer-b provided by mailer-b-1.0-1.noarch;"
            " package mailer-b-1.0-1.noarch conflicts with mailer-a provided by mailer-a-1.0-1.noarch;"
            " conflicting requests",
            self.message(self.solve("needs-broken", "mailer-a", "mailer-b")),
        )
        self.assertEqual("CONFLICT", self.code(self.solve("mailer-a", "mailer-b")))

    def test_one_of_several(self):
        lists = [["gone", "mailer-b", "mailer-a"], ["data", "addon"]]
        self.assertEqual(["addon", "mailer-b"], self.names(self.solve("addon", one_of=lists)))
        self.assertEqual("UNSOLVABLE", self.code(self.solve(one_of=[["gone", "lost"]])))

    def test_one_of_several_or_nothing(self):
        lists = [["gone", "lost", ""], ["lost", ""], ["data", ""], ["gone", "addon", ""], ["mailer-b", ""]]
        self.assertEqual(["addon", "data", "mailer-b"], self.names(self.solve("mailer-b", one_of=lists)))

    def test_excluded_packages(self):
        answer = self.solve("tool", options=["--exclude=to*"])
        self.assertIn("tool-* (filtered out by exclude filtering)", self.message(answer))
        self.assertEqual(["mailer-b"], self.names(self.solve("mail-agent", options=["--exclude=mailer-a"])))
        self.assertEqual(["mailer-b"], self.names(self.solve("mail-agent", avoid=["mailer-a"])))
        self.assertEqual(["mailer-a"], self.names(self.solve("mailer-a", avoid=["mailer-a"])))

    def test_other_variables_than_ours_stay_as_they_are(self):
        odd = self.source(url=self.url(self.repository.root).replace("tiny", "t$releasever-$nix"))
        self.assertIn("BAD_REQUEST", [self.code(self.solve("tool", sources=[self.source(url="http://x/ y")]))])
        self.assertEqual("SOURCE_UNREACHABLE", self.code(self.solve("tool", sources=[odd])))


class GroupTest(DnfCase):
    def test_a_group_brings_mandatory_default_and_conditional_packages(self):
        self.assertEqual(["filesystem", "libtiny", "tool"], self.names(self.solve(groups=["core"])))
        names = self.names(self.solve("addon", groups=["core"]))
        self.assertEqual(["addon", "filesystem", "langpack-de", "libtiny", "tool"], names)

    def test_an_environment_brings_its_groups(self):
        self.assertIn("mailer-b", self.names(self.solve(groups=["minimal-environment"])))

    def test_an_unknown_group(self):
        answer = self.solve(groups=["none"])
        self.assertEqual(("UNKNOWN_GROUP", "Group id 'none' does not exist."), (self.code(answer), self.message(answer)))

    def test_modules_with_and_without_default_streams(self):
        self.assertEqual("1.5-1.module", self.versions(self.solve("server"))["server"])
        self.assertEqual("1.5-1.module", self.versions(self.solve(groups=["server"]))["server"])
        self.assertEqual("2.5-1.module", self.versions(self.solve(groups=["server:2/common"]))["server"])
        self.assertEqual({"libserver": "2.5-1.module"}, self.versions(self.solve(groups=["server:2/minimal"])))

    def test_streams_do_not_leak_into_other_requests(self):
        message = {"op": "solve", "sources": [self.source()], "max_age": 3600}
        lines = [{**message, "groups": g, "packages": [{"name": "server"}]} for g in ([], ["server:2/common"], [], ["server:2/common"])]
        streams = [self.versions(answer)["server"][0] for answer in self.serve(*lines)]
        self.assertEqual(["1", "2", "1", "2"], streams)

    def test_two_streams_at_once(self):
        self.assertEqual("UNSOLVABLE", self.code(self.solve(groups=["server:1", "server:2/common"])))

    def test_an_unknown_profile_is_explained(self):
        self.assertIn("Available profiles for 'server:1': common, minimal", self.message(self.solve(groups=["server:1/x"])))


class SourceTest(DnfCase):
    def test_a_changed_repository_has_another_snapshot(self):
        directory = self.copied()
        message = {"op": "refresh", "max_age": 0, "sources": [self.source(directory)]}
        first, same = (a["result"]["snapshot"] for a in self.serve(message, message))
        self.assertEqual(first, same)
        copy = rpmrepo.Repository(directory)
        copy.add("newcomer")
        copy.publish(self.key)
        (answer,) = self.serve(message)
        self.assertNotEqual(first, answer["result"]["snapshot"])
        self.assertEqual(["newcomer"], self.names(self.solve("newcomer", sources=message["sources"], max_age=600)))

    def test_signatures_of_metadata(self):
        for key, code in ((self.stranger(), "BAD_SIGNATURE"), (None, "BAD_SIGNATURE"), (self.key, None)):
            directory = self.copied()
            copy = rpmrepo.Repository(directory)
            copy.add("tool")
            copy.publish(key)
            answer = self.solve("tool", sources=[self.source(directory)])
            self.assertEqual(code, self.code(answer))
            unchecked = self.source(directory, check_repo_gpg=False)
            self.assertIn("result", self.solve("tool", sources=[unchecked]))

    def stranger(self):
        key = tinyrepo.Key()
        self.addCleanup(key.close)
        return key

    def test_unchecked_metadata_does_not_serve_a_checked_source(self):
        directory = self.copied()
        os.unlink(os.path.join(directory, "repodata/repomd.xml.asc"))
        message = {"op": "solve", "packages": [{"name": "tool"}], "max_age": 3600}
        first, second = self.serve(
            {**message, "sources": [self.source(directory, check_repo_gpg=False)]},
            {**message, "sources": [self.source(directory)]},
        )
        self.assertIn("result", first)
        self.assertEqual("BAD_SIGNATURE", self.code(second))

    def test_damaged_metadata(self):
        directory = self.copied()
        repodata = os.path.join(directory, "repodata")
        (name,) = [n for n in os.listdir(repodata) if n.endswith("primary.xml.gz")]
        with open(os.path.join(repodata, name), "r+b") as file:
            file.seek(30)
            file.write(b"damage")
        answer = self.solve("tool", sources=[self.source(directory)])
        self.assertEqual("BAD_CHECKSUM", self.code(answer), answer)

    def test_a_missing_repository_and_the_next_request(self):
        gone = self.source(os.path.join(self.work, "gone"), id="gone")
        message = {"op": "solve", "packages": [{"name": "tool"}], "max_age": 3600}
        first, second = self.serve({**message, "sources": [gone]}, {**message, "sources": [self.source()]})
        self.assertEqual(("SOURCE_UNREACHABLE", "gone"), (self.code(first), first["error"]["source_id"]))
        self.assertTrue(self.message(first).startswith("Failed to download metadata for repo 'gone': Cannot download"))
        self.assertIn("tool", self.names(second))

    def test_metalinks_and_mirrorlists(self):
        directory = self.copied()
        for name, text, kind in (
            ("mirrors", "# a comment\nhttp://127.0.0.1:1/none/\n%s/\n" % self.url(directory), "yum-mirrorlist"),
            ("metalink", METALINK % self.url(directory), "yum-metalink"),
        ):
            with open(os.path.join(directory, name), "w", encoding="ascii") as file:
                file.write(text)
            source = self.source(url=self.url(directory) + "/" + name, type=kind)
            self.assertIn("tool", self.names(self.solve("tool", sources=[source])), kind)

    def test_a_probe_fetches_keys_and_metadata(self):
        with open(os.path.join(self.work, "key.asc"), "w", encoding="ascii") as file:
            file.write(self.key.public)
        url = self.url(os.path.join(self.work, "key.asc"))
        (answer,) = self.serve({"op": "probe", "source": self.source(public_keys=[]), "key_urls": [url]})
        self.assertEqual([self.key.public.strip()], [key.strip() for key in answer["result"]["public_keys"]])

    def test_nothing_is_written_outside_the_cache_and_no_process_is_left(self):
        before = set(os.listdir("/var/tmp"))
        self.solve("tool")
        self.assertEqual(before, set(os.listdir("/var/tmp")))
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % process, "rb") as file:
                    self.assertNotIn(self.cache.encode(), file.read())
            except OSError:
                pass


class HostTest(unittest.TestCase):
    def read(self, **files):
        """The sources of a host with these files, as repr, and what was said of others."""
        etc = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, etc)
        for name, text in files.items():
            path = os.path.join(etc, name.replace("__", "/").replace("_repo", ".repo").replace("_conf", ".conf"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            sources = hostsources.read(area.variables("9", etc), etc)
        return [source.described() for source in sources], errors.getvalue()

    def test_sources_with_variables_keys_and_inherited_settings(self):
        sources, errors = self.read(
            dnf__dnf_conf="[main]\ngpgcheck=1\nproxy=http://proxy:3128\n",
            dnf__vars__stream="9-stream\n",
            **{
                "yum.repos.d__b_repo": "[updates]\nname=Updates $releasever - $basearch\n"
                "metalink=https://m.example.org/?repo=u-$releasever&arch=$basearch\nenabled=1\n"
                "gpgkey=file:///etc/pki/KEY-$releasever\n  https://k.example.org/key\nsslverify=0\nproxy=_none_\n",
                "yum.repos.d__a_repo": "[base]\nbaseurl = http://a.example.org/$stream/$basearch/\n"
                "  http://b.example.org/\nexcludepkgs=a*, b\npriority=10\nrepo_gpgcheck=1\n\n"
                "[off]\nbaseurl=http://off/\nenabled=0\n",
            },
        )
        self.assertEqual("", errors)
        base, updates = sources
        self.assertEqual("base", base["id"])
        self.assertEqual(["http://a.example.org/9-stream/x86_64/", "http://b.example.org/"], base["urls"])
        self.assertTrue(base["check_gpg"])
        self.assertEqual("yum-metalink", updates["type"])
        self.assertEqual("Updates 9 - x86_64", updates["name"])
        self.assertEqual("https://m.example.org/?repo=u-9&arch=x86_64", updates["url"])
        self.assertEqual(["file:///etc/pki/KEY-9", "https://k.example.org/key"], updates["key_urls"])
        self.assertFalse(updates["check_tls"])

    def test_what_is_doubtful_is_left_out_and_named(self):
        bad = {
            "twice": "[x]\nbaseurl=http://a/\nbaseurl=http://b/\n",
            "sections": "[x]\nbaseurl=http://a/\n[x]\nbaseurl=http://b/\n",
            "nothing": "[x]\nname=X\n",
            "blank": "[x]\nbaseurl=http://a/\"b\n",
            "scheme": "[x]\nbaseurl=gopher://a/\n",
            "enabled": "[x]\nbaseurl=http://a/\nenabled=maybe\n",
            "name": "[x y]\nbaseurl=http://a/\n",
            "text": "no section\n",
            "relative": "[x]\nbaseurl=http://a/\nsslclientkey=key.pem\n",
            "number": "[x]\nbaseurl=http://a/\npriority=high\n",
        }
        for name, text in bad.items():
            good = "[good]\nbaseurl=http://good/\n"
            sources, errors = self.read(**{"yum.repos.d__a_repo": text, "yum.repos.d__good_repo": good})
            self.assertEqual(["good"], [s["id"] for s in sources], name)
            self.assertIn("is not used: ", errors, name)


METALINK = """<?xml version="1.0" encoding="utf-8"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/"><files><file name="repomd.xml">
<resources maxconnections="1"><url protocol="http" type="http" preference="100">%s/repodata/repomd.xml</url></resources>
</file></files></metalink>
"""
