"""What sources offer, in files that are read without a package manager.

Every source has a directory of its own, so one that cannot be reached leaves the others as they are.
From its metadata comes a list with one line per package name, "NAME<TAB>JSON", sorted by lower-cased name:

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
import functools
import hashlib
import heapq
import itertools
import json
import os
import struct

from shared import isolated
from shared.directory import changed, prune, replaced
from shared.protocol import Failure

MAGIC = b"WELDRPX1"
# Old merged files stay for readers that have them open or are about to.
MOST_FILES = 3


class Lists:
    """The lists of all sources below one directory. A package manager knows how to make one."""

    def __init__(self, cache_directory):
        self.directory = os.path.join(os.path.abspath(cache_directory), "index")
        os.makedirs(self.directory, mode=0o700, exist_ok=True)

    def build(self, sources, oldest):
        """Brings the lists of these sources up to date and merges them; which file, and what failed.

        sources holds functions that describe a source or fail; oldest is in seconds.
        """
        lists, problems = [], []
        for describe in sources:
            source = None
            try:
                source = describe()
                path = isolated.run(functools.partial(self.refreshed, source, oldest))
            except Failure as failure:
                problems.append(_of(source, failure).described())
                path = self._previous(source) if source else None
            if path:
                lists.append(path)
        prune(self.directory, len(sources) + 6)
        return {**self._merged(lists), "problems": problems}

    # For a package manager to provide.

    def refreshed(self, source, oldest):
        """The path of the list of one source, made anew when its metadata changed."""
        raise NotImplementedError

    def root(self, source):
        """The directory of the metadata of one source."""
        raise NotImplementedError

    def compare(self, a, b):
        """Below 0 when build a is older than build b."""
        raise NotImplementedError

    # For a package manager to use.

    def current(self, source, snapshot, items):
        """The path of the list for a snapshot; items() yields its (name, record), and is called if needed."""
        root = self.root(source)
        path = os.path.join(root, "packages-%s" % snapshot)
        if not os.path.exists(path):
            previous = _lists(root)
            with replaced(path) as file:
                self._write_list(file, items())
            for old in previous:
                os.unlink(old)
        return path

    def _previous(self, source):
        """The list made of the last metadata that could be fetched, if there ever was any."""
        return next(iter(_lists(self.root(source))), None)

    def _write_list(self, file, items):
        # As text a record takes a fraction of the memory.
        texts = [(name, json.dumps(record, separators=(",", ":"))) for name, record in items]
        texts.sort(key=lambda item: (item[0].lower(), item[0]))
        for name, group in itertools.groupby(texts, key=lambda item: item[0]):
            combined = self._combined([json.loads(text) for _, text in group])
            file.write(name.encode("ascii") + b"\t" + combined + b"\n")

    def _merged(self, lists):
        """Reuses a file that was made from the same lists."""
        digest = hashlib.sha256("\n".join(lists).encode("utf-8", "surrogateescape")).hexdigest()[:32]
        path = os.path.join(self.directory, digest + ".index")
        if not os.path.exists(path):
            with replaced(path) as file:
                self._write_index(file, lists)
        os.utime(path)
        files = [e.path for e in os.scandir(self.directory) if e.name.endswith(".index")]
        for old in sorted(files, key=changed, reverse=True)[MOST_FILES:]:
            os.unlink(old)
        return {"file": os.path.basename(path)}

    def _write_index(self, file, lists):
        names, ends, length = [], array.array("Q"), 0
        with contextlib.ExitStack() as stack:
            opened = [stack.enter_context(open(path, "rb")) for path in lists]
            lines = heapq.merge(*(map(_split, each) for each in opened), key=lambda pair: (pair[0].lower(), pair[0]))
            for name, group in itertools.groupby(lines, key=lambda pair: pair[0]):
                records = [text for _, text in group]
                text = records[0] if len(records) == 1 else self._combined([json.loads(r) for r in records])
                length += file.write(text)
                names.append(name)
                ends.append(length)
        block = b"".join(name + b"\n" for name in names)
        ends.byteswap()
        file.write(block)
        file.write(ends.tobytes())
        file.write(MAGIC + struct.pack(">QQQ", len(names), len(block), length))

    def _combined(self, records):
        """The texts of the newest build, and every build once."""
        newest_first = functools.cmp_to_key(lambda a, b: self.compare(b, a))
        records = sorted(records, key=lambda record: newest_first(record["builds"][0]))
        builds, seen = [], set()
        for build in itertools.chain.from_iterable(record["builds"] for record in records):
            identity = (build["epoch"], build["version"], build["release"], build["architecture"])
            if identity not in seen:
                seen.add(identity)
                builds.append(build)
        builds.sort(key=newest_first)
        return json.dumps({**records[0], "builds": builds}, separators=(",", ":")).encode("ascii")


def _of(source, failure):
    """The failure with the source in its sentence, if it does not know it."""
    if source is None or failure.source_id:
        return failure
    return Failure(failure.code, "Source %s: %s" % (source.id, failure.message), source.id)


def _lists(root):
    with contextlib.suppress(FileNotFoundError):
        return [e.path for e in os.scandir(root) if e.name.startswith("packages-") and "." not in e.name]
    return []


def _split(line):
    name, _, text = line.rstrip(b"\n").partition(b"\t")
    return name, text
