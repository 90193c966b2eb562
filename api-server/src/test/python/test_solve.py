"""Solving: which packages a request gives, and what is said when there is no solution."""

import json
import random
import unittest

from adapter import AdapterCase


class SolveTest(AdapterCase):
    def test_dependencies_come_along_recommendations_do_not(self):
        self.assertEqual(["libtiny", "tool", "tool-extra"], self.names(self.solve("tool-extra")))

    def test_nothing_asked_for_is_nothing(self):
        self.assertEqual([], self.names(self.solve()))

    def test_an_answer_is_exact(self):
        (package,) = self.solve("libtiny")["result"]["packages"]
        self.assertEqual(("libtiny", 2, "1.4", "3"), tuple(package[k] for k in ("name", "epoch", "version", "release")))
        self.assertRegex(package["sha256"], "^[0-9a-f]{64}$")
        self.assertEqual("tiny", package["source_id"])
        self.assertGreater(package["size"], 0)
        self.assertEqual(10240, package["installed_size"])

    def test_essential_packages_only_when_asked_for(self):
        self.assertEqual(["base-tiny", "libtiny"], self.names(self.solve(essential=True)))

    def test_the_newest_version_unless_a_glob_says_otherwise(self):
        self.assertEqual("2.0-1", self.versions(self.solve("tool"))["tool"])
        for glob in ("1.*", "1.1", "1.1-1", "1.1-1.all", "0:1.1-1.all", "1.[12]*"):
            with self.subTest(glob=glob):
                self.assertEqual("1.1-1", self.versions(self.solve(("tool", glob)))["tool"])

    def test_what_was_frozen_can_be_asked_for(self):
        for package in self.solve("tool-extra")["result"]["packages"]:
            frozen = "%s%s-%s.%s" % (
                "%d:" % package["epoch"] if package["epoch"] else "",
                package["version"],
                package["release"],
                package["architecture"],
            )
            with self.subTest(frozen=frozen):
                self.assertIn(package, self.solve((package["name"], frozen))["result"]["packages"])

    def test_several_wishes_for_one_package_must_all_fit(self):
        self.assertEqual("1.0-1", self.versions(self.solve(("tool", "1.*"), ("tool", "1.0")))["tool"])
        self.assertEqual("UNSOLVABLE", self.code(self.solve(("tool", "1.0"), ("tool", "2.0"))))

    def test_a_name_glob_gives_one_of_what_it_matches(self):
        self.assertEqual(["libtiny", "tool"], self.names(self.solve("too*")))
        self.assertEqual(["libtiny", "tool", "tool-extra"], self.names(self.solve("tool-e*", "tool*")))

    def test_a_virtual_name_gives_a_provider(self):
        self.assertEqual(["mailer-a"], self.names(self.solve("mail-agent", avoid=["mailer-b"])))
        self.assertEqual(["mailer-b"], self.names(self.solve("mail-agent", "mailer-b")))

    def test_an_alternative_that_is_named_is_taken(self):
        self.assertEqual(["either", "mailer-a"], self.names(self.solve("either")))
        self.assertEqual(["either", "mailer-b"], self.names(self.solve("either", "mailer-b")))

    def test_what_is_to_be_avoided_is_taken_only_by_name(self):
        self.assertEqual(["either", "mailer-b"], self.names(self.solve("either", avoid=["mailer-a"])))
        self.assertEqual(["either", "mailer-a"], self.names(self.solve("either", "mailer-a", avoid=["mailer-a"])))

    def test_one_of_several(self):
        self.assertEqual(["mailer-b"], self.names(self.solve(one_of=[["unheard-of", "mailer-b", "mailer-a"]])))
        self.assertEqual(["mailer-a"], self.names(self.solve("mailer-a", one_of=[["mailer-b", "mailer-a"]])))
        self.assertEqual(["mailer-a"], self.names(self.solve(one_of=[["unheard-of", ""], ["mailer-a", ""]])))
        self.assertEqual("UNSOLVABLE", self.code(self.solve(one_of=[["unheard-of"]])))

    def test_requests_do_not_colour_each_other(self):
        requests = [
            {"packages": [{"name": "tool-extra"}], "essential": True},
            {"packages": [{"name": "tool", "version": "1.0"}]},
            {"packages": [{"name": "mailer-a"}, {"name": "mailer-b"}]},
            {"packages": [{"name": "needs-broken"}]},
            {"packages": [{"name": "tool"}]},
            {"packages": [{"name": "either"}], "avoid": ["mailer-a"]},
            {"packages": [{"name": "either"}]},
            {"packages": [{"name": "broken"}]},
            {"packages": []},
        ]
        message = {"id": 1, "op": "solve", "sources": [self.source()], "max_age": 600}
        order = random.Random(2026).choices(requests, k=40)
        together = self.serve(*[{**message, **request} for request in order])
        alone = {json.dumps(request): self.serve({**message, **request})[0] for request in requests}
        for request, answer in zip(order, together):
            self.assertEqual(alone[json.dumps(request)], answer)

    def test_groups_are_tasks_and_meta_packages(self):
        self.assertIn("task-server", self.names(self.solve(groups=["server"])))
        self.assertIn("tool-extra", self.names(self.solve(groups=["meta"])))
        for group in ("nogroup", "tool", "", "a'b\n"):
            error = self.solve(groups=[group])["error"]
            self.assertEqual("UNKNOWN_GROUP", error["code"])
            self.assertEqual("Group id '%s' does not exist." % group, error["message"])

    def test_unknown_packages_are_all_named(self):
        error = self.solve("nope", ("tool", "9"), "libtiny", ("no*", "1"))["error"]
        self.assertEqual("UNSOLVABLE", error["code"])
        self.assertEqual(
            {"nope-* (No match)", "tool-9 (No match)", "no*-1 (No match)"},
            set(error["message"].removeprefix("The following package(s) had problems: ").split(",")),
        )

    def test_an_unmet_dependency_is_explained(self):
        message = self.solve("needs-broken")["error"]["message"]
        self.assertIn("needs-broken : Depends: broken", message)
        self.assertIn("broken : Depends: nowhere (>= 3) but it is not installable", message)

    def test_a_conflict_is_explained(self):
        answer = self.solve("mailer-a", "mailer-b")
        self.assertEqual("CONFLICT", self.code(answer))
        self.assertIn("Conflicts: mailer-", answer["error"]["message"])

    def test_nobody_gets_what_is_excluded(self):
        wishes = [["mailer-a"], ["either"], ["mail*"], ["tool-extra"], ["tool"]]
        message = {"id": 1, "op": "solve", "sources": [self.source()], "max_age": 600}
        requests = [{**message, "packages": [{"name": name} for name in names]} for names in wishes]
        options = ["--exclude=mailer-a", "--exclude=lib*", "--weak-dependencies"]
        named, alternative, glob, dependency, hopeless = self.serve(*requests, options=options)
        self.assertIn("mailer-a-* (excluded by the configuration", named["error"]["message"])
        self.assertEqual(["either", "mailer-b"], self.names(alternative))
        self.assertEqual(["mailer-b"], self.names(glob))
        self.assertIn("Depends: libtiny", dependency["error"]["message"])
        self.assertIn("Depends: libtiny", hopeless["error"]["message"])
        self.serve({**message, "packages": []}, options=["--exclude=a b"])
        self.assertEqual(2, self.exit_code)

    def test_a_version_glob_pins_within_the_sources(self):
        self.assertEqual(["libtiny", "tool", "tool-extra"], self.names(self.solve("tool-extra", ("tool", "1.0*"))))
        pinned = self.solve("tool-extra", ("tool", "1.0*"))
        self.assertEqual("1.0-1", self.versions(pinned)["tool"])

    def test_recommendations_by_setting(self):
        message = {"id": 1, "op": "solve", "sources": [self.source()], "packages": [{"name": "tool-extra"}]}
        (answer,) = self.serve(message, options=["--weak-dependencies"])
        self.assertEqual(["libtiny", "mailer-a", "tool", "tool-extra"], self.names(answer))

    def test_equal_metadata_has_an_equal_snapshot(self):
        request = {"op": "refresh", "sources": [self.source()]}
        first, second = self.serve(request, {**request, "max_age": 60})
        self.assertEqual(first["result"]["snapshot"], second["result"]["snapshot"])


