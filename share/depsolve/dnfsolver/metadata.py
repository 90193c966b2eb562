"""Metadata of repositories below one directory.

Every repository, as it is described, has a directory of its own: what one description holds unchecked
must not serve another.
"""

import copy
import hashlib
import os
import re
import shutil
import time

import dnf
import dnf.callback

from dnfsolver.area import configuration, filled
from shared import directory, isolated
from shared.protocol import Failure, one_line

# Repositories that were not used for longest are removed beyond this number.
MOST_AREAS = 64
# Seconds for all metadata of a repository. The api-server waits a little longer for an answer.
LONGEST_FETCH = 200
MOST_FAILURES = 3
NEVER = -1


class _Trusted(dnf.callback.KeyImport):
    """The keys are those of the source, or of the host's administrator: nobody needs to be asked."""

    def _confirm(self, id, userid, fingerprint, url, timestamp):
        return True


class Metadata:
    """The metadata of one repository."""

    def __init__(self, cache_directory, source, defaults, work=None):
        """Work is the directory whose configuration() reads it; its own if nothing is said."""
        self.source = source
        self._defaults = defaults
        self.key = hashlib.sha256(repr(source).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self.root = os.path.join(os.path.abspath(cache_directory), self.key)
        self._work = work or self.root

    def locked(self):
        return directory.locked(self.root)

    def age(self):
        """Seconds since it was fetched, or was found to be the present one."""
        return int(time.time() - directory.changed(self._stamp()))

    def snapshot(self):
        """Equal snapshots have equal content: repomd.xml names the checksums of all of it. None without metadata."""
        path = self._repomd()
        if path is None:
            return None
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

    def refresh(self, oldest):
        """Fetches metadata that is older than so many seconds: only repomd.xml when it is what it was.

        The caller has the lock. Metadata is fetched beside the present one and takes its place when all
        of it is there: a server that fails leaves what there was.
        """
        if not self._fresh(oldest):
            beside = self._beside("refresh")
            self._lend_to(beside)
            beside._fetch()
            self._take_from(beside)

    def renew(self, oldest):
        """As refresh, without the lock: others work on the present metadata meanwhile."""
        with self.locked():
            if self._fresh(oldest):
                # Somebody who wants it younger may be fetching it for long.
                return
        beside = self._beside("renewal")
        with directory.locked(beside.root):
            with self.locked():
                if self._fresh(oldest):
                    return
                began = time.time()
                self._lend_to(beside)
            beside._fetch()
            with self.locked():
                # Somebody who could not wait may have fetched it again.
                if directory.changed(self._stamp()) < began:
                    self._take_from(beside)

    def configuration(self):
        return configuration(self._work, self._defaults)

    def opened(self, conf):
        """The repository as dnf knows it, with the metadata that is there."""
        repository = self._repository(conf)
        self._load(repository)
        return repository

    def _fresh(self, oldest):
        return 0 <= self.age() < oldest and self._repomd() is not None

    def _stamp(self):
        return os.path.join(self.root, "stamp")

    def _files(self):
        return os.path.join(self.root, "metadata")

    def _repomd(self):
        """dnf names a directory after the id and the addresses."""
        for entry in os.scandir(self._files()) if os.path.isdir(self._files()) else ():
            path = os.path.join(entry.path, "repodata/repomd.xml")
            if os.path.exists(path):
                return path
        return None

    def _beside(self, name):
        beside = copy.copy(self)
        beside.root = os.path.join(self.root, name)
        return beside

    def _lend_to(self, beside):
        """What is there need not be fetched again. dnf replaces files of metadata, it does not change them."""
        shutil.rmtree(beside._files(), ignore_errors=True)
        if os.path.isdir(self._files()):
            others = shutil.ignore_patterns("pubring", "tmpdir.*")
            shutil.copytree(self._files(), beside._files(), copy_function=os.link, ignore=others)

    def _take_from(self, beside):
        old = os.path.join(beside.root, "old")
        shutil.rmtree(old, ignore_errors=True)
        if os.path.isdir(self._files()):
            os.rename(self._files(), old)
        os.rename(beside._files(), self._files())
        with directory.replaced(self._stamp()):
            shutil.rmtree(old, ignore_errors=True)

    def _fetch(self):
        """In a process of its own: librepo has no limit for the time, and what hostile metadata does ends there."""
        os.makedirs(self._files(), mode=0o700, exist_ok=True)
        try:
            isolated.run(self._fetch_here, LONGEST_FETCH)
        except TimeoutError:
            raise self._failure("it took longer than %d seconds" % LONGEST_FETCH)
        except Failure as failure:
            named = failure if failure.source_id else self._failure(failure.message)
            # After it this process is of no use either.
            code = failure.code if failure.code == "NO_MEMORY" else named.code
            raise Failure(code, named.message, named.source_id)

    def _fetch_here(self):
        conf = self.configuration()
        repository = self._repository(conf)
        repository._repo.expire()
        self._load(repository)
        # What cannot be read must not take the place of what can. dnf keeps what it makes of it for the next reader.
        with filled(conf, [repository]):
            pass

    def _load(self, repository):
        failures = []
        repository._md_pload._mirror_failure_cb = lambda ignored, text, url, metadata: failures.append(text)
        try:
            repository.load()
        except dnf.exceptions.RepoError as error:
            raise self._failure("; ".join([str(error), *dict.fromkeys(failures[-MOST_FAILURES:])]))

    def _repository(self, conf):
        """With no wish for more metadata than there is."""
        repository = self.source.repository(conf)
        repository.basecachedir = self._files()
        repository.metadata_expire = NEVER
        repository.gpgkey = self._keys()
        repository._set_key_import(_Trusted())
        return repository

    def _keys(self):
        """Addresses of the keys; inline ones go to files."""
        paths = []
        for number, key in enumerate(self.source.public_keys):
            path = os.path.join(self.root, "key-%03d.asc" % number)
            with directory.replaced(path) as file:
                file.write(key.encode("ascii"))
            paths.append("file://" + path)
        return paths + list(self.source.key_urls)

    def _failure(self, text):
        """dnf's sentence with what went wrong with the last servers it tried, and the source."""
        # Words in addresses are those of others.
        words = re.sub(r"[a-z]+://\S+", "", text)
        code = "SOURCE_UNREACHABLE"
        if re.search(r"GPG|signature|gpg", words):
            code = "BAD_SIGNATURE"
        elif re.search(r"checksum|Checksum", words):
            code = "BAD_CHECKSUM"
        elif "No space left" in words:
            code = "NO_SPACE"
        if "'%s'" % self.source.id not in text:
            text = "The metadata of source %s could not be fetched: %s" % (self.source.id, text)
        return Failure(code, one_line(text), self.source.id)
