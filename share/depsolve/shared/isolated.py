"""Work on metadata of others, each piece in a process of its own: what it leaks, and how it dies, ends there."""

import ctypes
import json
import os
import select
import signal
import sys
import time
import traceback

from shared.protocol import NO_MEMORY, Failure, one_line, out_of_memory

PR_SET_PDEATHSIG = 1


def run(function, longest=None):
    """The value of function(), which JSON must be able to carry, or its Failure.

    After so many seconds the process is ended, and that is a TimeoutError.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work(function, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            text = _read(pipe, longest)
    except TimeoutError:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(child, 0)
    if not text:
        code = os.waitstatus_to_exitcode(status)
        raise Failure("INTERNAL", "the package manager could not read its metadata and ended with status %d" % code)
    answer = json.loads(text)
    if "failure" in answer:
        raise Failure(*answer["failure"])
    return answer["value"]


def _read(pipe, longest):
    """All of it."""
    ready = select.poll()
    ready.register(pipe, select.POLLIN)
    end = None if longest is None else time.monotonic() + longest
    text = b""
    while True:
        if not ready.poll(None if end is None else max(0, end - time.monotonic()) * 1000):
            raise TimeoutError
        piece = pipe.read(1 << 16)
        if not piece:
            return text
        text += piece


def _work(function, writing):
    """Never returns."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with os.fdopen(writing, "w", encoding="ascii") as pipe:
            json.dump(_answer(function), pipe)
    except BaseException:
        traceback.print_exc(file=sys.stderr)
    finally:
        # Nothing of the parent's is flushed or closed twice.
        sys.stderr.flush()
        os._exit(0)


def _answer(function):
    try:
        return {"value": function()}
    except Failure as failure:
        return {"failure": [failure.code, failure.message, failure.source_id]}
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        failure = Failure("INTERNAL", one_line(str(error)))
        if isinstance(error, MemoryError) or NO_MEMORY.search(str(error)):
            failure = out_of_memory()
        return {"failure": [failure.code, failure.message]}
