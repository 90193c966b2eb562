"""The configuration of libapt: the host's, without what is for the host alone, and what is the same in every area."""

import apt_pkg

from shared.protocol import Failure

# The host's hooks are for the host; they would run as this process.
HOOKS = (
    "APT::Update::Pre-Invoke",
    "APT::Update::Post-Invoke",
    "APT::Update::Post-Invoke-Success",
    "DPkg::Pre-Invoke",
    "DPkg::Post-Invoke",
    "DPkg::Pre-Install-Pkgs",
    "APT::Default-Release",
    "APT::NeverAutoRemove",
    "APT::Architectures",
    "Acquire::IndexTargets::deb::DEP-11",
    "Acquire::IndexTargets::deb::Contents-deb",
)

_PRISTINE = []
_DEFAULTS = {}


def server_defaults(proxy="", check_tls=True):
    """For all servers, before what a source or the host's configuration says of one of them."""
    for scheme in ("http", "https") if proxy else ():
        _DEFAULTS["Acquire::%s::Proxy" % scheme] = proxy
    if not check_tls:
        _DEFAULTS["Acquire::https::Verify-Peer"] = "false"
        _DEFAULTS["Acquire::https::Verify-Host"] = "false"


def install_recommends(wanted):
    """Whether what is recommended comes along."""
    _DEFAULTS["APT::Install-Recommends"] = "true" if wanted else "false"


def begin():
    """What libapt needs before it compares versions."""
    of_host()
    apt_pkg.init_system()


def of_host():
    """libapt's configuration as the host has it, without its hooks and without what another area set."""
    config = apt_pkg.config
    if not _PRISTINE:
        apt_pkg.init_config()
        _PRISTINE.extend((key, config[key]) for key in config.keys() if not key.endswith("::"))
    else:
        for key in list(config.keys()):
            if key.startswith("Acquire::http"):
                config.clear(key)
        for key, value in _PRISTINE:
            config.set(key, value)
    for hook in HOOKS:
        config.clear(hook)
    return config


def of_servers(sources):
    """(name, value) of the defaults, then proxies and TLS checks, which apt keeps per server and not per source."""
    yield from _DEFAULTS.items()
    settings = {}
    for source in sources:
        for server in source.servers():
            wanted = (source.proxy, source.check_tls)
            other, theirs = settings.setdefault(server, (source, wanted))
            if theirs != wanted:
                raise Failure(
                    "SOURCE_UNREACHABLE",
                    "sources %s and %s use the same server with a different proxy or TLS check"
                    % (other.id, source.id),
                    source.id,
                )
    for server, (_, (proxy, check_tls)) in settings.items():
        if proxy:
            yield "Acquire::http::Proxy::" + server, proxy
            yield "Acquire::https::Proxy::" + server, proxy
        if not check_tls:
            yield "Acquire::https::%s::Verify-Peer" % server, "false"
            yield "Acquire::https::%s::Verify-Host" % server, "false"
