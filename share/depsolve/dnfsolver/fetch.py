"""Downloads of exact packages. What they are was decided when the compose was started, on metadata whose signature
was checked then where the source says so; their checksums vouch for them now, so no metadata is needed.
"""

import collections
import os
import re
import sys

import libdnf.repo

from dnfsolver import area, hostsources
from dnfsolver.source import of_user
from shared import fetching, keys, sources
from shared.checks import web_address
from shared.protocol import Failure, field, one_line, texts

OTHER = re.compile("checksum|size")
GONE = re.compile(r"\b(404|410)\b|Couldn't open file")
FULL = re.compile("No space left|Failed writing|Write error")
# What librepo says of the others when one has failed.
CONSEQUENCE = re.compile(r"Not finished|Already downloaded")


def run(channel, variables, cache_directory, out_directory):
    """Answers one document; the exit code of the program."""
    return fetching.run(channel, lambda request, tell: fetch(request, variables, cache_directory, out_directory, tell))


def fetch(request, variables, cache_directory, out_directory, tell):
    """Leaves <sha256>.rpm of every package that is to be downloaded; all of them, or a Failure."""
    named = sources.resolved(
        field(request, "sources", list), lambda: hostsources.read(variables), lambda item: of_user(item, variables)
    )
    missing = [package for package in fetching.packages(request) if package["download"]]
    fetching.check_space(out_directory, sum(package["size"] for package in missing))
    conf = area.configuration(cache_directory, area.Defaults(variables, proxy=_proxy(request)))
    repositories = {source.id: _repository(source, conf, cache_directory) for source in named}
    downloads = _Downloads(missing, tell("download"))
    targets = [_target(repositories, package, out_directory, downloads.callbacks(package)) for package in missing]
    _download(targets)
    unfinished = [package for package in missing if not _whole(package, out_directory)]
    if unfinished:
        # When one fails, librepo gives up the others.
        failed = next((package for package in unfinished if package["sha256"] in downloads.failures), unfinished[0])
        raise _failure(failed, downloads.failures.get(failed["sha256"], ["no answer"]))
    for package in missing:
        _publish(package, out_directory)
    return {"packages": [{"sha256": package["sha256"]} for package in missing]}


def host_keys(channel, variables):
    """Answers with the keys of sources of the host: {id: [armoured key]}. Nothing of a repository is read for it."""
    return fetching.run(channel, lambda request, _: _host_keys(request, variables))


def _host_keys(request, variables):
    wanted = texts(request, "sources")
    found = {source.id: source for source in hostsources.read(variables)}
    for identity in wanted:
        if identity not in found:
            raise Failure("SOURCE_UNREACHABLE", "source %s is not configured on this host" % ascii(identity))
    proxy = _proxy(request)
    return {identity: keys.fetched(found[identity], found[identity].key_urls, proxy) for identity in wanted}


def _proxy(request):
    proxy = field(request, "proxy", str, "")
    return web_address("", "proxy", proxy) if proxy else ""


def _repository(source, conf, cache_directory):
    repository = source.repository(conf)
    repository.basecachedir = os.path.join(cache_directory, "repositories")
    return repository


def _target(repositories, package, directory, callbacks):
    repository = repositories.get(package["source_id"])
    if repository is None or not package["location"] or package["size"] <= 0:
        raise Failure("BAD_REQUEST", "a package has no source, location or size")
    # librepo names the file after the last part of the location: each gets a directory.
    part = os.path.join(directory, package["sha256"] + ".part")
    os.mkdir(part)
    return libdnf.repo.PackageTarget(
        repository._repo,
        package["location"],
        part,
        libdnf.repo.PackageTarget.ChecksumType_SHA256,
        package["sha256"],
        package["size"],
        None,
        False,
        0,
        0,
        callbacks,
    )


def _download(targets):
    """librepo tells of each failure through the callbacks, and of the first one by an exception too."""
    try:
        libdnf.repo.PackageTarget.downloadPackages(libdnf.repo.VectorPPackageTarget(targets), True)
    except RuntimeError as error:
        print(one_line(str(error)), file=sys.stderr)


class _Downloads:
    """How far all of them are, and what went wrong with each."""

    def __init__(self, packages, tell):
        self._tell = tell
        self._total = sum(package["size"] for package in packages)
        self._done = collections.Counter()
        self.failures = collections.defaultdict(list)
        # libdnf has pointers to them, which Python does not count.
        self._callbacks = []

    def callbacks(self, package):
        self._callbacks.append(_Callbacks(self, package["sha256"]))
        return self._callbacks[-1]

    def progress(self, sha256, done):
        self._done[sha256] = done
        self._tell(min(sum(self._done.values()), self._total), self._total)


class _Callbacks(libdnf.repo.PackageTargetCB):
    def __init__(self, downloads, sha256):
        super().__init__()
        self._downloads = downloads
        self._sha256 = sha256

    def progress(self, total, done):
        self._downloads.progress(self._sha256, int(done))
        return 0

    def end(self, status, message):
        if message and not CONSEQUENCE.match(message):
            self._downloads.failures[self._sha256].append(message)
        return 0

    def mirrorFailure(self, message, url):
        self._downloads.failures[self._sha256].append("%s: %s" % (url, message))
        return 0


def _downloaded(package, directory):
    return os.path.join(directory, package["sha256"] + ".part", os.path.basename(package["location"]))


def _whole(package, directory):
    """A download that failed may leave a piece of the file."""
    path = _downloaded(package, directory)
    return os.path.exists(path) and os.path.getsize(path) == package["size"]


def _publish(package, directory):
    path = _downloaded(package, directory)
    os.replace(path, os.path.join(directory, package["sha256"] + ".rpm"))
    os.rmdir(os.path.dirname(path))


def _failure(package, messages):
    text = one_line("; ".join(dict.fromkeys(messages)))
    label = "%s %s" % (package["name"], package["version"])
    # Words in addresses are those of others.
    words = re.sub(r"[a-z]+://\S+", "", text)
    if FULL.search(words):
        return Failure("NO_SPACE", "%s could not be written: %s" % (label, text), package["source_id"])
    if OTHER.search(words):
        why = "%s is another package than was chosen: %s" % (label, text)
        return fetching.changed(package["source_id"], "BAD_CHECKSUM", why)
    if GONE.search(words):
        return fetching.changed(package["source_id"], "PACKAGE_MISSING", "it does not have %s any more: %s" % (label, text))
    sentence = "%s could not be fetched from source %s: %s" % (label, package["source_id"], text)
    return Failure("SOURCE_UNREACHABLE", sentence, package["source_id"])
