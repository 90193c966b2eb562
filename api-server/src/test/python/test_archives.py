"""Archives that are damaged, unsigned, gone, or not what they were; and downloads from good ones."""

import hashlib
import os
import shutil
import socket
import unittest

import tinyrepo
from adapter import AdapterCase


class SignatureTest(AdapterCase):
    def test_a_signature_by_another_key_is_refused(self):
        stranger = tinyrepo.Key()
        self.addCleanup(stranger.close)
        directory = self.republished(key=stranger).root
        self.assertEqual("BAD_SIGNATURE", self.code(self.solve("tool", sources=[self.source(directory)])))

    def test_a_missing_signature_is_refused(self):
        directory = self.republished(signed=False).root
        answer = self.solve("tool", sources=[self.source(directory)])
        self.assertEqual("BAD_SIGNATURE", self.code(answer))
        self.assertEqual("tiny", answer["error"]["source_id"])

    def test_a_changed_release_file_is_refused(self):
        directory = self.copied()
        path = os.path.join(directory, "dists/stable/InRelease")
        with open(path, encoding="ascii") as file:
            text = file.read()
        with open(path, "w", encoding="ascii") as file:
            file.write(text.replace("Origin: Tiny", "Origin: Tony"))
        self.assertEqual("BAD_SIGNATURE", self.code(self.solve("tool", sources=[self.source(directory)])))

    def test_checks_can_be_switched_off_for_a_source(self):
        directory = self.republished(signed=False).root
        answer = self.solve("tool", sources=[self.source(directory, check_gpg=False, public_keys=[])])
        self.assertEqual(["libtiny", "tool"], self.names(answer))

    def test_unchecked_metadata_does_not_serve_a_checked_source(self):
        directory = self.republished(signed=False).root
        unchecked = self.source(directory, check_gpg=False)
        message = {"op": "solve", "packages": [{"name": "tool"}], "max_age": 3600}
        first, second = self.serve(
            {**message, "sources": [unchecked]}, {**message, "sources": [self.source(directory)]}
        )
        self.assertIn("result", first)
        self.assertEqual("BAD_SIGNATURE", self.code(second))

    def test_good_metadata_of_yesterday_does_not_hide_a_bad_signature(self):
        directory = self.copied()
        self.assertIn("result", self.solve("tool", sources=[self.source(directory)]))
        path = os.path.join(directory, "dists/stable/InRelease")
        with open(path, "a", encoding="ascii") as file:
            file.write("x")
        # Later than the first by more than the second that HTTP dates can tell apart.
        os.utime(path, (os.path.getmtime(path) + 10,) * 2)
        self.assertIn("error", self.solve("tool", sources=[self.source(directory)]))


