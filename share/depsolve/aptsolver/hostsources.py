"""The sources an administrator configured: /etc/apt/sources.list and /etc/apt/sources.list.d.

Formats: sources.list(5), one-line style (*.list) and deb822 style (*.sources).
"""

import functools
import os
import re
import subprocess
import sys

import apt_pkg

from aptsolver.source import Source, public
from shared.checks import KEY_BEGIN

# apt ignores other file names in sources.list.d.
FILE_NAME = re.compile(r"[A-Za-z0-9_.-]+\.(list|sources)\Z")
# Of option names in one-line format.
SUFFIXES = {"": "", "+": "-add", "-": "-remove"}
# Options that change how apt reads the metadata of a stanza; one-line name -> deb822 name.
OPTIONS = {
    "trusted": "Trusted",
    "check-valid-until": "Check-Valid-Until",
    "valid-until-min": "Valid-Until-Min",
    "valid-until-max": "Valid-Until-Max",
    "check-date": "Check-Date",
    "date-max-future": "Date-Max-Future",
    "by-hash": "By-Hash",
    "inrelease-path": "InRelease-Path",
    "pdiffs": "PDiffs",
}


def read(etc="/etc/apt", architecture=None):
    """Every enabled source of binary packages for the architecture, in apt's order."""
    architecture = architecture or native_architecture()
    found = []
    for path in _files(etc):
        base = re.sub(r"\.(list|sources)\Z", "", os.path.basename(path))
        parse = _one_line if path.endswith(".list") else _deb822
        # Disabled stanzas count too: switching one off must not rename the others.
        for number, stanza in enumerate(parse(path), 1):
            identity = base if number == 1 else "%s-%d" % (base, number)
            if stanza and stanza.get("uris", "").startswith("cdrom:"):
                print("The source %s is on a disc and not used" % identity, file=sys.stderr)
            elif stanza and _for_architecture(stanza, architecture):
                found.append(_source(identity, stanza, architecture))
    return found


@functools.cache
def native_architecture():
    """Debian's name of this machine's architecture, from dpkg."""
    answer = subprocess.run(
        ["/usr/bin/dpkg", "--print-architecture"], stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    return answer.stdout.decode("ascii").strip()


def _files(etc):
    main = os.path.join(etc, "sources.list")
    parts = os.path.join(etc, "sources.list.d")
    names = sorted(n for n in (os.listdir(parts) if os.path.isdir(parts) else []) if FILE_NAME.match(n))
    return [p for p in [main] + [os.path.join(parts, n) for n in names] if os.path.isfile(p)]


def _deb822(path):
    with open(path, "rb") as file:
        for section in apt_pkg.TagFile(file):
            stanza = {key.lower(): section[key] for key in section.keys()}
            if "deb" in stanza.get("types", "").split():
                enabled = stanza.get("enabled", "yes").strip().lower() not in ("no", "false", "0", "off")
                yield stanza if enabled else None


def _one_line(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            line = line.split("#", 1)[0].strip()
            match = re.match(r"deb\s+(?:\[([^]]*)\]\s*)?(\S+)\s+(\S+)\s*(.*)\Z", line)
            if match:
                yield _from_line(*match.groups())


def _from_line(options, url, suite, components):
    stanza = {"uris": url, "suites": suite, "components": components}
    for option in (options or "").split():
        key, _, value = option.partition("=")
        key = re.sub(r"\Aarch([+-]?)\Z", lambda m: "architectures" + SUFFIXES[m[1]], key)
        stanza[key] = " ".join(filter(None, [stanza.get(key), value.replace(",", " ")]))
    return stanza


def _for_architecture(stanza, architecture):
    wanted = stanza.get("architectures", "").split()
    if architecture in stanza.get("architectures-remove", "").split():
        return False
    return not wanted or architecture in wanted + stanza.get("architectures-add", "").split()


def _source(identity, stanza, architecture):
    substitute = lambda text: text.replace("$(ARCH)", architecture)  # sources.list(5)
    signed_by = stanza.get("signed-by", "").strip()
    inline = KEY_BEGIN in signed_by
    options = tuple((OPTIONS[k], " ".join(stanza[k].split())) for k in OPTIONS if k in stanza)
    urls = tuple(stanza.get("uris", "").split())
    suites = tuple(substitute(s) for s in stanza.get("suites", "").split())
    components = tuple(stanza.get("components", "").split())
    return Source(
        id=identity,
        name=stanza.get("x-repolib-name", " ".join((public(urls[0]) if urls else "",) + suites + components)),
        urls=urls or ("",),
        suites=suites,
        components=components,
        check_gpg=dict(options).get("Trusted", "no").lower() not in ("yes", "true", "1", "on"),
        public_keys=(_unfolded(signed_by),) if inline else (),
        keyrings=() if inline else tuple(re.split(r"[\s,]+", signed_by)) if signed_by else (),
        options=options,
        host=True,
    )


def _unfolded(text):
    """Continuation lines of deb822: a blank in front, '.' for an empty line."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return "\n".join("" if line == "." else line for line in lines) + "\n"
