"""Archives of packages, each under its checksum."""

import collections
import os
import re
import shutil

import apt_pkg

from aptsolver.update import Progress, cause, one_line
from shared import fetching
from shared.protocol import Failure

# A package of a request, its size in bytes, and its address.
Download = collections.namedtuple("Download", "package size uri")


def download(downloads, directory, tell):
    """Leaves <sha256>.deb of each in the directory; all of them, or a Failure."""
    fetching.check_space(directory, sum(each.size for each in downloads))
    queue = apt_pkg.Acquire(Progress(tell))
    items = []
    for package, size, uri in downloads:
        part = os.path.join(directory, package["sha256"] + ".part")
        item = apt_pkg.AcquireFile(
            queue, uri, "SHA256:" + package["sha256"], size, package["name"], package["name"], destfile=part
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
    otherwise = "PACKAGE_MISSING" if re.search(r"\b(404|410)\b|File not found", text) else "SOURCE_UNREACHABLE"
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
