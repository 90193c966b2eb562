"""Answers requests one after the other; the package cache stays open between them.

A request is {"id", "op", "sources", ...}; the answer carries its id and "result" or "error".

  refresh  {"max_age": seconds}     -> {"snapshot", "age"}   equal snapshots have equal solutions
  solve    {"packages": [{"name", "version"}], "groups": [], "essential": false, "one_of": [[name]],
            "avoid": [name], "max_age": seconds}
                                    -> {"snapshot", "packages": [...]} sorted by lower-cased name
  index    {"max_age": seconds}     -> {"file", "problems": [error]}     file: see index.py, below DIR/index
  probe    {"source", "key_urls"}   -> {"public_keys"}   fetches keys and metadata of one source
"""

import dataclasses
import functools
import os
import re
import sys
import traceback

from aptsolver import area as areas
from aptsolver import index, keys
from aptsolver.fetch import resolved
from aptsolver.protocol import Failure, field, texts
from aptsolver.solve import Solver, Wish
from aptsolver.source import of_user, web_address
from aptsolver.update import one_line

NAME = re.compile(r"[a-z0-9][a-z0-9+.-]*\Z")


def run(channel, cache_directory, proxy=""):
    """Until stdin ends. The proxy is for what libapt does not fetch itself."""
    service = Service(cache_directory, proxy)
    for request in channel.requests():
        channel.send(service.answer(request))
        service.tidy()
    return 0


class Service:
    """One request costs at most itself."""

    def __init__(self, cache_directory, proxy):
        self._cache_directory = cache_directory
        self._proxy = proxy
        self._opened = None
        self._solver = None

    def answer(self, request):
        identity = None
        try:
            if isinstance(request, Failure):
                raise request
            identity = request.get("id") if isinstance(request.get("id"), int) else None
            return {"id": identity, "result": self._result(request)}
        except Failure as failure:
            return {"id": identity, "error": failure.described()}
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self._opened = self._solver = None
            return {"id": identity, "error": Failure("INTERNAL", one_line(str(error))).described()}

    def _result(self, request):
        operation = field(request, "op", str)
        if operation == "index":
            described = [functools.partial(_one, item) for item in field(request, "sources", list)]
            return index.build(self._cache_directory, described, field(request, "max_age", int, 0))
        if operation == "probe":
            return self._probed(field(request, "source", dict), texts(request, "key_urls", []))
        if operation not in ("refresh", "solve"):
            raise Failure("BAD_REQUEST", "the operation is unknown")
        area = areas.prepare(self._cache_directory, resolved(field(request, "sources", list)))
        avoid = tuple(name for name in texts(request, "avoid", []) if NAME.match(name))
        with area.locked():
            area.enter(avoid)
            area.refresh(field(request, "max_age", int, 0))
            snapshot = area.snapshot()
            if operation == "refresh":
                return {"snapshot": snapshot, "age": area.age()}
            return {"snapshot": snapshot, "packages": self._solved(request, area, snapshot, avoid)}

    def tidy(self):
        """What can wait until an answer is sent."""
        if self._solver is not None:
            self._solver.tidy()

    def _probed(self, description, urls):
        source = of_user(description)
        fetched = keys.fetched(source, [web_address(source.id, "key", url) for url in urls], self._proxy)
        source = dataclasses.replace(source, public_keys=source.public_keys + tuple(fetched))
        directory = os.path.join(os.path.abspath(self._cache_directory), "index")
        os.makedirs(directory, mode=0o700, exist_ok=True)
        index.refreshed(directory, source, 0)
        return {"public_keys": fetched}

    def _solved(self, request, area, snapshot, avoid):
        wishes = [_wish(item) for item in field(request, "packages", list, [])]
        one_of = field(request, "one_of", list, [])
        if not all(isinstance(n, list) and all(isinstance(x, str) for x in n) for n in one_of):
            raise Failure("BAD_REQUEST", "one_of must be a list of lists of strings")
        solver = self._solver_for(area, (area.key, snapshot, avoid))
        versions = solver.solve(
            wishes, texts(request, "groups", []), field(request, "essential", bool, False), one_of
        )
        return [solver.described(version) for version in versions]

    def _solver_for(self, area, key):
        if self._opened != key:
            self._opened = self._solver = None
            self._solver = Solver(area)
            self._opened = key
        return self._solver


def _one(item):
    (source,) = resolved([item])
    return source


def _wish(item):
    if not isinstance(item, dict):
        raise Failure("BAD_REQUEST", "a package is not an object")
    return Wish(field(item, "name", str), field(item, "version", str, "*"))
