"""Downloads of exact versions, each checked against the signed index of its source."""

import contextlib

from aptsolver import area as areas
from aptsolver import configuration, frozen, hostsources, order, source
from aptsolver.download import Download, download
from aptsolver.solve import Solver
from shared import fetching, sources
from shared.checks import web_address
from shared.protocol import field


def run(channel, cache_directory, out_directory):
    """Answers one document; the exit code of the program."""
    return fetching.run(channel, lambda request, tell: fetch(request, cache_directory, out_directory, tell))


def fetch(request, cache_directory, out_directory, tell):
    """Fetches what is asked for; the answer described in apt.py's documentation."""
    named = resolved(field(request, "sources", list))
    wanted = fetching.packages(request)
    proxy = field(request, "proxy", str, "")
    configuration.server_defaults(web_address("", "proxy", proxy) if proxy else "")
    area = areas.prepare(cache_directory, named, field(request, "architecture", str, "") or None)
    with area.locked():
        area.enter()
        area.refresh(0, tell("metadata"))
        solver = Solver(area)
        found = _all_found(solver, area, wanted)
        gone = [package for package in wanted if package["sha256"] not in found]
        if gone:
            frozen.fetch(area, gone, out_directory, tell("download"))
            solver = Solver(area)
            found = _all_found(solver, area, wanted)
        versions = [found[package["sha256"]][0] for package in wanted]
        steps = order.order(solver.cache, versions)
    fetched = {package["sha256"] for package in gone}
    missing = [
        Download(package, version.size, uri)
        for package, (version, uri) in ((p, found[p["sha256"]]) for p in wanted)
        if package["download"] and package["sha256"] not in fetched
    ]
    download(missing, out_directory, tell("download"))
    return {
        "packages": [_described(package, version) for package, version in zip(wanted, versions)],
        "order": steps,
        "essential": order.essential(versions),
    }


def resolved(items):
    """The sources of a request."""
    return sources.resolved(items, hostsources.read, source.of_user)


def _all_found(solver, area, wanted):
    """SHA-256 -> (version, address) of the packages that their sources still list."""
    found = {}
    for package in wanted:
        with contextlib.suppress(StopIteration):
            found[package["sha256"]] = next(_offers(solver, area, package))
    return found


def _offers(solver, area, package):
    """The version and its address, if the source's index has exactly this archive."""
    key = (package["name"], area.architecture)
    for version in solver.cache[key].version_list if key in solver.cache else ():
        if version.ver_str == package["version"] and version.arch == package["architecture"]:
            # Two sources may have different archives of the same version.
            for owner, sha256, path, file in solver.origins(version):
                if owner.id == package["source_id"] and sha256 == package["sha256"]:
                    yield version, solver.address(file, path)


def _described(package, version):
    return {
        "name": package["name"],
        "version": package["version"],
        "architecture": package["architecture"],
        "sha256": package["sha256"],
        "size": version.size,
        "file": package["sha256"] + ".deb",
        "downloaded": package["download"],
    }
