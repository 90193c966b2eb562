"""What sources offer, in files that are read without a package manager.

Every source has an area of its own, so one that cannot be reached leaves the others as they are. From
its metadata comes a list with one line per package name, "NAME<TAB>JSON", sorted by lower-cased name:

  {"summary", "description", "homepage",
   "builds": [{"epoch", "version", "release", "architecture", "time", "license"}, ...] newest first}

The lists of all sources are merged into one file for the api-server:

  records   the JSON objects, without anything between them
  names     each followed by a line feed, in the order of the records
  ends      per record the offset of its end, 8 bytes, big-endian
  footer    "WELDRPX1", count, bytes of names, bytes of records: 8 bytes each, big-endian
"""

import array
import contextlib
import email.utils
import hashlib
import heapq
import itertools
import json
import functools
import os
import re
import struct

import apt_pkg

from aptsolver import area as areas
from aptsolver.protocol import Failure
from aptsolver.solve import COMPRESSED, split_version

MAGIC = b"WELDRPX1"
# Old merged files stay for readers that have them open or are about to.
MOST_FILES = 3
# Metadata is not ours: what does not look like a package is left out.
NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9+._-]{0,255}\Z")
VERSION = re.compile(rb"([0-9]{1,9}:)?[A-Za-z0-9][A-Za-z0-9.+~:-]{0,255}\Z")
ARCHITECTURE = re.compile(rb"[a-z0-9-]{1,64}\Z")
LONGEST_TEXT = {"Description": 1 << 10, "Description-en": 1 << 14, "Homepage": 1 << 11}


def build(cache_directory, sources, oldest):
    """Brings the lists of these sources up to date and merges them; which file, and what failed."""
    directory = os.path.join(os.path.abspath(cache_directory), "index")
    os.makedirs(directory, mode=0o700, exist_ok=True)
    lists, problems = [], []
    for describe in sources:
        source = None
        try:
            source = describe()
            path = refreshed(directory, source, oldest)
        except Failure as failure:
            problems.append(failure.described())
            path = _previous(directory, source) if source else None
        if path:
            lists.append(path)
    areas.prune(directory, len(sources) + 6)
    return {**_merged(directory, lists), "problems": problems}


def refreshed(directory, source, oldest):
    """The list of one source, made anew when its metadata changed."""
    area = _area(directory, source)
    with area.locked():
        area.enter()
        area.refresh(oldest)
        path = os.path.join(area.root, "packages-%s" % area.snapshot())
        if not os.path.exists(path):
            previous = _lists(area.root)
            _write(path, lambda file: _write_list(file, area))
            for old in previous:
                os.unlink(old)
        return path


def _area(directory, source):
    return areas.Area(directory, [source], areas.native_architecture(), languages="en")


def _previous(directory, source):
    """The list made of the last metadata that could be fetched, if there ever was any."""
    return next(iter(_lists(_area(directory, source).root)), None)


def _lists(root):
    with contextlib.suppress(FileNotFoundError):
        return [e.path for e in os.scandir(root) if e.name.startswith("packages-") and "." not in e.name]
    return []


def _write(path, write):
    """Readers never see half of a file."""
    temporary = path + ".new"
    with open(temporary, "wb") as file:
        write(file)
    os.replace(temporary, path)


# From metadata to a list.


def _write_list(file, area):
    names = sorted(os.listdir(area.lists))
    descriptions = {}
    for name in names:
        if COMPRESSED.sub("", name).endswith("_Translation-en"):
            descriptions.update(_translations(os.path.join(area.lists, name)))
    stanzas = []
    for name in names:
        if COMPRESSED.sub("", name).endswith("Packages"):
            time = _release_time(area.lists, name, names)
            stanzas.extend(_stanzas(os.path.join(area.lists, name), time, descriptions))
    stanzas.sort(key=lambda stanza: (stanza[0].lower(), stanza[0]))
    for name, group in itertools.groupby(stanzas, key=lambda stanza: stanza[0]):
        _write_line(file, name, [json.loads(text) for _, text in group])


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
                yield name.decode("ascii"), json.dumps(record, separators=(",", ":"))


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


# From lists to one file.


def _merged(directory, lists):
    """Reuses a file that was made from the same lists."""
    digest = hashlib.sha256("\n".join(lists).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    path = os.path.join(directory, digest + ".index")
    if not os.path.exists(path):
        _write(path, lambda file: _write_index(file, lists))
    os.utime(path)
    files = [e.path for e in os.scandir(directory) if e.name.endswith(".index")]
    for old in sorted(files, key=areas.changed, reverse=True)[MOST_FILES:]:
        os.unlink(old)
    return {"file": os.path.basename(path)}


def _write_index(file, lists):
    names, ends, length = [], array.array("Q"), 0
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(open(path, "rb")) for path in lists]
        lines = heapq.merge(*(map(_split, each) for each in opened), key=lambda pair: (pair[0].lower(), pair[0]))
        for name, group in itertools.groupby(lines, key=lambda pair: pair[0]):
            records = [text for _, text in group]
            text = records[0] if len(records) == 1 else _combined([json.loads(r) for r in records])
            length += file.write(text)
            names.append(name)
            ends.append(length)
    block = b"".join(name + b"\n" for name in names)
    ends.byteswap()
    file.write(block)
    file.write(ends.tobytes())
    file.write(MAGIC + struct.pack(">QQQ", len(names), len(block), length))


def _split(line):
    name, _, text = line.rstrip(b"\n").partition(b"\t")
    return name, text


def _write_line(file, name, records):
    file.write(name.encode("ascii") + b"\t" + _combined(records) + b"\n")


def _combined(records):
    """The texts of the newest build, and every build once."""
    def compare(a, b):
        return apt_pkg.version_compare(_full(b["builds"][0]), _full(a["builds"][0]))

    records = sorted(records, key=functools.cmp_to_key(compare))
    builds, seen = [], set()
    for build in itertools.chain.from_iterable(record["builds"] for record in records):
        identity = (build["epoch"], build["version"], build["release"], build["architecture"])
        if identity not in seen:
            seen.add(identity)
            builds.append(build)
    builds.sort(key=functools.cmp_to_key(lambda a, b: apt_pkg.version_compare(_full(b), _full(a))))
    return json.dumps({**records[0], "builds": builds}, separators=(",", ":")).encode("ascii")


def _full(build):
    return "%d:%s-%s" % (build["epoch"], build["version"], build["release"])