class UnreachableTest(AdapterCase):
    def test_an_index_that_differs_from_its_checksum(self):
        directory = self.copied()
        index = os.path.join(directory, "dists/stable/main/binary-%s/Packages" % tinyrepo.native_architecture())
        with open(index, "r+b") as file:
            file.write(b"X")
        self.assertEqual("BAD_CHECKSUM", self.code(self.solve("tool", sources=[self.source(directory)])))

    def test_a_missing_archive(self):
        answer = self.solve("tool", sources=[self.source(os.path.join(self.work, "nothing"))])
        self.assertEqual("SOURCE_UNREACHABLE", self.code(answer))
        self.assertEqual("tiny", answer["error"]["source_id"])
        self.assertIn("404", answer["error"]["message"])

    def test_a_server_that_does_not_listen(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = "http://127.0.0.1:%d/tiny" % unused.getsockname()[1]
            answer = self.solve("tool", sources=[self.source(url=url)])
        self.assertEqual("SOURCE_UNREACHABLE", self.code(answer))
        self.assertIn(url, answer["error"]["message"])

    def test_the_next_request_works_again(self):
        bad = self.source(os.path.join(self.work, "nothing"))
        message = {"op": "solve", "packages": [{"name": "tool"}]}
        first, second = self.serve({**message, "sources": [bad]}, {**message, "sources": [self.source()]})
        self.assertIn("error", first)
        self.assertEqual(["libtiny", "tool"], self.names(second))


class FetchTest(AdapterCase):
    def planned(self, *names, **request):
        return [
            {
                "name": p["name"],
                "version": ("%d:" % p["epoch"] if p["epoch"] else "") + p["version"] + "-" + p["release"],
                "architecture": p["architecture"],
                "sha256": p["sha256"],
                "source_id": p["source_id"],
                "location": p["location"],
                "size": p["size"],
            }
            for p in self.solve(*names, **request)["result"]["packages"]
        ]

    def test_every_archive_arrives_under_its_checksum(self):
        packages = self.planned("tool-extra", "first", essential=True)
        result = self.fetch(packages)["result"]
        self.assertEqual(0, self.exit_code)
        self.assertEqual(sorted(p["sha256"] + ".deb" for p in packages), sorted(os.listdir(self.out)))
        for package in result["packages"]:
            with open(os.path.join(self.out, package["file"]), "rb") as file:
                content = file.read()
            self.assertEqual(package["sha256"], hashlib.sha256(content).hexdigest())
            self.assertEqual(package["size"], len(content))

    def test_the_order_respects_what_must_be_there_before(self):
        result = self.fetch(self.planned("first", "tool-extra", essential=True))["result"]
        steps = [(s["op"], s["name"]) for s in result["order"]]
        unpacked = [name for operation, name in steps if operation == "unpack"]
        self.assertEqual(["base-tiny", "first", "libtiny", "tool", "tool-extra"], sorted(unpacked))
        self.assertLess(steps.index(("configure", "libtiny")), steps.index(("unpack", "first")))
        self.assertEqual(["base-tiny", "libtiny"], result["essential"])

    def test_what_the_caller_has_is_ordered_but_not_fetched(self):
        packages = self.planned("tool")
        packages[0]["download"] = False
        result = self.fetch(packages)["result"]
        self.assertEqual([False, True], [p["downloaded"] for p in result["packages"]])
        self.assertEqual([packages[1]["sha256"] + ".deb"], os.listdir(self.out))
        self.assertEqual(2, sum(s["op"] == "unpack" for s in result["order"]))

    def test_a_list_that_is_not_closed_is_refused(self):
        packages = [p for p in self.planned("tool") if p["name"] == "tool"]
        answer = self.fetch(packages)
        self.assertEqual("PACKAGE_MISSING", self.code(answer))
        self.assertIn("tool : Depends: libtiny", answer["error"]["message"])

    def test_another_checksum_than_the_signed_one_is_refused(self):
        packages = self.planned("libtiny")
        self.assertTrue(packages[0].pop("size"))
        packages[0]["sha256"] = "0" * 64
        self.assertEqual("PACKAGE_MISSING", self.code(self.fetch(packages)))
        packages = self.planned("libtiny")
        packages[0]["sha256"] = "0" * 64
        self.assertEqual("BAD_CHECKSUM", self.code(self.fetch(packages)))
        self.assertEqual(1, self.exit_code)
        self.assertFalse([name for name in os.listdir(self.out) if name.endswith(".deb")])

    def test_a_version_that_is_gone(self):
        packages = self.planned("libtiny")
        packages[0]["version"] = "2:9-9"
        packages[0]["location"] = ""
        answer = self.fetch(packages)
        self.assertEqual("PACKAGE_MISSING", self.code(answer))
        self.assertIn("libtiny 2:9-9", answer["error"]["message"])

    def test_an_archive_that_was_exchanged_on_the_server(self):
        packages = self.planned("libtiny")
        directory = self.copied()
        (path,) = [n for n in os.listdir(os.path.join(directory, "pool")) if n.startswith("libtiny")]
        with open(os.path.join(directory, "pool", path), "r+b") as file:
            file.seek(100)
            file.write(b"X")
        answer = self.fetch(packages, sources=[self.source(directory)])
        self.assertEqual("BAD_CHECKSUM", self.code(answer))
        self.assertNotIn(packages[0]["sha256"] + ".deb", os.listdir(self.out))

    def test_an_archive_that_is_missing_on_the_server(self):
        packages = self.planned("libtiny")
        directory = self.copied()
        for name in os.listdir(os.path.join(directory, "pool")):
            os.unlink(os.path.join(directory, "pool", name))
        self.assertEqual("PACKAGE_MISSING", self.code(self.fetch(packages, sources=[self.source(directory)])))

    def moved_on(self, *names):
        """A copy of the archive, and how it lists newer packages in the place of these later."""
        copy = self.republished()
        copy.drop(*names)
        copy.add("libtiny", "2:1.5-1", tinyrepo.native_architecture())
        return copy

    def test_what_was_chosen_is_fetched_though_the_archive_moved_on(self):
        archive = self.moved_on("libtiny", "tool")
        source = self.source(archive.root)
        packages = self.planned("tool", "first", essential=True, sources=[source])
        archive.publish()
        result = self.fetch(packages, sources=[source])["result"]
        versions = {(p["name"], p["version"]) for p in result["packages"]}
        self.assertLessEqual({("libtiny", "2:1.4-3"), ("tool", "2.0-1")}, versions)
        self.assertEqual(sorted(p["sha256"] + ".deb" for p in packages), sorted(os.listdir(self.out)))
        self.assertEqual(["base-tiny", "libtiny"], result["essential"])
        self.assertEqual(len(packages), sum(s["op"] == "unpack" for s in result["order"]))
        self.assertIn("libtiny 2:1.4-3 is not in the index of its source any more", self.errors)

    def test_an_archive_that_moved_on_and_threw_away_is_named(self):
        archive = self.moved_on("libtiny")
        source = self.source(archive.root)
        packages = self.planned("tool", sources=[source])
        archive.publish()
        for package in packages:
            if package["name"] == "libtiny":
                os.unlink(os.path.join(archive.root, package["location"]))
        error = self.fetch(packages, sources=[source])["error"]
        self.assertEqual("PACKAGE_MISSING", error["code"])
        self.assertRegex(error["message"], "source tiny has changed since the compose was started: libtiny 2:1.4-3 .*404.*again")

    def test_another_archive_at_the_old_place_is_not_taken(self):
        archive = self.moved_on("libtiny")
        source = self.source(archive.root)
        packages = self.planned("libtiny", sources=[source])
        archive.publish()
        with open(os.path.join(archive.root, packages[0]["location"]), "r+b") as file:
            file.seek(100)
            file.write(b"X")
        self.assertEqual("BAD_CHECKSUM", self.code(self.fetch(packages, sources=[source])))
        self.assertNotIn(packages[0]["sha256"] + ".deb", os.listdir(self.out))

    def test_a_location_stays_below_its_source(self):
        packages = self.planned("libtiny")
        for location in ("../x", "/etc/x", "a/../x", "http://x/y\n", "a b", "./../x", "a\"b"):
            packages[0]["location"] = location
            with self.subTest(location=location):
                self.assertEqual("a package has an invalid location", self.fetch(packages)["error"]["message"])

    def test_the_proxy_of_a_request_is_for_servers_without_another(self):
        packages = self.planned("libtiny")
        shutil.rmtree(self.cache, ignore_errors=True)
        self.cache = self._directory()
        error = self.fetch(packages, proxy="http://127.0.0.1:9")["error"]
        self.assertEqual("SOURCE_UNREACHABLE", error["code"])
        self.assertIn("127.0.0.1:9", error["message"])
        own = self.source(proxy=self.url(self.work).removesuffix("/."))
        self.assertNotIn("127.0.0.1:9", self.fetch(packages, sources=[own], proxy="http://127.0.0.1:9")["error"]["message"])
        for bad in ("socks://x", "http://a b", 'http://"', "http://u:p@x"):
            self.assertEqual("INTERNAL", self.code(self.fetch(packages, proxy=bad)))

    def test_an_unusable_document_is_an_answer_too(self):
        for document in ([], [{}], [{"name": "a"}], ["x"], [dict.fromkeys(("name", "version", "architecture", "sha256", "source_id"), "../x")]):
            with self.subTest(document=document):
                self.assertEqual("INTERNAL", self.code(self.fetch(document, sources=[7])))


if __name__ == "__main__":
    unittest.main()
