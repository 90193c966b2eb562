"""Downloads of exact versions, each checked against the signed index of its source."""

import contextlib
import errno
import re
import sys
import traceback

from aptsolver import area as areas
from aptsolver import configuration, frozen, hostsources, order, source
from aptsolver.download import Download, download
from aptsolver.solve import Solver
from shared import sources
from shared.checks import web_address
from shared.protocol import Failure, field, one_line

SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def run(channel, cache_directory, out_directory):
    """Answers one document; the exit code of the program."""
    try:
        request = channel.document()
        tell = lambda stage: lambda done, total: channel.send(
            {"progress": {"stage": stage, "done": done, "total": total}}
        )
        channel.send({"result": fetch(request, cache_directory, out_directory, tell)})
        return 0
    except Failure as failure:
        failure.code = "INTERNAL" if failure.code == "BAD_REQUEST" else failure.code
        channel.send({"error": failure.described()})
    except OSError as error:
        traceback.print_exc(file=sys.stderr)
        code = "NO_SPACE" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "INTERNAL"
        channel.send({"error": Failure(code, "%s: %s" % (error.filename, error.strerror)).described()})
    except Exception as error:  # whatever it is, the caller gets an answer
        traceback.print_exc(file=sys.stderr)
        channel.send({"error": Failure("INTERNAL", one_line(str(error))).described()})
    return 1


def fetch(request, cache_directory, out_directory, tell):
    """Fetches what is asked for; the answer described in apt.py's documentation."""
    named = resolved(field(request, "sources", list))
    wanted = [_package(item) for item in field(request, "packages", list)]
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


def _package(item):
    if not isinstance(item, dict):
        raise Failure("BAD_REQUEST", "a package is not an object")
    package = {name: field(item, name, str) for name in ("name", "version", "architecture", "sha256", "source_id")}
    package["download"] = field(item, "download", bool, True)
    package["location"] = field(item, "location", str, "")
    package["size"] = field(item, "size", int, 0)
    if not SHA256.match(package["sha256"]):
        raise Failure("BAD_REQUEST", "a package has an invalid sha256")
    if package["location"] and not source.LOCATION.match(package["location"]):
        raise Failure("BAD_REQUEST", "a package has an invalid location")
    return package


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
