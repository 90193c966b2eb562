"""What repositories share: variables and servers, and dnf without anything of the host."""

import contextlib
import dataclasses
import os
import re

import dnf
import dnf.lock
import dnf.yum.misc
import hawkey
import libdnf.conf

from shared.protocol import Failure

# Seconds; dnf gives up a server that is slower than the least bytes per second for so long.
TIMEOUT = 20
LEAST_RATE = 1000
VARIABLE = re.compile(r"[A-Za-z0-9._:+~-]{1,64}\Z")

# dnf puts caches and locks of whoever is not root below /var/tmp; every directory it gets is ours.
dnf.lock._fit_lock_dir = lambda path: path
dnf.yum.misc.getCacheDir = lambda *ignored: "/nonexistent"


class Variables:
    """What stands for $releasever and the like in addresses."""

    def __init__(self, values):
        self.values = values

    def expanded(self, text):
        return libdnf.conf.ConfigParser.substitute(text, self.values)


def variables(releasever, etc="/etc"):
    """releasever, the architecture, and the files of the host that define more; dnf.conf(5), VARIABLES."""
    values = {}
    for name in ("yum/vars", "dnf/vars"):
        path = os.path.join(etc, name)
        for variable in sorted(os.listdir(path)) if os.path.isdir(path) else ():
            with open(os.path.join(path, variable), encoding="utf-8", errors="replace") as file:
                value = file.readline(128).strip()
            if re.match(r"[A-Za-z0-9_]+\Z", variable) and VARIABLE.match(value):
                values[variable] = value
    arch = hawkey.detect_arch()
    values.update({"arch": arch, "basearch": dnf.rpm.basearch(arch)})
    if releasever:
        if not VARIABLE.match(releasever):
            raise Failure("BAD_REQUEST", "releasever has a character that is not allowed")
        values["releasever"] = releasever
    return Variables(values)


@dataclasses.dataclass(frozen=True)
class Defaults:
    """For all solutions; and for all servers, where a source or the host says nothing else."""

    variables: Variables
    # The platform that module streams are for, platform:el9.
    platform: str = ""
    proxy: str = ""
    check_tls: bool = True
    # Whether packages come along that others recommend, and globs of packages nobody gets.
    weak_dependencies: bool = False
    excludes: tuple = ()


def configuration(root, defaults):
    """dnf's configuration with nothing of the host: every file and directory is below root."""
    conf = dnf.conf.Conf()
    for name in ("installroot", "persist", "log", "solv"):
        os.makedirs(os.path.join(root, name), mode=0o700, exist_ok=True)
    # Of the host they are of no use, and what is installed there must not matter.
    conf.installroot = os.path.join(root, "installroot")
    conf.persistdir = os.path.join(root, "persist")
    conf.logdir = os.path.join(root, "log")
    conf.cachedir = os.path.join(root, "solv")
    conf.reposdir = []
    conf.varsdir = []
    conf.plugins = False
    conf.pluginpath = []
    conf.pluginconfpath = []
    conf.substitutions.clear()
    conf.substitutions.update(defaults.variables.values)
    conf.substitutions.setdefault("releasever", "0")
    if defaults.platform:
        conf.module_platform_id = defaults.platform
    conf.timeout = TIMEOUT
    conf.minrate = LEAST_RATE
    conf.retries = 2
    conf.sslverify = defaults.check_tls
    conf.zchunk = False
    conf.install_weak_deps = defaults.weak_dependencies
    if defaults.proxy:
        conf.proxy = defaults.proxy
    return conf


@contextlib.contextmanager
def filled(conf, repositories):
    """A dnf.Base with the packages of the repositories, and of nothing else."""
    base = dnf.Base(conf)
    try:
        for repository in repositories:
            base.repos.add(repository)
        try:
            base.fill_sack(load_system_repo=False)
        except dnf.exceptions.RepoError as error:
            identity = next((r.id for r in repositories if "'%s'" % r.id in str(error)), "")
            raise Failure("BAD_CHECKSUM", "The metadata of source %s cannot be used: %s" % (identity, error), identity)
        yield base
    finally:
        base.close()
