"""From names and version globs to exact packages."""

import contextlib
import fnmatch
import itertools
import os
import re

import apt_pkg

from aptsolver import explain
from shared.checks import LOCATION
from shared.protocol import Failure

GLOB = frozenset("*?[")
COMPRESSED = re.compile(r"\.(lz4|gz|xz|bz2|zst|lzma)\Z")


def split_version(text):
    """[EPOCH:]UPSTREAM[-REVISION] -> (epoch, upstream, revision); deb-version(7)."""
    epoch, colon, rest = text.partition(":")
    if not colon:
        epoch, rest = "0", text
    upstream, dash, revision = rest.rpartition("-")
    return (int(epoch), upstream, revision) if dash else (int(epoch), rest, "")



def nothing_marked(cache):
    """A cache has one set of marks and candidates, whatever the constructor's name says."""
    depcache = apt_pkg.DepCache(cache)
    depcache.init()
    return depcache


class Wish:
    """A package by name or name glob, in a version or version glob."""

    def __init__(self, name, version):
        self.name = name
        self.version = version

    def any_version(self):
        return self.version in ("", "*")

    def fits(self, version):
        if self.any_version():
            return True
        epoch, upstream, revision = split_version(version.ver_str)
        full = upstream + ("-" + revision if revision else "")
        forms = [upstream, full, "%s.%s" % (full, version.arch)]
        forms += ["%d:%s" % (epoch, form) for form in forms]
        return any(fnmatch.fnmatchcase(form, self.version) for form in forms)

    def __str__(self):
        return "%s-%s" % (self.name, self.version or "*")


