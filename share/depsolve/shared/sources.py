"""The sources a request names."""

from shared.protocol import Failure, field


def resolved(items, host_sources, of_user):
    """The sources of a request: the host's by their ids, others as described.

    host_sources() reads the host's configuration, of_user(item) checks a description.
    """
    sources = []
    of_host = None
    for item in items:
        if not isinstance(item, dict):
            raise Failure("BAD_REQUEST", "a source is not an object")
        if field(item, "host", bool, False):
            identity = field(item, "id", str)
            of_host = of_host if of_host is not None else {s.id: s for s in host_sources()}
            if identity not in of_host:
                raise Failure(
                    "SOURCE_UNREACHABLE", "source %s is not configured on this host" % ascii(identity)
                )
            sources.append(of_host[identity])
        else:
            sources.append(of_user(item))
    if not sources:
        raise Failure("BAD_REQUEST", "no sources are given")
    if len({s.id for s in sources}) != len(sources):
        raise Failure("BAD_REQUEST", "two sources have the same id")
    return tuple(sources)
