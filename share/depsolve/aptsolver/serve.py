"""The operations of share/depsolve/shared/service.py on libapt; the package cache stays open between them."""

import contextlib
import dataclasses
import functools
import re

from aptsolver import area as areas
from aptsolver import index
from aptsolver.fetch import resolved
from aptsolver.solve import Solver, Wish
from aptsolver.source import of_user
from shared import keys, service
from shared.checks import web_address
from shared.protocol import field, texts

NAME = re.compile(r"[a-z0-9][a-z0-9+.-]*\Z")


class Service(service.Service):
    def __init__(self, cache_directory, proxy="", excluded=()):
        """The proxy is for what libapt does not fetch itself; excluded are globs of package names."""
        self._cache_directory = cache_directory
        self._proxy = proxy
        self._excluded = excluded
        self._opened = None
        self._solver = None

    def refresh(self, request):
        with self._entered(request) as (area, _):
            return {"snapshot": area.snapshot(), "age": area.age()}

    def renew(self, request):
        area = areas.prepare(self._cache_directory, resolved(field(request, "sources", list)))
        area.renew(field(request, "max_age", int, 0))
        return {}

    def solve(self, request):
        with self._entered(request) as (area, avoid):
            snapshot = area.snapshot()
            return {"snapshot": snapshot, "packages": self._solved(request, area, snapshot, avoid)}

    def index(self, request):
        described = [functools.partial(_one, item) for item in field(request, "sources", list)]
        return index.Lists(self._cache_directory).build(described, field(request, "max_age", int, 0))

    def probe(self, request):
        source = of_user(field(request, "source", dict))
        urls = [web_address(source.id, "key", url) for url in texts(request, "key_urls", [])]
        fetched = keys.fetched(source, urls, self._proxy)
        source = dataclasses.replace(source, public_keys=source.public_keys + tuple(fetched))
        index.Lists(self._cache_directory).refreshed(source, 0)
        return {"public_keys": fetched}

    def tidy(self):
        if self._solver is not None:
            self._solver.tidy()

    def forget(self):
        self._opened = self._solver = None

    @contextlib.contextmanager
    def _entered(self, request):
        """The area of the request's sources with fresh metadata, and the packages to avoid."""
        area = areas.prepare(self._cache_directory, resolved(field(request, "sources", list)))
        avoid = tuple(name for name in texts(request, "avoid", []) if NAME.match(name))
        with area.locked():
            area.enter(avoid + self._excluded)
            area.refresh(field(request, "max_age", int, 0))
            yield area, avoid

    def _solved(self, request, area, snapshot, avoid):
        wishes = [Wish(*wish) for wish in service.wishes(request)]
        one_of = service.one_of(request)
        solver = self._solver_for(area, (area.key, snapshot, avoid))
        versions = solver.solve(
            wishes, service.groups(request), field(request, "essential", bool, False), one_of
        )
        return [solver.described(version) for version in versions]

    def _solver_for(self, area, key):
        if self._opened != key:
            self.forget()
            self._solver = Solver(area, self._excluded)
            self._opened = key
        return self._solver


def _one(item):
    (source,) = resolved([item])
    return source
