"""What the command `fetch` of every adapter does: one request in, lines of progress and one answer out.

The request is {"sources": [...], "packages": [{"name", "version", "architecture", "sha256", "source_id", "location",
"size", "download"}], "proxy"}; a line is {"progress": {"stage", "done", "total"}}, {"result": {...}} or
{"error": {"code", "message", "source_id"}}.
"""

import errno
import re
import shutil
import sys
import traceback

from shared.checks import LOCATION
from shared.protocol import Failure, field, one_line

SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def run(channel, work):
    """Answers with work(request, tell); tell(stage) is a function of bytes that are done and all there are.

    The exit code of the program.
    """
    tell = lambda stage: lambda done, total: channel.send(
        {"progress": {"stage": stage, "done": done, "total": total}}
    )
    try:
        channel.send({"result": work(channel.document(), tell)})
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


def packages(request):
    """The packages of a request, each with all its fields."""
    return [_package(item) for item in field(request, "packages", list)]


def _package(item):
    if not isinstance(item, dict):
        raise Failure("BAD_REQUEST", "a package is not an object")
    package = {name: field(item, name, str) for name in ("name", "version", "architecture", "sha256", "source_id")}
    package["download"] = field(item, "download", bool, True)
    package["location"] = field(item, "location", str, "")
    package["size"] = field(item, "size", int, 0)
    if not SHA256.match(package["sha256"]):
        raise Failure("BAD_REQUEST", "a package has an invalid sha256")
    if package["location"] and not LOCATION.match(package["location"]):
        raise Failure("BAD_REQUEST", "a package has an invalid location")
    return package


def check_space(directory, total):
    """Before anything is downloaded; in bytes."""
    free = shutil.disk_usage(directory).free
    if free < total:
        raise Failure("NO_SPACE", "%d MB of packages do not fit into %d MB" % (total >> 20, free >> 20))


def changed(source_id, code, why):
    """The Failure for a package that was chosen and is no longer there."""
    sentence = "source %s has changed since the compose was started: %s; start the compose again"
    return Failure(code, sentence % (ascii(source_id)[1:-1], why), source_id)
