"""Directories of metadata: one user at a time, and not more of them than needed."""

import contextlib
import fcntl
import os
import shutil


@contextlib.contextmanager
def locked(root):
    """Makes the directory; other processes wait. Only while metadata is read and changed."""
    os.makedirs(root, mode=0o700, exist_ok=True)
    with open(os.path.join(root, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.utime(root)
        yield


def changed(path):
    """When a file was changed last; 0 when it is not there."""
    try:
        return os.stat(path).st_mtime
    except FileNotFoundError:
        return 0


def prune(directory, most):
    """Removes the directories of metadata that were not used for longest; names have 32 digits."""
    areas = [e.path for e in os.scandir(directory) if e.is_dir() and len(e.name) == 32]
    for path in sorted(areas, key=changed, reverse=True)[most:]:
        with contextlib.suppress(OSError), open(os.path.join(path, "lock"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def replaced(path):
    """A file to write; readers see the old content or all of the new."""
    temporary = path + ".new"
    with open(temporary, "wb") as file:
        yield file
    os.replace(temporary, path)
