"""The order in which dpkg must be given packages, and the packages every other one may rely on."""

import apt_pkg

from aptsolver import explain
from aptsolver.solve import nothing_marked
from shared.protocol import Failure


class _Recorder(apt_pkg.PackageManager):
    """Lets libapt order an installation and writes down what it would do."""

    def __init__(self, depcache):
        self.steps = []

    def install(self, package, file):
        self.steps.append(("unpack", package))
        return True

    def configure(self, package):
        self.steps.append(("configure", package))
        return True

    def remove(self, package, purge):
        return False

    def go(self, *arguments):
        return True

    def reset(self):
        self.steps.clear()


def order(cache, versions):
    """Unpack and configure steps into an empty root.

    What has no configure step may be configured at the end, in any order dpkg chooses. The list must
    be closed: every dependency of it met by it.
    """
    depcache = nothing_marked(cache)
    with apt_pkg.ActionGroup(depcache):
        for version in versions:
            depcache.set_candidate_ver(version.parent_pkg, version)
            depcache.mark_install(version.parent_pkg, False, True)
    if depcache.broken_count:
        raise Failure("PACKAGE_MISSING", explain.broken(cache, depcache))
    recorder = _Recorder(depcache)
    sources = apt_pkg.SourceList()
    sources.read_main_list()
    # Gives every package a file name; without one libapt does not order it. Nothing is fetched.
    recorder.get_archives(apt_pkg.Acquire(), sources, apt_pkg.PackageRecords(cache))
    _without_dpkg()
    recorder.do_install(-1)
    architectures = {version.parent_pkg.name: version.arch for version in versions}
    return [
        {"op": operation, "name": package.name, "architecture": architectures[package.name]}
        for operation, package in recorder.steps
    ]


def _without_dpkg():
    """libapt ends by letting dpkg configure what is pending and by writing logs; neither is wanted."""
    apt_pkg.config.set("Dir::Bin::dpkg", "/bin/true")
    apt_pkg.config.set("Dpkg::Use-Pty", "false")
    for log in ("Planner", "Terminal", "History"):
        apt_pkg.config.set("Dir::Log::" + log, "/dev/null")


def essential(versions):
    """Names of the Essential packages among these and of all they depend on, sorted."""
    present = {version.parent_pkg.name: version for version in versions}
    closure = set()
    waiting = [version for version in versions if version.parent_pkg.essential]
    while waiting:
        version = waiting.pop()
        if version.parent_pkg.name not in closure:
            closure.add(version.parent_pkg.name)
            waiting.extend(_needed(version, present))
    return sorted(closure)


def _needed(version, present):
    for kind in ("PreDepends", "Depends"):
        for alternatives in version.depends_list.get(kind, ()):
            for dependency in alternatives:
                for target in dependency.all_targets():
                    if present.get(target.parent_pkg.name) == target:
                        yield target
