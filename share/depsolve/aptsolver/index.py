"""Lists of what Debian archives offer, made of their Packages and Translation files."""

import contextlib
import email.utils
import os
import re

import apt_pkg

from aptsolver import area as areas
from aptsolver import configuration
from aptsolver.solve import COMPRESSED, split_version
from shared import index
from shared.protocol import Failure

# Metadata is not ours: what does not look like a package is left out.
NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9+._-]{0,255}\Z")
VERSION = re.compile(rb"([0-9]{1,9}:)?[A-Za-z0-9][A-Za-z0-9.+~:-]{0,255}\Z")
ARCHITECTURE = re.compile(rb"[a-z0-9-]{1,64}\Z")
LONGEST_TEXT = {"Description": 1 << 10, "Description-en": 1 << 14, "Homepage": 1 << 11}


class Lists(index.Lists):
    """Made by libapt; every source has an area of its own."""

    def __init__(self, cache_directory):
        super().__init__(cache_directory)
        configuration.begin()

    def refreshed(self, source, oldest):
        area = self._area(source)
        with area.locked():
            area.enter()
            area.refresh(oldest)
            return self.current(source, area.snapshot(), lambda: _items(area))

    def root(self, source):
        return self._area(source).root

    def _area(self, source):
        return areas.Area(self.directory, [source], areas.native_architecture(), languages="en")

    def compare(self, a, b):
        return apt_pkg.version_compare(_full(a), _full(b))


def _full(build):
    return "%d:%s-%s" % (build["epoch"], build["version"], build["release"])


def _items(area):
    """(name, record) of every package."""
    names = sorted(os.listdir(area.lists))
    descriptions = {}
    for name in names:
        if COMPRESSED.sub("", name).endswith("_Translation-en"):
            descriptions.update(_translations(os.path.join(area.lists, name)))
    for name in names:
        if COMPRESSED.sub("", name).endswith("Packages"):
            time = _release_time(area.lists, name, names)
            yield from _stanzas(os.path.join(area.lists, name), time, descriptions)


def _translations(path):
    """Description-md5 -> English text."""
    with open_tags(path) as tags:
        for section in tags:
            key, text = section.get("Description-md5"), section.get("Description-en")
            if key and text:
                yield key.strip(), _text(text, "Description-en")


@contextlib.contextmanager
def open_tags(path):
    try:
        yield apt_pkg.TagFile(path, True)
    except (apt_pkg.Error, SystemError) as error:
        raise Failure("BAD_CHECKSUM", "%s is not a list of packages: %s" % (os.path.basename(path), error))


def _stanzas(path, time, descriptions):
    with open_tags(path) as tags:
        for section in tags:
            name, version = (_field(section, key).strip() for key in ("Package", "Version"))
            architecture = _field(section, "Architecture").strip()
            if NAME.match(name) and VERSION.match(version) and ARCHITECTURE.match(architecture):
                summary, _, more = _text(_field(section, "Description"), "Description").partition("\n")
                translated = descriptions.get(_field(section, "Description-md5").strip(), "")
                epoch, upstream, revision = split_version(version.decode("ascii"))
                record = {
                    "summary": summary,
                    "description": _unfolded(translated or more) or summary,
                    "homepage": _text(_field(section, "Homepage"), "Homepage"),
                    "builds": [
                        {
                            "epoch": epoch,
                            "version": upstream,
                            "release": revision,
                            "architecture": architecture.decode("ascii"),
                            "time": time,
                            # Debian's metadata does not name licenses.
                            "license": "",
                        }
                    ],
                }
                yield name.decode("ascii"), record


def _field(section, key):
    return section.get(key) or b""


def _text(value, field):
    return value[: LONGEST_TEXT[field]].decode("utf-8", "replace").strip()


def _unfolded(text):
    """The long part of a description; deb-control(5): a blank in front, '.' for an empty line."""
    lines = text.split("\n")
    lines = lines[1:] if len(lines) > 1 and not lines[0].startswith(" ") else lines
    return "\n".join("" if line.strip() == "." else line.removeprefix(" ") for line in lines).strip()


def _release_time(lists, index, names):
    """Debian's metadata has no build times: when the release that names the index was made."""
    prefixes = [(n, re.sub(r"(In)?Release\Z", "", n)) for n in names if re.search(r"_(In)?Release\Z", n)]
    fitting = [item for item in prefixes if index.startswith(item[1])]
    if fitting:
        with open(os.path.join(lists, max(fitting, key=lambda item: len(item[1]))[0]), "rb") as file:
            match = re.search(rb"^Date: *([^\r\n]{1,64})", file.read(1 << 16), re.M)
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            if match:
                return int(email.utils.parsedate_to_datetime(match[1].decode("ascii", "replace")).timestamp())
    return 0
