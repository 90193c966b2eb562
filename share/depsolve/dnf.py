#!/usr/bin/python3 -IB
"""Package metadata of RPM systems: sources, depsolving and downloads through dnf 4.

  dnf.py sources [--releasever STR]     the host's own sources, as one JSON list
  dnf.py serve --cache DIR [--releasever STR] [--platform ID] [--proxy URL] [--no-tls-check]
                                        one JSON request per line in, one JSON answer per line out
  dnf.py fetch --cache DIR --out DIR [--releasever STR]
                                        one JSON document in, JSON lines of progress and one result
  dnf.py keys [--releasever STR]        as fetch, for the keys of the host's own sources

Needs no privileges and changes nothing outside DIR. Of the host only the sources in /etc/yum.repos.d,
their keys and variables are used, and only for sources of the host.
"""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
# This file has the name of the module it needs.
sys.path[:] = [path for path in sys.path if os.path.realpath(path) != HERE] + [HERE]

from dnfsolver import area, fetch, hostsources, serve
from shared import program


def main():
    parser, commands, reading, serving = program.parser("dnf.py", "Package metadata through dnf")
    fetching = commands.add_parser("fetch")
    fetching.add_argument("--cache", required=True)
    fetching.add_argument("--out", required=True)
    for command in (reading, serving, fetching, commands.add_parser("keys")):
        command.add_argument("--releasever", default="")
    serving.add_argument("--platform", default="")
    arguments = parser.parse_args()
    channel = program.begin()
    variables = area.variables(arguments.releasever)
    if arguments.command == "sources":
        channel.send([source.described() for source in hostsources.read(variables)])
        return 0
    if arguments.command == "fetch":
        return fetch.run(channel, variables, arguments.cache, arguments.out)
    if arguments.command == "keys":
        return fetch.host_keys(channel, variables)
    program.limit_resources()
    defaults = area.Defaults(
        variables,
        arguments.platform,
        arguments.proxy,
        not arguments.no_tls_check,
        arguments.weak_dependencies,
        tuple(arguments.exclude),
    )
    return serve.Service(arguments.cache, defaults).run(channel)


if __name__ == "__main__":
    sys.exit(main())
