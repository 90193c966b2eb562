"""Fetching of metadata, and why it failed: per source, in one word and one sentence."""

import os
import re
import time
from urllib.parse import unquote

import apt_pkg

from aptsolver.source import public
from shared import protocol
from shared.protocol import NO_MEMORY, Failure, out_of_memory

# Words of libapt's messages -> code. The locale is C.
CAUSES = (
    (re.compile(r"No space left"), "NO_SPACE"),
    (re.compile(r"Hash Sum mismatch|unexpected size|filesize mismatch", re.I), "BAD_CHECKSUM"),
    (
        re.compile(
            r"GPG error|not signed|NO_PUBKEY|BADSIG|EXPKEYSIG|REVKEYSIG|signature|Clearsigned|NODATA"
            r"|is no longer signed|weak security|expired",
            re.I,
        ),
        "BAD_SIGNATURE",
    ),
)


# Seconds; libapt's own time limit for a silent server, with its retries, is shorter.
LONGEST_STALL = 75
# Bytes: with less than this the disk is full. libapt's methods have been seen to wait for ever on one.
FULL = 1 << 20
# The api-server waits a little longer for an answer.
LONGEST_UPDATE = 200


class Progress:
    """Collects failures; tells the bytes a few times per second.

    The methods are those libapt calls; it sets the numbers before each call of pulse.
    """

    current_bytes = total_bytes = current_items = total_items = 0
    fetched_bytes = elapsed_time = last_bytes = current_cps = 0

    def __init__(self, tell, longest=None):
        """Longest is in seconds."""
        self.failures = []
        # Why nothing is waited for any more, and the addresses that were.
        self.given_up = ""
        self.unfinished = []
        self._longest = longest
        self._state = None
        self._began = self._moved = time.monotonic()
        self._tell = tell
        self._last = 0.0

    def fail(self, item):
        if item.owner.status == item.owner.STAT_DONE:
            return  # optional, and absent
        self.failures.append((item.uri, item.owner.error_text or "no answer"))

    def start(self):
        pass

    def stop(self):
        pass

    def fetch(self, item):
        pass

    def done(self, item):
        pass

    def ims_hit(self, item):
        pass

    def media_change(self, medium, drive):
        return False

    def pulse(self, owner):
        now = time.monotonic()
        if now - self._last >= 0.4:
            self._last = now
            self._tell(int(self.current_bytes), int(self.total_bytes))
        if self._is_hopeless(now):
            self.unfinished = [item.desc_uri for item in owner.items if not item.complete]
            return False
        return True

    def _is_hopeless(self, now):
        """libapt follows redirections for ever as long as each leads somewhere else, and waits for ever for
        a server that sends a byte now and then."""
        state = (self.current_bytes, self.current_items, len(self.failures))
        if state != self._state:
            self._state, self._moved = state, now
        if now - self._moved > LONGEST_STALL:
            self.given_up = "nothing came for %d seconds, or only redirections" % LONGEST_STALL
        elif self._longest and now - self._began > self._longest:
            self.given_up = "it took longer than %d seconds" % self._longest
        return bool(self.given_up)


def cause(text, otherwise):
    """The code for a message of libapt."""
    for pattern, code in CAUSES:
        if pattern.search(text):
            return code
    return otherwise


def update(area, tell):
    """Fetches the metadata of every source of the area. All of them, or a Failure."""
    progress = Progress(tell, LONGEST_UPDATE)
    apt_pkg.config.set("APT::Get::List-Cleanup", "true")
    sources = _read_source_list()
    apt_pkg.init_system()
    message = ""
    try:
        _empty_cache(area).update(progress, sources, 200000)
    except apt_pkg.Error as error:
        message = str(error)
    if progress.given_up:
        why = "No space left on device" if _is_full(area.lists) else progress.given_up
        raise _failure(area, _of_one_source(area, progress.unfinished), why, "")
    if NO_MEMORY.search(message):
        named = [source.id for source in area.sources]
        raise out_of_memory("The metadata of " + ", ".join(named), named[0] if len(named) == 1 else "")
    for uri, text in progress.failures:
        raise _failure(area, uri, text, message)
    if message:
        raise _failure(area, message, message, "")
    for index in sources.list:
        if not any(file.exists for file in index.index_files):
            raise _failure(area, index.uri + "dists/" + index.dist, "it has no index of packages", "")


def _is_full(directory):
    disk = os.statvfs(directory)
    return disk.f_bavail * disk.f_frsize < FULL


def _empty_cache(area):
    """Fetching needs none of the packages, but libapt wants a cache; one of no lists is made at once."""
    present = {name: apt_pkg.config[name] for name in ("Dir::State::lists", "Dir::Cache::pkgcache")}
    apt_pkg.config.set("Dir::State::lists", area.root + "/etc/empty/")
    apt_pkg.config.set("Dir::Cache::pkgcache", "")
    try:
        return apt_pkg.Cache(None)
    finally:
        for name, value in present.items():
            apt_pkg.config.set(name, value)


def _of_one_source(area, uris):
    """An address that tells which source is meant."""
    return next((uri for uri in uris if area.source_of(uri)), area.sources[0].urls[0])


def _read_source_list():
    sources = apt_pkg.SourceList()
    try:
        sources.read_main_list()
    except apt_pkg.Error as error:
        raise Failure("SOURCE_UNREACHABLE", "apt does not accept the sources: " + one_line(str(error)))
    return sources


def _failure(area, uri, text, more):
    source = area.source_of(uri)
    if source is None:
        source = next((s for s in area.sources if any(_mentions(uri, u) for u in s.urls)), None)
    # After the server's status libapt has opinions about signatures.
    refused = re.match(r"[45]\d\d ", text)
    code = "SOURCE_UNREACHABLE" if refused else cause(text + " " + more, "SOURCE_UNREACHABLE")
    identity = source.id if source else ""
    where = "source %s (%s)" % (source.id, public(source.urls[0])) if source else public(uri)
    sentence = {
        "BAD_SIGNATURE": "The signature of %s could not be verified: %s",
        "BAD_CHECKSUM": "Metadata of %s does not match its signed checksums: %s",
        "NO_SPACE": "There is no space left for the metadata of %s: %s",
    }.get(code, "The metadata of %s could not be fetched: %s")
    if re.search(r"\b401\b", text):
        text += "; if it wants a login, this user must be able to read it below /etc/apt/auth.conf.d"
    return Failure(code, sentence % (where, one_line(text if text not in ("", "no answer") else more or text)), identity)


def _mentions(uri, url):
    """Whether an address, or the name of a file that was fetched from there, is below the other."""
    base = url.rstrip("/")
    # The file's name is itself part of an address, so its own percent signs are escaped.
    return base in uri or apt_pkg.uri_to_filename(base + "/") in unquote(uri)


def one_line(text):
    """libapt's messages without line breaks and without the letter in front."""
    return re.sub(r"(^|, )[EW]:", r"\1", protocol.one_line(text))
