"""JSON over stdin and stdout, and the failures that travel over it."""

import json
import os
import re
import sys

# The longest request: 20,000 packages and some armoured keys fit.
LONGEST_REQUEST = 16 << 20

# Words of package managers, and of Python, for it.
NO_MEMORY = re.compile(r"Cannot allocate memory|MMap ran out of room|bad_alloc")


class Failure(Exception):
    """What a caller is told. Codes are upper case words; the message is for the user."""

    def __init__(self, code, message, source_id=""):
        super().__init__(message)
        self.code = code
        self.message = message
        self.source_id = source_id

    def described(self):
        return {"code": self.code, "message": self.message, "source_id": self.source_id}


def out_of_memory(what="The metadata of a source", source_id=""):
    """After it a process is of no use: package managers do not give back what they could not fill."""
    return Failure("NO_MEMORY", what + " needs more memory than the solver may have", source_id)


class Channel:
    """Requests from stdin, answers to stdout. Whatever else is printed goes to stderr."""

    def __init__(self, incoming, outgoing):
        self._incoming = incoming
        self._outgoing = outgoing

    @staticmethod
    def take_over_stdio():
        outgoing = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        return Channel(sys.stdin.buffer, outgoing)

    def send(self, value):
        """One line. ASCII only, so any text a caller sent can be sent back."""
        line = memoryview(json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n")
        while line:
            line = line[self._outgoing.write(line):]

    def requests(self):
        """Every request as an object, or the Failure that stands for an unusable line."""
        while True:
            line = self._incoming.readline(LONGEST_REQUEST + 1)
            if not line:
                return
            if len(line) > LONGEST_REQUEST:
                self._skip_line(line)
                yield Failure("BAD_REQUEST", "the request is longer than %d bytes" % LONGEST_REQUEST)
            elif line.strip():
                yield _parsed(line)

    def document(self):
        """All of stdin as one object."""
        text = self._incoming.read(LONGEST_REQUEST + 1)
        if len(text) > LONGEST_REQUEST:
            raise Failure("INTERNAL", "the request is longer than %d bytes" % LONGEST_REQUEST)
        value = _parsed(text)
        if isinstance(value, Failure):
            raise value
        return value

    def _skip_line(self, start):
        while start and not start.endswith(b"\n"):
            start = self._incoming.readline(1 << 20)


def _parsed(text):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Failure("BAD_REQUEST", "the request is not JSON")
    if not isinstance(value, dict):
        return Failure("BAD_REQUEST", "the request is not a JSON object")
    return value


def field(request, name, kind, default=None):
    """A field of the right type, or the default; without a default the field is required."""
    value = request.get(name, default)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise Failure("BAD_REQUEST", "the field %s is missing or of the wrong type" % name)
    return value


def texts(request, name, default=None):
    """A list of strings."""
    values = field(request, name, list, default)
    if not all(isinstance(value, str) for value in values):
        raise Failure("BAD_REQUEST", "the field %s must be a list of strings" % name)
    return values


def one_line(text):
    """A package manager's message without line breaks, and not without end."""
    return re.sub(r"\s+", " ", text).strip()[:1000]
