"""What every adapter does before it works: its options, its limits, its environment."""

import argparse
import os
import re
import resource

from shared.protocol import Channel

# Bytes. Debian's whole archive takes a tenth of either; a hostile one gets no more.
MOST_MEMORY = 1 << 30
LONGEST_FILE = 512 << 20
NAME_GLOB = re.compile(r"[A-Za-z0-9*][A-Za-z0-9+._*-]{0,127}\Z")


def parser(name, description):
    """A parser and its commands `sources` and `serve`, to which more options can be added."""
    options = argparse.ArgumentParser(prog=name, description=description)
    commands = options.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("sources")
    serving = commands.add_parser("serve")
    serving.add_argument("--cache", required=True)
    serving.add_argument("--proxy", default="")
    serving.add_argument("--no-tls-check", action="store_true")
    serving.add_argument("--weak-dependencies", action="store_true")
    serving.add_argument("--exclude", action="append", default=[], type=_name_glob)
    return options, commands, reading, serving


def _name_glob(text):
    if not NAME_GLOB.match(text):
        raise ValueError("not a package name or glob")
    return text


def begin():
    """An environment that does not depend on who started the program; the channel to the caller."""
    # Causes are told apart by the package manager's words.
    os.environ["LC_ALL"] = "C.UTF-8"
    os.environ.pop("LANGUAGE", None)
    os.umask(0o077)
    return Channel.take_over_stdio()


def limit_resources():
    """For this process and the ones that fetch for it."""
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_FSIZE, LONGEST_FILE)):
        hard = resource.getrlimit(kind)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (limit, limit))
