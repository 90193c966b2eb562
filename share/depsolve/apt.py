#!/usr/bin/python3 -IB
"""Package metadata of Debian-like hosts: sources, depsolving and verified downloads through libapt.

  apt.py sources                        the host's own sources, as one JSON list
  apt.py serve --cache DIR [--proxy URL] [--no-tls-check]
                                        one JSON request per line in, one JSON answer per line out
  apt.py fetch --cache DIR --out DIR    one JSON document in, JSON lines of progress and one result

Needs no privileges and changes nothing outside DIR: the state, cache and configuration directories of
apt are private ones below DIR. Of the host only the proxies, keys and sources are used.
"""

import argparse
import os
import resource
import sys

sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from aptsolver import area, fetch, hostsources, protocol, serve


# Bytes. Debian's whole archive takes a tenth of either; a hostile one gets no more.
MOST_MEMORY = 1 << 30
LONGEST_FILE = 512 << 20


def limit_resources():
    """For this process and the ones that fetch for it."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LONGEST_FILE, LONGEST_FILE))


def main():
    parser = argparse.ArgumentParser(prog="apt.py", description="Package metadata through libapt")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("sources")
    serving = commands.add_parser("serve")
    serving.add_argument("--cache", required=True)
    serving.add_argument("--proxy", default="")
    serving.add_argument("--no-tls-check", action="store_true")
    fetching = commands.add_parser("fetch")
    fetching.add_argument("--cache", required=True)
    fetching.add_argument("--out", required=True)
    arguments = parser.parse_args()

    # Causes are told apart by libapt's words.
    os.environ["LC_ALL"] = "C.UTF-8"
    os.environ.pop("LANGUAGE", None)
    os.umask(0o077)
    channel = protocol.Channel.take_over_stdio()
    if arguments.command == "sources":
        channel.send([source.described() for source in hostsources.read()])
        return 0
    if arguments.command == "serve":
        limit_resources()
        area.server_defaults(arguments.proxy, not arguments.no_tls_check)
        return serve.run(channel, arguments.cache, arguments.proxy)
    return fetch.run(channel, arguments.cache, arguments.out)


if __name__ == "__main__":
    sys.exit(main())
