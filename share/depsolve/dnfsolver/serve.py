"""The operations of share/depsolve/shared/service.py on dnf; the package sack stays open between them.

Beyond what is said there: a group may be a module, NAME:STREAM or NAME:STREAM/PROFILE or one with a
default stream; a package has its "location" below the address of its source.
"""

import contextlib
import dataclasses
import functools
import hashlib
import os
import sys

from dnfsolver import hostsources, index
from dnfsolver.metadata import MOST_AREAS, Metadata
from dnfsolver.solve import Solver
from dnfsolver.source import of_user
from shared import directory, keys, service, sources
from shared.checks import web_address
from shared.protocol import Failure, field, texts


class Service(service.Service):
    def __init__(self, cache_directory, defaults):
        self._cache_directory = os.path.abspath(cache_directory)
        self._defaults = defaults
        self._root = os.path.join(self._cache_directory, "solver")
        self._snapshot = None
        self._solvers = {}

    def refresh(self, request):
        with self._entered(request) as (snapshot, described):
            return {"snapshot": snapshot, "age": max(metadata.age() for metadata in described)}

    def renew(self, request):
        """A source that fails keeps the others from nothing, nor its own older metadata from being used."""
        every = field(request, "all", bool, False)
        failures = []
        for metadata in self._described(request):
            try:
                metadata.renew(field(request, "max_age", int, 0))
            except Failure as failure:
                print(failure.message, file=sys.stderr)
                with metadata.locked():
                    if every or metadata.snapshot() is None:
                        failures.append(failure)
        if failures:
            raise failures[0]
        return {}

    def solve(self, request):
        with self._entered(request) as (snapshot, described):
            repositories = [metadata.opened for metadata in described]
            return {"snapshot": snapshot, "packages": self._solved(request, snapshot, repositories)}

    def index(self, request):
        described = [functools.partial(self._one, item) for item in field(request, "sources", list)]
        return index.Lists(self._cache_directory, self._defaults).build(described, field(request, "max_age", int, 0))

    def probe(self, request):
        source = of_user(field(request, "source", dict), self._defaults.variables)
        urls = [web_address(source.id, "key", url) for url in texts(request, "key_urls", [])]
        fetched = keys.fetched(source, urls, self._defaults.proxy)
        source = dataclasses.replace(source, public_keys=source.public_keys + tuple(fetched))
        index.Lists(self._cache_directory, self._defaults).refreshed(source, 0)
        return {"public_keys": fetched}

    def forget(self):
        for solver in self._solvers.values():
            solver.close()
        self._snapshot, self._solvers = None, {}

    def _resolved(self, items):
        variables = self._defaults.variables
        return sources.resolved(
            items, lambda: hostsources.read(variables), lambda item: of_user(item, variables)
        )

    def _one(self, item):
        (source,) = self._resolved([item])
        return source

    def _described(self, request):
        wanted = self._resolved(field(request, "sources", list))
        shared = os.path.join(self._cache_directory, "repositories")
        os.makedirs(shared, mode=0o700, exist_ok=True)
        directory.prune(shared, MOST_AREAS)
        return [Metadata(shared, source, self._defaults, self._root) for source in wanted]

    @contextlib.contextmanager
    def _entered(self, request):
        """The snapshot of the request's sources, as fresh as it wants them, and the metadata of each."""
        oldest = field(request, "max_age", int, 0)
        described = self._described(request)
        digest = hashlib.sha256()
        with contextlib.ExitStack() as stack:
            # Always in the same order, so that two processes do not wait for each other.
            for metadata in sorted(described, key=lambda m: m.key):
                stack.enter_context(metadata.locked())
            for metadata in described:
                metadata.refresh(oldest)
                digest.update(("%s %s\n" % (metadata.key, metadata.snapshot())).encode("ascii"))
            yield digest.hexdigest()[:32], described

    def _solved(self, request, snapshot, repositories):
        wishes = service.wishes(request)
        named = {name for name, _ in wishes}
        excludes = tuple(name for name in texts(request, "avoid", []) if name not in named)
        excludes += self._defaults.excludes
        groups = service.groups(request)
        modules = self._solver_for(snapshot, repositories, excludes).modules_among(groups)
        solver = self._solver_for(snapshot, repositories, excludes, modules)
        packages = solver.solve(
            wishes,
            [group for group in groups if group not in modules],
            service.one_of(request),
        )
        return [solver.described(package) for package in packages]

    def _solver_for(self, snapshot, repositories, excludes, modules=()):
        """One without modules is kept, and the last one with modules."""
        if self._snapshot != (snapshot, excludes):
            self.forget()
            self._snapshot = (snapshot, excludes)
        if modules not in self._solvers:
            for other in [key for key in self._solvers if key]:
                self._solvers.pop(other).close()
            self._solvers[modules] = Solver(self._root, self._defaults, repositories, excludes, modules)
        return self._solvers[modules]
