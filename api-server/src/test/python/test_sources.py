"""The host's sources in both formats of apt, and the checks of sources users describe."""

import os
import shutil
import tempfile
import unittest

from adapter import AdapterCase

from aptsolver import hostsources, source
from shared.protocol import Failure

KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n"


class HostSourcesTest(unittest.TestCase):
    def setUp(self):
        self.etc = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.etc)

    def read(self, **files):
        for name, text in files.items():
            path = os.path.join(self.etc, name.replace("__", "/").replace("_", "."))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return hostsources.read(self.etc, "amd64")

    def test_one_line_format(self):
        plain, signed = self.read(
            sources_list="# comment\n"
            "deb http://a.example/debian stable main contrib # and so on\n"
            "deb-src http://a.example/debian stable main\n"
            "#deb http://b.example/debian stable main\n"
            "deb [ arch=amd64,arm64 signed-by=/k/a.gpg,/k/b.gpg trusted=no ] https://c.example/x stable/ \n"
            "deb [arch=s390x] http://d.example/debian stable main\n"
        )
        self.assertEqual(("sources", ("http://a.example/debian",)), (plain.id, plain.urls))
        self.assertEqual((("stable",), ("main", "contrib")), (plain.suites, plain.components))
        self.assertEqual("sources-2", signed.id)
        self.assertEqual(("/k/a.gpg", "/k/b.gpg"), signed.keyrings)
        self.assertTrue(signed.flat() and signed.check_gpg)

    def test_deb822_format(self):
        found = self.read(
            sources_list_d__debian_sources="Types: deb deb-src\nURIs: http://a.example/debian\n"
            "Suites: stable stable-updates\nComponents: main\nSigned-By: /usr/share/keyrings/a.gpg\n\n"
            "Enabled: no\nTypes: deb\nURIs: http://b.example/debian\nSuites: s\nComponents: main\n\n"
            "Types: deb-src\nURIs: http://c.example/debian\nSuites: s\nComponents: main\n\n"
            "types: deb\nuris: http://d.example/debian\nsuites: s\ncomponents: main\nTrusted: yes\n"
            "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEZ\n =abcd\n"
            " -----END PGP PUBLIC KEY BLOCK-----\n"
        )
        self.assertEqual(["debian", "debian-3"], [s.id for s in found])
        self.assertEqual(("stable", "stable-updates"), found[0].suites)
        self.assertEqual(("/usr/share/keyrings/a.gpg",), found[0].keyrings)
        self.assertEqual((KEY,), found[1].public_keys)
        self.assertFalse(found[1].check_gpg)

    def test_a_login_is_not_shown(self):
        (found,) = self.read(sources_list="deb https://me:se@cret@a.example:81/debian stable main\n")
        self.assertEqual(("https://me:se@cret@a.example:81/debian",), found.urls)
        shown = found.described()
        self.assertEqual("https://a.example:81/debian", shown["url"])
        self.assertNotIn("cret", str(shown))

    def test_architectures_can_be_taken_away_and_added(self):
        found = self.read(
            sources_list="deb [arch-=amd64] http://a.example/ s main\ndeb [arch+=amd64 arch=s390x] http://b.example/ s main\n"
            "deb cdrom:[Debian GNU/Linux 12 _Bookworm_]/ bookworm main\n",
            sources_list_d__c_sources="Types: deb\nURIs: http://c.example\nSuites: s\nComponents: main\n"
            "Architectures-Remove: amd64\n",
        )
        self.assertEqual(["sources-2"], [s.id for s in found])

    def test_files_apt_ignores_are_ignored(self):
        line = "deb http://a.example/debian stable main\n"
        found = self.read(sources_list_d__b_list=line, sources_list_d__a_list=line, sources_list_d__c_list_disabled=line)
        self.assertEqual(["a", "b"], [s.id for s in found])

    def test_no_sources_at_all(self):
        self.assertEqual([], hostsources.read(self.etc, "amd64"))


class UserSourceTest(unittest.TestCase):
    GOOD = {"id": "mine", "url": "https://a.example/debian", "suites": ["stable"], "components": ["main"]}

    def refused(self, **changes):
        with self.assertRaises(Failure) as caught:
            source.of_user({**self.GOOD, **changes})
        return caught.exception

    def test_good_values_pass(self):
        found = source.of_user({**self.GOOD, "public_keys": [KEY], "proxy": "http://p.example:3128", "check_tls": False})
        self.assertEqual(("https://a.example/debian",), found.urls)
        source.of_user({"id": "flat", "url": "http://[::1]:80/x", "suites": ["./"]})

    def test_hostile_values_are_refused(self):
        ugly = ["", " ", "a b", 'a"b', "a'b", "a\nb", "a\0b", "a[b", "a]b", "../x", "a\u202eb", "ä", "-x", "a;b", "$(x)", "`x`"]
        for value in ugly:
            with self.subTest(value=value):
                self.refused(suites=[value])
                self.refused(components=[value])
        for value in ["", "a b", "a/b", "a\n", "é", "x" * 129]:
            with self.subTest(id=value):
                self.refused(id=value)
        for value in [
            "", "file:///etc", "ftp://a/", "https://", "https://u:p@a/", "https://u@a/", "http://a/ b", 'http://a/"',
            "http://a/'", "http://a/\n", "http://a/<", "http://a\\b/", "javascript:x", "http://a/#x", "copy:/etc", "http://a/\u00e9",
        ]:
            with self.subTest(url=value):
                self.refused(url=value)
                if value:
                    self.refused(proxy=value)
        for key in ["", "x", KEY.replace("mDMEZ", "mD\x1bZ"), KEY + "x", KEY.replace("BEGIN", "BEGUN")]:
            with self.subTest(key=key):
                self.refused(public_keys=[key])
        for wrong in [{"suites": []}, {"components": []}, {"suites": ["./"]}, {"suites": "stable"}, {"check_gpg": "no"}, {"url": 1}]:
            with self.subTest(wrong=wrong):
                self.refused(**wrong)


class SourcesCommandTest(AdapterCase):
    def test_the_command_prints_a_list(self):
        (answer,) = self._run(b"", "sources")
        self.assertIsInstance(answer, list)
        self.assertEqual(len(answer), len({s["id"] for s in answer}))
        for found in answer:
            self.assertRegex(found["id"], r"^[A-Za-z0-9_.:-]+$")

    def test_sources_of_one_server_must_agree(self):
        second = self.source(id="second", proxy="http://127.0.0.1:9")
        answer = self.solve("tool", sources=[self.source(), second])
        self.assertEqual("second", answer["error"]["source_id"])


if __name__ == "__main__":
    unittest.main()
