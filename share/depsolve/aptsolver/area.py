"""A private state, cache and configuration of apt, below one directory.

Sets of sources never share metadata: what one set holds unsigned must not serve another.
"""

import contextlib
import copy
import hashlib
import os
import shutil
import time

import apt_pkg

from aptsolver import configuration, hostsources
from aptsolver.source import public
from aptsolver.update import update
from shared import directory

# Areas that were not used for longest are removed beyond this number; one takes about 100 MB.
MOST_AREAS = 6


class Area:
    """The metadata of one set of sources."""

    def __init__(self, cache_directory, sources, architecture, languages="none"):
        self.sources = sources
        self.architecture = architecture
        self._languages = languages
        self.key = _key(sources, architecture)
        self.root = os.path.join(os.path.abspath(cache_directory), self.key)
        self.lists = os.path.join(self.root, "lists")
        self._avoid = ()

    def locked(self):
        return directory.locked(self.root)

    def enter(self, avoid=()):
        """Points libapt, which has one configuration per process, at this area.

        Packages to avoid are no candidates: a dependency is met by another of its alternatives.
        """
        self._avoid = avoid
        for name in ("lists/partial", "archives/partial", "etc/parts", "etc/empty", "keys", "tmp"):
            os.makedirs(os.path.join(self.root, name), mode=0o700, exist_ok=True)
        for name in ("status", "extended_states", "etc/none"):
            self._write(name, "")
        pin = "Package: %s\nPin: release *\nPin-Priority: -1\n\n"
        self._write("etc/preferences", "".join(pin % name for name in avoid))
        # libapt and its helpers keep what they verify there.
        os.environ["TMPDIR"] = os.path.join(self.root, "tmp")
        config = configuration.of_host()
        for name, value in self._directories():
            config.set(name, value)
        config.set("APT::Architecture", self.architecture)
        config.set("APT::Architectures::", self.architecture)
        for name, value in configuration.of_servers(self.sources):
            config.set(name, value)
        apt_pkg.init_system()
        self._write_sources()

    def _directories(self):
        etc = os.path.join(self.root, "etc")
        return (
            ("Dir::State", self.root),
            ("Dir::State::lists", self.lists + "/"),
            ("Dir::State::status", os.path.join(self.root, "status")),
            ("Dir::State::extended_states", os.path.join(self.root, "extended_states")),
            ("Dir::Cache", self.root),
            ("Dir::Cache::archives", os.path.join(self.root, "archives") + "/"),
            ("Dir::Cache::pkgcache", os.path.join(self.root, "pkgcache.bin")),
            ("Dir::Cache::srcpkgcache", ""),
            ("Dir::Etc::sourcelist", os.path.join(etc, "none")),
            ("Dir::Etc::sourceparts", os.path.join(etc, "parts")),
            ("Dir::Etc::preferences", os.path.join(etc, "preferences")),
            ("Dir::Etc::preferencesparts", os.path.join(etc, "empty")),
            # Ordering an installation goes as far as dpkg's turn, with nothing left to do for it.
            ("Dir::Log", self.root),
            ("Dir::Log::Terminal", ""),
            ("Dir::Log::History", ""),
            ("Dir::Log::Planner", ""),
            ("Dir::Bin::dpkg", "/bin/true"),
            ("DPkg::ConfigurePending", "false"),
            ("DPkg::TriggersPending", "false"),
            ("Debug::NoLocking", "true"),
            ("APT::Sandbox::User", ""),
            ("APT::Install-Recommends", "false"),
            ("APT::Install-Suggests", "false"),
            # Records are looked up all over the file.
            ("Acquire::GzipIndexes", "false"),
            ("Acquire::Languages", self._languages),
            ("Acquire::Retries", "2"),
            ("Acquire::http::Timeout", "20"),
            ("Acquire::https::Timeout", "20"),
            ("Acquire::AllowInsecureRepositories", "false"),
            ("Acquire::AllowWeakRepositories", "false"),
            ("Acquire::AllowDowngradeToInsecureRepositories", "false"),
        )

    def _write_sources(self):
        for number, source in enumerate(self.sources):
            self._write("etc/parts/%03d.sources" % number, self._stanza(number, source))

    def _write(self, name, text):
        """Only what changed: apt's cache of packages is as old as the files it was made from."""
        path = os.path.join(self.root, name)
        with contextlib.suppress(OSError), open(path, encoding="utf-8") as file:
            if file.read() == text:
                return path
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def _stanza(self, number, source):
        lines = [
            "Types: deb",
            "URIs: " + " ".join(source.urls),
            "Suites: " + " ".join(source.suites),
        ]
        if source.components:
            lines.append("Components: " + " ".join(source.components))
        lines.append("Architectures: " + self.architecture)
        lines.append("Targets: Packages" + ("" if self._languages == "none" else " Translations"))
        lines.extend("%s: %s" % option for option in source.options)
        if not source.host and not source.check_gpg:
            lines.append("Trusted: yes")
        keyrings = source.keyrings or self._write_keys(number, source)
        if keyrings:
            lines.append("Signed-By: " + " ".join(keyrings))
        return "\n".join(lines) + "\n"

    def _write_keys(self, number, source):
        """Key files of our own: inline keys are newer than the oldest apt that is supported."""
        return [
            self._write("keys/%03d-%03d.asc" % (number, index), key)
            for index, key in enumerate(source.public_keys)
        ]

    def refresh(self, oldest, progress=lambda done, total: None):
        """Fetches metadata that is older than so many seconds; True when it did.

        The caller has the lock. Metadata is fetched beside the present one and takes its place when all
        of it is there: a source that fails leaves the snapshot before.
        """
        if 0 <= self.age() < oldest:
            return False
        beside = self._beside("refresh")
        self._lend_to(beside)
        beside.enter()
        update(beside, progress)
        self._take_from(beside)
        self.enter(self._avoid)
        return True

    def renew(self, oldest):
        """As refresh, without the lock: others work on the present metadata meanwhile."""
        if 0 <= self.age() < oldest:
            # Somebody who wants it younger may be fetching it for long.
            return
        beside = self._beside("renewal")
        with directory.locked(beside.root):
            with self.locked():
                if 0 <= self.age() < oldest:
                    return
                began = time.time()
                self._lend_to(beside)
            beside.enter()
            update(beside, lambda done, total: None)
            with self.locked():
                # Somebody who could not wait may have fetched it again.
                if directory.changed(self._stamp()) < began:
                    self._take_from(beside)

    def _beside(self, name):
        beside = copy.copy(self)
        beside.root = os.path.join(self.root, name)
        beside.lists = os.path.join(beside.root, "lists")
        return beside

    def _lend_to(self, beside):
        """What is there need not be fetched again. libapt replaces files, it does not change them."""
        shutil.rmtree(beside.lists, ignore_errors=True)
        os.makedirs(beside.lists, mode=0o700)
        for entry in os.scandir(self.lists) if os.path.isdir(self.lists) else ():
            if entry.is_file(follow_symlinks=False) and entry.name != "lock":
                os.link(entry.path, os.path.join(beside.lists, entry.name))

    def _take_from(self, beside):
        old = os.path.join(beside.root, "old")
        shutil.rmtree(old, ignore_errors=True)
        if os.path.isdir(self.lists):
            os.rename(self.lists, old)
        os.rename(beside.lists, self.lists)
        with open(self._stamp(), "w", encoding="ascii"):
            shutil.rmtree(old, ignore_errors=True)

    def _stamp(self):
        return os.path.join(self.root, "stamp")

    def age(self):
        """Seconds since the metadata was fetched."""
        return int(time.time() - directory.changed(self._stamp()))

    def snapshot(self):
        """A name for the present metadata: equal names, equal content."""
        digest = hashlib.sha256()
        for name in sorted(os.listdir(self.lists)):
            path = os.path.join(self.lists, name)
            if os.path.isfile(path) and name != "lock":
                status = os.stat(path)
                digest.update(("%s %d %d\n" % (name, status.st_size, status.st_mtime_ns)).encode())
        return digest.hexdigest()[:32]

    def source_of(self, uri):
        """The source that an address of an index or a package belongs to; None for a stranger."""
        uri = public(uri)
        for source in self.sources:
            for url in source.urls:
                base = public(url).rstrip("/") + "/"
                for suite in source.suites:
                    below = suite if source.flat() else "dists/%s/" % suite
                    if uri.startswith(base + below):
                        return source
        return None

    def index_owners(self):
        """Base name of an index file in the lists directory -> source; the first source wins."""
        owners = {}
        for source in self.sources:
            for url in source.urls:
                for suite in source.suites:
                    for index in _indexes(source, url.rstrip("/") + "/", suite, self.architecture):
                        owners.setdefault(apt_pkg.uri_to_filename(index), source)
        return owners


def _indexes(source, base, suite, architecture):
    if source.flat():
        return [base + ("" if suite == "/" else suite) + "Packages"]
    release = "%sdists/%s/" % (base, suite)
    return [
        "%s%s/binary-%s/Packages" % (release, component, name)
        for component in source.components
        for name in (architecture, "all")
    ]


def _key(sources, architecture):
    text = "\n".join(repr(source) for source in sources) + architecture
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def prepare(cache_directory, sources, architecture=None):
    """The area for these sources; old areas of other sets are removed."""
    directory.prune(cache_directory, MOST_AREAS)
    return Area(cache_directory, sources, architecture or native_architecture())


def native_architecture():
    """Debian's name of this machine's architecture."""
    return hostsources.native_architecture()
