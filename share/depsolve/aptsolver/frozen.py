"""Packages that were chosen when a compose was started, and that their source does not list any more.

An archive drops what it replaces from its index at once, and from its directories later. What was chosen
was listed by signed metadata then, with its checksum and location; the checksum vouches for it now.
"""

import os
import sys

import apt_inst
import apt_pkg

from aptsolver.download import Download, download
from shared.fetching import changed
from shared.protocol import Failure

LONGEST_CONTROL = 1 << 20


def fetch(area, packages, directory, tell):
    """Downloads them, and adds them to the area's index of their source, so that they can be ordered."""
    downloads = [Download(package, package["size"], _address(area, package)) for package in packages]
    try:
        download(downloads, directory, tell)
    except Failure as failure:
        if failure.code in ("PACKAGE_MISSING", "BAD_CHECKSUM"):
            raise changed(failure.source_id, failure.code, failure.message)
        raise
    for package in packages:
        path = os.path.join(directory, package["sha256"] + ".deb")
        _add(area, package, _control(package, path))
        print(
            "%s %s is not in the index of its source any more; fetched as it was chosen"
            % (package["name"], package["version"]),
            file=sys.stderr,
        )


def _address(area, package):
    for source in area.sources:
        if source.id == package["source_id"] and package["location"] and package["size"] > 0:
            return source.urls[0].rstrip("/") + "/" + package["location"]
    words = "it does not list %s %s any more" % (package["name"], package["version"])
    raise changed(package["source_id"], "PACKAGE_MISSING", words)


def _control(package, path):
    """The control paragraph of an archive, if it is of the package that was asked for."""
    try:
        text = apt_inst.DebFile(path).control.extractdata("control")
        section = apt_pkg.TagSection(text)
    except (apt_pkg.Error, SystemError, LookupError, ValueError) as error:
        raise Failure("BAD_CHECKSUM", "%s is not a Debian package: %s" % (package["name"], error), package["source_id"])
    fields = (section.get("Package"), section.get("Version"), section.get("Architecture"))
    if fields != (package["name"], package["version"], package["architecture"]) or len(text) > LONGEST_CONTROL:
        raise Failure("BAD_CHECKSUM", "%s is another package than it says" % package["location"], package["source_id"])
    return text.strip(b"\n")


def _add(area, package, control):
    """To the first index of the source, which is plain text and only this compose's."""
    owners = area.index_owners()
    for name in sorted(os.listdir(area.lists)):
        if name in owners and owners[name].id == package["source_id"]:
            with open(os.path.join(area.lists, name), "ab") as file:
                file.write(b"\n" + control + b"\n")
                more = "Filename: %(location)s\nSize: %(size)d\nSHA256: %(sha256)s\n\n" % package
                file.write(more.encode("ascii"))
            return
    raise changed(package["source_id"], "PACKAGE_MISSING", "it has no index of packages any more")