class Solver:
    """Solves on top of an opened package cache; one instance serves many requests."""

    def __init__(self, area, excluded=()):
        """Excluded are globs of names that nobody gets, not even who names them."""
        self._area = area
        self._excluded = excluded
        self.cache = apt_pkg.Cache(None)
        self._owners = area.index_owners()
        self._sources = apt_pkg.SourceList()
        self._sources.read_main_list()
        self._records = apt_pkg.PackageRecords(self.cache)
        self._names = None
        self._essential = None
        self._depcache = nothing_marked(self.cache)
        self._clean = True
        self._solution = []
        self._candidates = []
        self._described = {}

    def _nothing_marked(self):
        self.tidy()
        self._clean = False
        return self._depcache

    def tidy(self):
        """Takes the marks of the last solution back one by one, or all anew, which takes longer.

        Done when nobody waits: after an answer.
        """
        if not self._clean:
            if not self._solution or not self._taken_back():
                self._depcache.init()
            self._clean, self._solution, self._candidates = True, [], []

    def _taken_back(self):
        depcache = self._depcache
        with apt_pkg.ActionGroup(depcache):
            for package in self._solution:
                depcache.mark_keep(package)
        if any(version is None for _, version in self._candidates):
            return False
        for package, version in reversed(self._candidates):
            depcache.set_candidate_ver(package, version)
        return depcache.inst_count == 0 and depcache.broken_count == 0

    def solve(self, wishes, groups=(), essential=False, one_of=()):
        """Versions of everything to install, sorted by lower-cased name."""
        depcache = self._nothing_marked()
        chosen = self._choose(depcache, wishes) + [self._group(depcache, g) for g in groups]
        if essential:
            chosen += self._all_essential(depcache)
        wanted = [(package, depcache.get_candidate_ver(package)) for package in chosen]
        self._install(depcache, chosen)
        filled = self._fill(depcache, one_of)
        self._check(depcache, wanted)
        self._solution = self._marked(depcache, chosen + filled)
        versions = [depcache.get_candidate_ver(package) for package in self._solution]
        return sorted(versions, key=lambda v: (v.parent_pkg.name.lower(), v.parent_pkg.name, v.arch))

    def _marked(self, depcache, roots):
        """Everything that will be installed: found through dependencies, which is faster than
        looking at every package there is; the count says whether that was all."""
        found = {package.id: package for package in roots if depcache.marked_install(package)}
        waiting = list(found.values())
        while waiting:
            version = depcache.get_candidate_ver(waiting.pop())
            for kind in ("PreDepends", "Depends", "Recommends"):
                for alternatives in version.depends_list.get(kind, ()):
                    for target in itertools.chain.from_iterable(a.all_targets() for a in alternatives):
                        package = target.parent_pkg
                        if package.id not in found and depcache.marked_install(package):
                            found[package.id] = package
                            waiting.append(package)
        if len(found) == depcache.inst_count:
            return list(found.values())
        return [p for p in self.cache.packages if depcache.marked_install(p)]

    # What to install.

    def _all_essential(self, depcache):
        if self._essential is None:
            self._essential = [p for p in self.cache.packages if p.essential and p.has_versions]
        return [p for p in self._essential if self._offered(depcache, p)]

    def _choose(self, depcache, wishes):
        wanted, problems = {}, []
        # Plain names first: what they choose can serve a glob or a virtual name too.
        for wish in sorted(wishes, key=lambda w: not self._real(w.name)):
            found = self._matching(wish)
            providers = [] if found else self._providers(depcache, wish)
            if found or any(p.name in wanted for p in providers) or len(providers) == 1:
                package = self._best(found or providers, wanted)
                wanted.setdefault(package.name, (package, []))[1].append(wish)
            elif providers:
                names = ", ".join(sorted(p.name for p in providers))
                problems.append("%s (a virtual package, provided by %s; name one of them)" % (wish, names))
            elif self._real(wish.name) and self._is_excluded(wish.name):
                problems.append("%s (excluded by the configuration of this server)" % wish)
            else:
                problems.append("%s (No match)" % wish)
        for package, asked in wanted.values():
            if not self._set_version(depcache, package, asked):
                problems.append("%s (No match)" % next(w for w in asked if not w.any_version()))
        if problems:
            raise Failure("UNSOLVABLE", "The following package(s) had problems: " + ",".join(problems))
        return [package for package, _ in wanted.values()]

    def _matching(self, wish):
        """Packages of a name or name glob."""
        if GLOB.isdisjoint(wish.name):
            names = [wish.name]
        else:
            names = fnmatch.filter(self._all_names(), wish.name)
        names = [n for n in names if self._known(n) and not self._is_excluded(n)]
        packages = [self.cache[(n, self._area.architecture)] for n in names]
        return [p for p in packages if any(wish.fits(v) for v in p.version_list)]

    def _providers(self, depcache, wish):
        """Packages whose candidate provides a name that no package has: `apt-get install` takes the
        only one there is, and none of several."""
        if not GLOB.isdisjoint(wish.name) or self._real(wish.name) or not self._known(wish.name):
            return []
        provided = self.cache[(wish.name, self._area.architecture)].provides_list
        found = {v.parent_pkg.name: v for _, _, v in provided if depcache.get_candidate_ver(v.parent_pkg) == v}
        return [v.parent_pkg for v in found.values() if wish.fits(v)]

    def _all_names(self):
        if self._names is None:
            self._names = sorted({p.name for p in self.cache.packages if p.has_versions})
        return self._names

    def _is_excluded(self, name):
        return any(fnmatch.fnmatchcase(name, glob) for glob in self._excluded)

    def _real(self, name):
        return self._known(name) and self.cache[(name, self._area.architecture)].has_versions

    def _known(self, name):
        return (name, self._area.architecture) in self.cache

    @staticmethod
    def _best(packages, wanted):
        """One of several: one that is wanted anyway, else the most important, the first by name."""
        return min(
            packages,
            key=lambda p: (p.name not in wanted, min(v.priority for v in p.version_list), p.name),
        )

    def _set_version(self, depcache, package, wishes):
        if all(wish.any_version() for wish in wishes) and depcache.get_candidate_ver(package):
            return True
        fitting = [v for v in package.version_list if all(wish.fits(v) for wish in wishes)]
        if not fitting:
            return False
        self._candidates.append((package, depcache.get_candidate_ver(package)))
        # version_list is sorted, newest first.
        depcache.set_candidate_ver(package, fitting[0])
        return True

    def _group(self, depcache, group):
        """A task of tasksel, or a meta package."""
        for name in ("task-" + group, group):
            package = self.cache[(name, self._area.architecture)] if self._known(name) else None
            version = depcache.get_candidate_ver(package) if package else None
            if version and (name != group or version.section.split("/")[-1] in ("tasks", "metapackages")):
                return package
        raise Failure("UNKNOWN_GROUP", "Group id '%s' does not exist." % group)

    def _offered(self, depcache, package):
        version = depcache.get_candidate_ver(package)
        return version is not None and version.arch in (self._area.architecture, "all")

    # How to install it.

    @staticmethod
    def _install(depcache, chosen):
        # The end of a group looks at every package there is: one group for all.
        with apt_pkg.ActionGroup(depcache):
            # First all that was named, so that alternatives of dependencies find it there.
            for package in chosen:
                depcache.mark_install(package, False, True)
            for package in chosen:
                depcache.mark_install(package, True, True)

    def _fill(self, depcache, one_of):
        """For each list: nothing if one of it is there, else the first that is offered; an empty name is nothing."""
        filled = []
        for names in one_of:
            packages = [self.cache[(n, self._area.architecture)] for n in names if n and self._known(n)]
            if not any(depcache.marked_install(p) for p in packages):
                offered = [p for p in packages if self._offered(depcache, p)]
                if not offered and "" in names:
                    continue
                if not offered:
                    raise Failure(
                        "UNSOLVABLE", "The sources have none of the packages " + ", ".join(names)
                    )
                depcache.mark_install(offered[0], True, True)
                filled.append(offered[0])
        return filled

    def _check(self, depcache, wanted):
        reason = ""
        if depcache.broken_count:
            reason = explain.broken(self.cache, depcache)
            resolver = apt_pkg.ProblemResolver(depcache)
            for package, _ in wanted:
                resolver.protect(package)
            with contextlib.suppress(apt_pkg.Error):
                resolver.resolve(True)
        kept = all(
            depcache.marked_install(p) and depcache.get_candidate_ver(p) == v for p, v in wanted
        )
        if depcache.broken_count or not kept:
            reason = reason or self._impossible(wanted) or self._conflicts(wanted)
            raise Failure("CONFLICT", reason or "The packages cannot be installed together.")

    def _impossible(self, wanted):
        depcache = self._nothing_marked()
        for package, version in wanted:
            if version:
                depcache.set_candidate_ver(package, version)
        return explain.uninstallable(depcache, [v for _, v in wanted if v])

    def _conflicts(self, wanted):
        """libapt drops one of two packages that exclude each other; seen before it did."""
        depcache = self._nothing_marked()
        with apt_pkg.ActionGroup(depcache):
            for package, version in wanted:
                if version:
                    depcache.set_candidate_ver(package, version)
                    depcache.mark_install(package, False, True)
        return explain.conflicts(depcache, [p for p, v in wanted if v])

    # Where it comes from.

    def origins(self, version):
        """(source, SHA-256, path below the archive's address, index) for each source that has it."""
        for file, position in version.file_list:
            name = COMPRESSED.sub("", os.path.basename(file.filename))
            source = self._owners.get(name)
            if source and self._records.lookup((file, position)):
                digest = self._records.hashes.find("SHA256")
                if digest:
                    yield source, digest.hashvalue, self._records.filename, file

    def address(self, file, path):
        """Where the archive of a version is, from the index file it was found in."""
        return self._sources.find_index(file).archive_uri(path)

    def described(self, version):
        """A version as an answer carries it: exact, with the checksum of its signed index."""
        if version.id not in self._described:
            self._described[version.id] = self._description(version)
        return self._described[version.id]

    def _description(self, version):
        epoch, upstream, revision = split_version(version.ver_str)
        name = version.parent_pkg.name
        origin = next(self.origins(version), None)
        if origin is None:
            raise Failure("UNSOLVABLE", "The source of %s has no SHA-256 for it" % name)
        return {
            "name": name,
            "epoch": epoch,
            "version": upstream,
            "release": revision,
            "architecture": version.arch,
            "source_id": origin[0].id,
            "sha256": origin[1],
            "location": origin[2] if LOCATION.match(origin[2]) else "",
            "size": version.size,
            "installed_size": version.installed_size,
        }
