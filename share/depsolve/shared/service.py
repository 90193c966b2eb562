"""Answers requests one after the other; what was opened for one stays open for the next.

A request is {"id", "op", "sources", ...}; the answer carries its id and "result" or "error".

  refresh  {"max_age": seconds}     -> {"snapshot", "age"}   equal snapshots have equal solutions
  renew    {"max_age": seconds, "all": false}
                                    -> {}   as refresh; others can solve meanwhile. A source that fails need not
                                       be a failure while its older metadata is there, unless "all" are wanted
  solve    {"packages": [{"name", "version"}], "groups": [], "essential": false, "one_of": [[name]],
            "avoid": [name], "max_age": seconds}
                                    -> {"snapshot", "packages": [{"name", "epoch", "version", "release", "architecture",
                                        "source_id", "sha256", "location", "size", "installed_size"}]}
                                       sorted by lower-cased name; location: below the source's address
  index    {"max_age": seconds}     -> {"file", "problems": [error]}     file: see index.py, below DIR/index
  probe    {"source", "key_urls"}   -> {"public_keys"}   fetches keys and metadata of one source
"""

import sys
import traceback

from shared.protocol import NO_MEMORY, Failure, field, one_line, out_of_memory, texts


class Service:
    """One request costs at most itself. A family provides the operations."""

    def run(self, channel):
        """Until stdin ends."""
        for request in channel.requests():
            answer = self.answer(request)
            channel.send(answer)
            if answer.get("error", {}).get("code") == "NO_MEMORY":
                return 1
            self.tidy()
        return 0

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
            if isinstance(error, MemoryError) or NO_MEMORY.search(str(error)):
                return {"id": identity, "error": out_of_memory().described()}
            traceback.print_exc(file=sys.stderr)
            self.forget()
            return {"id": identity, "error": Failure("INTERNAL", one_line(str(error))).described()}

    def _result(self, request):
        operations = {
            "refresh": self.refresh,
            "renew": self.renew,
            "solve": self.solve,
            "index": self.index,
            "probe": self.probe,
        }
        operation = operations.get(field(request, "op", str))
        if operation is None:
            raise Failure("BAD_REQUEST", "the operation is unknown")
        return operation(request)

    def refresh(self, request):
        raise NotImplementedError

    def renew(self, request):
        return self.refresh(request)

    def solve(self, request):
        raise NotImplementedError

    def index(self, request):
        raise NotImplementedError

    def probe(self, request):
        raise NotImplementedError

    def tidy(self):
        """What can wait until an answer is sent."""

    def forget(self):
        """Closes what is open: a request failed in a way nobody foresaw."""


def one_of(request):
    """Lists of which one package each must be there; with an empty name at the end, if there is one."""
    lists = field(request, "one_of", list, [])
    if not all(isinstance(n, list) and all(isinstance(x, str) for x in n) for n in lists):
        raise Failure("BAD_REQUEST", "one_of must be a list of lists of strings")
    return lists


def wishes(request):
    """(name, version) of every package that is asked for."""
    items = field(request, "packages", list, [])
    if not all(isinstance(item, dict) for item in items):
        raise Failure("BAD_REQUEST", "a package is not an object")
    return [(field(item, "name", str), field(item, "version", str, "*")) for item in items]


def groups(request):
    return texts(request, "groups", [])
