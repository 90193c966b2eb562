"""Downloads of exact versions, each checked against the signed index of its source."""

import errno
import os
import re
import shutil
import sys
import traceback

import apt_pkg

from aptsolver import area as areas
from aptsolver import hostsources, order, source
from aptsolver.solve import Solver
from aptsolver.update import Progress, cause, one_line
from shared import sources
from shared.protocol import Failure, field

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
    area = areas.prepare(cache_directory, named, field(request, "architecture", str, "") or None)
    with area.locked():
        area.enter()
        area.refresh(0, tell("metadata"))
        solver = Solver(area)
        found = [(package, *_found(solver, area, package)) for package in wanted]
        versions = [version for _, version, _ in found]
        steps = order.order(solver.cache, versions)
    missing = [(package, version, uri) for package, version, uri in found if package["download"]]
    _download(area, missing, out_directory, tell("download"))
    return {
        "packages": [_described(package, version) for package, version, _ in found],
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
    if not SHA256.match(package["sha256"]):
        raise Failure("BAD_REQUEST", "a package has an invalid sha256")
    return package


def _found(solver, area, package):
    """The version and its address, if the source's index has exactly this archive."""
    words = "%s %s" % (package["name"], package["version"])
    key = (package["name"], area.architecture)
    versions = [
        v
        for v in (solver.cache[key].version_list if key in solver.cache else ())
        if v.ver_str == package["version"] and v.arch == package["architecture"]
    ]
    # Two sources may have different archives of the same version.
    offers = [
        (version, sha256, path, file)
        for version in versions
        for owner, sha256, path, file in solver.origins(version)
        if owner.id == package["source_id"]
    ]
    if not offers:
        raise Failure(
            "PACKAGE_MISSING",
            "source %s no longer has %s; start the compose again" % (ascii(package["source_id"])[1:-1], words),
            package["source_id"],
        )
    for version, sha256, path, file in offers:
        if sha256 == package["sha256"]:
            return version, solver.address(file, path)
    raise Failure(
        "BAD_CHECKSUM",
        "source %s has another archive of %s than the one that was asked for" % (package["source_id"], words),
        package["source_id"],
    )


def _download(area, packages, directory, tell):
    free = shutil.disk_usage(directory).free
    total = sum(version.size for _, version, _ in packages)
    if free < total:
        raise Failure("NO_SPACE", "%d MB of packages do not fit into %d MB" % (total >> 20, free >> 20))
    progress = Progress(tell)
    queue = apt_pkg.Acquire(progress)
    items = []
    for package, version, uri in packages:
        part = os.path.join(directory, package["sha256"] + ".part")
        item = apt_pkg.AcquireFile(
            queue, uri, "SHA256:" + package["sha256"], version.size, package["name"], package["name"], destfile=part
        )
        items.append((package, item, part))
    if items:
        queue.run()
    for package, item, part in items:
        if item.status != item.STAT_DONE or not item.complete:
            raise _failed(package, item)
        _publish(part, os.path.join(directory, package["sha256"] + ".deb"))


def _failed(package, item):
    text = one_line(item.error_text) or "no answer"
    otherwise = "PACKAGE_MISSING" if re.search(r"\b(404|410)\b", text) else "SOURCE_UNREACHABLE"
    code = cause(text, otherwise)
    # A package carries no signature of its own.
    code = "SOURCE_UNREACHABLE" if code == "BAD_SIGNATURE" else code
    message = "%s %s could not be fetched: %s" % (package["name"], package["version"], text)
    return Failure(code, message, package["source_id"])


def _publish(part, target):
    """Of a file: source apt leaves a link; the caller wants files."""
    if os.path.islink(part):
        origin = os.path.realpath(part)
        os.unlink(part)
        shutil.copyfile(origin, part)
    os.replace(part, target)


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
