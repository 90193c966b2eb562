"""One source of packages, and its checks."""

import dataclasses
import re
import urllib.parse

from shared.checks import armoured_key, source_id, web_address
from shared.protocol import Failure, field, texts

# No option syntax of sources.list, no blanks, no quotes.
SUITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9+./~_:-]{0,127}\Z|(\./|/)\Z")
COMPONENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9+./~_-]{0,127}\Z")


@dataclasses.dataclass(frozen=True)
class Source:
    """A stanza of sources.list. Equal sources have equal metadata."""

    id: str
    urls: tuple
    suites: tuple
    components: tuple
    check_gpg: bool = True
    check_tls: bool = True
    proxy: str = ""
    # Armoured keys; with none, keyring files; with none of these, the keys the host trusts.
    public_keys: tuple = ()
    keyrings: tuple = ()
    # Further options of the host's stanza that apt must see: (name, value).
    options: tuple = ()
    host: bool = False
    name: str = ""

    def described(self):
        return {
            "id": self.id,
            "type": "apt",
            "name": self.name,
            "url": public(self.urls[0]),
            "urls": [public(url) for url in self.urls],
            "suites": list(self.suites),
            "components": list(self.components),
            "check_gpg": self.check_gpg,
            "check_tls": self.check_tls,
            "public_keys": list(self.public_keys),
            "keyrings": list(self.keyrings),
        }

    def flat(self):
        return not self.components

    def servers(self):
        """Host names, for the options that apt keeps per server."""
        return {urllib.parse.urlsplit(url).hostname or "" for url in self.urls}


def public(url):
    """An address as others may see it: without user name and password."""
    return re.sub(r"\A([a-z0-9+.-]+://)[^/]*@", r"\1", url, flags=re.I)


def of_user(request):
    """A source as a request describes it. Every value is checked: it comes from a user."""
    identity = source_id(request)
    url = web_address(identity, "url", field(request, "url", str))
    proxy = field(request, "proxy", str, "")
    source = Source(
        id=identity,
        urls=(url,),
        suites=_matching(identity, "suite", SUITE, texts(request, "suites")),
        components=_matching(identity, "component", COMPONENT, texts(request, "components", [])),
        check_gpg=field(request, "check_gpg", bool, True),
        check_tls=field(request, "check_tls", bool, True),
        proxy=web_address(identity, "proxy", proxy) if proxy else "",
        public_keys=tuple(armoured_key(identity, key) for key in texts(request, "public_keys", [])),
    )
    if not source.suites or any(s.endswith("/") != source.flat() for s in source.suites):
        raise Failure(
            "BAD_REQUEST",
            "source %s: name suites and components, or one suite that ends with '/' and no components"
            % identity,
            identity,
        )
    return source


def _matching(identity, what, pattern, values):
    for value in values:
        if not pattern.match(value) or ".." in value:
            raise Failure("BAD_REQUEST", "source %s has an invalid %s" % (identity, what), identity)
    return tuple(values)
