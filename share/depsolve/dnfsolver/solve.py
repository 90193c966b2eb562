"""From names, version globs, groups and modules to exact packages."""

import contextlib
import fnmatch
import logging
import os
import re

import dnf
import dnf.module.module_base

from dnfsolver import area
from shared.protocol import Failure, one_line

GLOB = re.compile(r"[*?\[]")
# What is wrong in the end comes last, after chains of requirements.
LONGEST_REASON = 20_000


class Messages(logging.Handler):
    """What dnf says besides its exceptions: of modules and groups it only logs what is wrong."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


class Solver:
    """Solves on top of loaded metadata; one instance serves many requests of equal excludes and modules.

    A stream that is enabled hides packages of others from then on: so modules belong to an instance.
    """

    def __init__(self, root, defaults, repositories, excludes=(), modules=()):
        """repositories: functions from a configuration to a dnf repository with metadata."""
        conf = area.configuration(root, defaults)
        conf.excludepkgs = list(excludes)
        self._modules = modules
        with open(os.path.join(conf.logdir, "hawkey.log"), "wb"):
            pass
        self._closing = contextlib.ExitStack()
        self._base = self._closing.enter_context(area.filled(conf, [opened(conf) for opened in repositories]))
        self._messages = Messages()
        logging.getLogger("dnf").addHandler(self._messages)

    def close(self):
        logging.getLogger("dnf").removeHandler(self._messages)
        self._closing.close()

    def solve(self, wishes, groups=(), one_of=()):
        """What to install, sorted by lower-cased name. Names, groups and modules as dnf takes them."""
        chosen = [list(wish) for wish in wishes]
        # One name or nothing: whether it is chosen already makes no difference.
        chosen += [[names[0], "*"] for names in one_of if names[1:] == [""] and self._is_offered(names[0])]
        packages = self._solved(chosen, groups)
        for names in one_of:
            if not {package.name for package in packages} & set(names):
                first = self._first_offered(names)
                if first:
                    chosen.append([first, "*"])
                    packages = self._solved(chosen, groups)
        return sorted(packages, key=lambda p: (p.name.lower(), p.name, p.arch))

    def _is_offered(self, name):
        return bool(self._base.sack.query().filterm(name=name))

    def _first_offered(self, names):
        """An empty name, for nothing, is always to be had."""
        for name in names:
            if not name or self._is_offered(name):
                return name
        raise Failure("UNSOLVABLE", "The sources have none of the packages " + ", ".join(names))

    def _solved(self, wishes, groups):
        base = self._base
        self._forget_last()
        self._messages.lines.clear()
        self._install_modules()
        for group in groups:
            self._install_group(group)
        problems = [problem for problem in (self._install(*wish) for wish in wishes) if problem]
        if problems:
            raise Failure("UNSOLVABLE", "The following package(s) had problems: " + ",".join(problems))
        try:
            base.resolve()
        except dnf.exceptions.DepsolveError as error:
            raise Failure("CONFLICT", paragraph(str(error)))
        return list(base.transaction.install_set)

    def _forget_last(self):
        """What reset(goal=True) of dnf.Base does, but for modules: it forgets default streams too."""
        base = self._base
        base._goal = dnf.goal.Goal(base.sack)
        base._goal.protect_running_kernel = False
        base._comps_trans = dnf.comps.TransactionBunch()
        base._transaction = None
        base.history.close()

    # What to install.

    def modules_among(self, groups):
        """The groups that are modules: like dnf, a module comes before a group of the same name."""
        modules = dnf.module.module_base.ModuleBase(self._base)
        return tuple(group for group in groups if modules._get_modules(group)[0])

    def _install_modules(self):
        if self._modules:
            try:
                dnf.module.module_base.ModuleBase(self._base).install(list(self._modules))
            except dnf.exceptions.MarkingErrors as error:
                raise Failure("UNSOLVABLE", one_line(". ".join([*self._messages.lines, str(error)])))

    def _install_group(self, group):
        types = tuple(self._base.conf.group_package_types)
        try:
            self._base.env_group_install([group], types)
        except dnf.exceptions.CompsError as error:
            raise Failure("UNSOLVABLE", one_line(str(error)))
        except dnf.exceptions.Error:
            raise Failure("UNKNOWN_GROUP", "Group id '%s' does not exist." % group)

    def _install(self, name, version):
        """None, or why nothing was found for it."""
        wish = "%s-%s" % (name, version or "*")
        found = None
        if GLOB.search(name) or version not in ("", "*"):
            found = self._matching(name, version)
            if not found:
                return "%s (No match)" % wish
            # The solver takes one of them.
            selector = dnf.selector.Selector(self._base.sack).set(pkg=found)
            self._base._goal.install(select=selector, optional=False)
            return None
        try:
            self._base.install(name, strict=True)
        except dnf.exceptions.MarkingError as error:
            excluded = re.search("filtered out by (exclude|modular) filtering", str(error))
            return "%s (%s)" % (wish, excluded[0] if excluded else "No match")
        return None

    def _matching(self, name, version):
        """Of the packages with the name, or else of those that provide it, the fitting versions."""
        for query in (
            self._base.sack.query().filterm(name__glob=name),
            self._base.sack.query().filterm(provides__glob=name),
        ):
            query.filterm(arch__neq=["src", "nosrc"])
            if query:
                if version in ("", "*"):
                    return query
                fitting = [package for package in query if fits(package, version)]
                return self._base.sack.query().filterm(pkg=fitting) if fitting else None
        return None

    def described(self, package):
        """A package as an answer carries it: exact, with the checksum of its metadata."""
        kind, digest = package.returnIdSum()
        if kind != "sha256":
            raise Failure(
                "UNSOLVABLE",
                "The source of %s has a %s checksum for it, which is too weak: SHA-256 is needed" % (package, kind),
                package.repoid,
            )
        return {
            "name": package.name,
            "epoch": package.epoch,
            "version": package.version,
            "release": package.release,
            "architecture": package.arch,
            "source_id": package.repoid,
            "location": package.location,
            "sha256": digest,
            "size": package.downloadsize,
            "installed_size": package.installsize,
        }


def fits(package, version):
    """Whether a version, release, or more of it, matches the glob; the forms frozen blueprints have too."""
    full = "%s-%s" % (package.version, package.release)
    forms = [package.version, full, "%s.%s" % (full, package.arch)]
    forms += ["%d:%s" % (package.epoch, form) for form in forms]
    return any(fnmatch.fnmatchcase(form, version) for form in forms)


def paragraph(text):
    """dnf's list of problems in one line: a sentence for each problem, its reasons between semicolons."""
    lines = [line.strip() for line in text.strip().splitlines()]
    joined = ""
    for line in lines:
        reason = line.startswith("- ")
        joined += ("; " if reason else ". " if joined else "") + (line[2:] if reason else line)
    return joined if len(joined) <= LONGEST_REASON else joined[:LONGEST_REASON] + "…"
