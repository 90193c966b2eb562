"""Checks of what describes a source. Every value comes from a user and ends in a configuration."""

import re
import urllib.parse

from shared.protocol import Failure, field

ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}\Z")
URL = re.compile(r"https?://[!#-&(-;=?-Z_a-z~\[\]-]+\Z")
# Where an archive of a package is, below the address of its source.
LOCATION = re.compile(r"(\./)?(?!.*(^|/)\.\.(/|\Z))[A-Za-z0-9][A-Za-z0-9+./~^_:%=,@-]{0,1023}\Z")
KEY_BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
KEY_END = "-----END PGP PUBLIC KEY BLOCK-----"


def source_id(request):
    """The id of the source that a request describes."""
    identity = field(request, "id", str)
    if not ID.match(identity):
        raise Failure("BAD_REQUEST", "a source has an invalid id")
    return identity


def web_address(identity, what, text):
    """An address without anything that a configuration file could read as something else."""
    parts = urllib.parse.urlsplit(text) if URL.match(text) else None
    if parts is None or not parts.hostname or parts.username is not None or parts.fragment:
        raise Failure(
            "BAD_REQUEST",
            "source %s: its %s must be an http or https address without user, quotes or blanks"
            % (identity, what),
            identity,
        )
    return text


def armoured_key(identity, text):
    """The key as it is written to a file; a Failure when it is something else."""
    lines = text.strip().splitlines()
    printable = all(line.isascii() and (line.isprintable() or not line) for line in lines)
    if not lines or lines[0] != KEY_BEGIN or lines[-1] != KEY_END or not printable:
        raise Failure(
            "BAD_REQUEST", "source %s: a key is not an armoured OpenPGP public key" % identity, identity
        )
    return "\n".join(lines) + "\n"
