"""Lists of what RPM repositories offer, made by dnf."""

import re

import rpm

from dnfsolver.area import filled
from dnfsolver.metadata import Metadata
from shared import index

# Metadata is not ours: what does not look like a package is left out.
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9+._-]{0,255}\Z")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+~^_-]{0,255}\Z")
LONGEST_TEXT = 1 << 14


class Lists(index.Lists):
    def __init__(self, cache_directory, defaults):
        super().__init__(cache_directory)
        self._defaults = defaults

    def refreshed(self, source, oldest):
        metadata = self._metadata(source)
        with metadata.locked():
            metadata.refresh(oldest)
            return self.current(source, metadata.snapshot()[:32], lambda: _items(metadata))

    def root(self, source):
        return self._metadata(source).root

    def _metadata(self, source):
        return Metadata(self.directory, source, self._defaults)

    def compare(self, a, b):
        return rpm.labelCompare(_label(a), _label(b))


def _label(build):
    return str(build["epoch"]), build["version"], build["release"]


def _items(metadata):
    """(name, record) of every package that can be installed."""
    conf = metadata.configuration()
    with filled(conf, [metadata.opened(conf)]) as base:
        for package in base.sack.query().filterm(arch__neq=["src", "nosrc"]):
            if NAME.match(package.name) and VERSION.match(package.version) and VERSION.match(package.release):
                yield package.name, _record(package)


def _record(package):
    return {
        "summary": _text(package.summary),
        "description": _text(package.description),
        "homepage": _text(package.url),
        "builds": [
            {
                "epoch": package.epoch,
                "version": package.version,
                "release": package.release,
                "architecture": package.arch,
                "time": package.buildtime,
                "license": _text(package.license),
            }
        ],
    }


def _text(value):
    return (value or "")[:LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8").strip()
