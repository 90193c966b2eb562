#!/usr/bin/python3 -IB
"""Package metadata of Debian-like hosts: sources, depsolving and verified downloads through libapt.

  apt.py sources                        the host's own sources, as one JSON list
  apt.py serve --cache DIR [--proxy URL] [--no-tls-check] [--weak-dependencies] [--exclude GLOB]...
                                        one JSON request per line in, one JSON answer per line out
  apt.py fetch --cache DIR --out DIR    one JSON document in, JSON lines of progress and one result

Needs no privileges and changes nothing outside DIR: the state, cache and configuration directories of
apt are private ones below DIR. Of the host only the proxies, keys and sources are used.
"""

import os
import sys

sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from aptsolver import configuration, fetch, hostsources, serve
from shared import program


def main():
    parser, commands, _, _ = program.parser("apt.py", "Package metadata through libapt")
    fetching = commands.add_parser("fetch")
    fetching.add_argument("--cache", required=True)
    fetching.add_argument("--out", required=True)
    arguments = parser.parse_args()
    channel = program.begin()
    if arguments.command == "sources":
        channel.send([source.described() for source in hostsources.read()])
        return 0
    if arguments.command == "serve":
        program.limit_resources()
        configuration.server_defaults(arguments.proxy, not arguments.no_tls_check)
        configuration.install_recommends(arguments.weak_dependencies)
        return serve.Service(arguments.cache, arguments.proxy, tuple(arguments.exclude)).run(channel)
    return fetch.run(channel, arguments.cache, arguments.out)


if __name__ == "__main__":
    sys.exit(main())