class RobustnessTest(AdapterCase):
    def test_an_unusable_line_costs_one_request(self):
        good = {"id": 1, "op": "solve", "sources": [self.source()], "packages": [{"name": "tool"}]}
        bad = [
            b"\xff\xfe\n",
            b"[]\n",
            b'{"op"\n',
            b"[" * 100_000 + b"\n",
            b'{"op":"solve","id":"x"}\n',
            {"op": "remove"},
            {"op": "solve", "sources": []},
            {"op": "solve", "sources": [7]},
            {"op": "solve", "sources": [{"id": "no-such-source", "host": True}]},
            {**good, "packages": ["tool"]},
            {**good, "packages": [{"name": 1}]},
            {**good, "packages": [{"name": "tool", "version": None}]},
            {**good, "groups": [None]},
            {**good, "one_of": [["a", 1]]},
            {**good, "max_age": "soon"},
            {**good, "packages": [{"name": "too\0l"}]},
            {**good, "packages": [{"name": "tool:amd64"}]},
            {**good, "packages": [{"name": "[", "version": "[!"}]},
            {**good, "packages": [{"name": "\ud800"}]},
        ]
        answers = self.serve(*[line for item in bad for line in (item, good)])
        self.assertEqual(2 * len(bad), len(answers))
        for item, refused, solved in zip(bad, answers[::2], answers[1::2]):
            with self.subTest(item=item):
                self.assertIn("error", refused)
                self.assertEqual(["libtiny", "tool"], self.names(solved))

    def test_a_line_that_is_too_long_costs_one_request(self):
        good = {"id": 1, "op": "solve", "sources": [self.source()], "packages": [{"name": "tool"}]}
        refused, solved = self.serve(b" " * (17 << 20) + b"\n", good)
        self.assertEqual("BAD_REQUEST", self.code(refused))
        self.assertEqual(["libtiny", "tool"], self.names(solved))


if __name__ == "__main__":
    unittest.main()
