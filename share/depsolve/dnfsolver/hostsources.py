"""The sources an administrator configured: /etc/yum.repos.d, with [main] of /etc/dnf/dnf.conf.

Format: dnf.conf(5), "Repo options". Read with Python's own parser, which refuses what is doubtful: a
section or key that occurs twice, a line that is neither. A file it refuses is left out and named.
"""

import configparser
import os
import re
import sys

from dnfsolver.source import KINDS, Source
from shared.protocol import one_line

ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}\Z")
# An address: no blanks, quotes or control characters.
ADDRESS = re.compile(r"(https?|file|ftp)://[!#-&(-;=?-Z_a-z~\[\]-]*\Z")
WORDS = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}
# Options that decide between repositories, and the values they have.
OPTIONS = {"priority": int, "cost": int, "module_hotfixes": bool}


def read(variables, etc="/etc"):
    """Every enabled source, in dnf's order: files by name, sections as they stand."""
    main = _main(os.path.join(etc, "dnf/dnf.conf"))
    directory = os.path.join(etc, "yum.repos.d")
    names = sorted(os.listdir(directory)) if os.path.isdir(directory) else []
    found = {}
    for name in names:
        path = os.path.join(directory, name)
        if name.endswith(".repo"):
            for identity, section in _sections(path):
                try:
                    source = _source(identity, {**main, **section}, variables)
                    if source and found.setdefault(identity, source) is not source:
                        raise ValueError("another file has a repository of this name")
                except ValueError as error:
                    _left_out("repository %s in %s" % (ascii(identity), path), error)
    return list(found.values())


def _left_out(what, error):
    print("%s is not used: %s" % (what, one_line(str(error))), file=sys.stderr)


def _main(path):
    """What [main] says for all repositories."""
    inherited = ("gpgcheck", "repo_gpgcheck", "proxy", "sslverify", "sslcacert", "sslclientcert", "sslclientkey")
    for identity, section in _sections(path):
        if identity == "main":
            return {key: section[key] for key in inherited if key in section}
    return {}


def _sections(path):
    parser = configparser.ConfigParser(interpolation=None, strict=True, default_section=" ")
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        _left_out(path, error)
        return []
    return [(identity, dict(parser[identity])) for identity in parser.sections()]


def _source(identity, section, variables):
    """None for a repository that is switched off."""
    identity = variables.expanded(identity)
    if not _flag(section, "enabled", True):
        return None
    if not ID.match(identity):
        raise ValueError("its name has a character that is not allowed")
    kind = next((kind for kind, key in KINDS.items() if section.get(key)), None)
    if kind is None:
        raise ValueError("it has neither baseurl, metalink nor mirrorlist")
    paths = {key: section.get(key, "") for key in ("sslcacert", "sslclientcert", "sslclientkey")}
    for key, path in paths.items():
        if path and not re.match(r"/[!-~]*\Z", path):
            raise ValueError("%s must be an absolute path" % key)
    proxy = section.get("proxy", "")
    return Source(
        id=identity,
        type=kind,
        urls=_addresses(section, KINDS[kind], variables),
        name=_printable(variables.expanded(section.get("name", identity))),
        check_gpg=_flag(section, "gpgcheck", False),
        check_repo_gpg=_flag(section, "repo_gpgcheck", False),
        check_tls=_flag(section, "sslverify", None),
        proxy="" if proxy == "_none_" else _address("proxy", proxy) if proxy else "",
        key_urls=_addresses(section, "gpgkey", variables),
        ca_certificate=paths["sslcacert"],
        client_certificate=paths["sslclientcert"],
        client_key=paths["sslclientkey"],
        excludes=_list(section.get("excludepkgs", section.get("exclude", ""))),
        includes=_list(section.get("includepkgs", "")),
        options=tuple((key, _option(section, key)) for key in OPTIONS if key in section),
        host=True,
    )


def _flag(section, key, standard):
    value = section.get(key, "").strip().lower()
    if value and value not in WORDS:
        raise ValueError("%s must be 0 or 1" % key)
    return WORDS.get(value, standard)


def _option(section, key):
    return _flag(section, key, False) if OPTIONS[key] is bool else int(section[key])


def _list(text):
    return tuple(item for item in re.split(r"[\s,]+", text) if item)


def _addresses(section, key, variables):
    return tuple(_address(key, variables.expanded(item)) for item in _list(section.get(key, "")))


def _address(key, text):
    if not ADDRESS.match(text):
        raise ValueError("%s must be an http, https, ftp or file address" % key)
    return text


def _printable(text):
    return "".join(c for c in text if c.isprintable())[:256]
