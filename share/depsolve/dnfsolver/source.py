"""One repository, and its checks."""

import dataclasses

import dnf

from shared.checks import armoured_key, source_id, web_address
from shared.protocol import Failure, field, texts

KINDS = {"yum-baseurl": "baseurl", "yum-metalink": "metalink", "yum-mirrorlist": "mirrorlist"}


@dataclasses.dataclass(frozen=True)
class Source:
    """A repository as dnf.conf(5) describes it. Equal sources have equal metadata."""

    id: str
    type: str
    urls: tuple
    name: str = ""
    # Of packages, which whoever fetches them checks; and of the metadata itself.
    check_gpg: bool = True
    check_repo_gpg: bool = False
    # None: as it is for all sources.
    check_tls: bool | None = True
    proxy: str = ""
    # Armoured keys; a source of the host has addresses of keys instead.
    public_keys: tuple = ()
    key_urls: tuple = ()
    # Files of certificates: of the server's authority, ours, and its key.
    ca_certificate: str = ""
    client_certificate: str = ""
    client_key: str = ""
    # Globs; and the options that decide between repositories: (name, value).
    excludes: tuple = ()
    includes: tuple = ()
    options: tuple = ()
    host: bool = False

    def described(self):
        return {
            "id": self.id,
            "type": self.type,
            "name": self.name,
            "url": self.urls[0],
            "urls": list(self.urls),
            "check_gpg": self.check_gpg,
            "check_tls": self.check_tls is not False,
            "key_urls": list(self.key_urls),
            "proxy": self.proxy,
            "ca_certificate": self.ca_certificate,
            "client_certificate": self.client_certificate,
            "client_key": self.client_key,
        }

    def repository(self, conf):
        """As dnf knows it; nothing of it is fetched yet."""
        repository = dnf.repo.Repo(self.id, conf)
        setattr(repository, KINDS[self.type], list(self.urls) if self.type == "yum-baseurl" else self.urls[0])
        repository.name = self.id
        repository.skip_if_unavailable = False
        repository.gpgcheck = self.check_gpg
        repository.repo_gpgcheck = self.check_repo_gpg
        if self.check_tls is not None:
            repository.sslverify = self.check_tls
        for name, value in (
            ("proxy", self.proxy),
            ("sslcacert", self.ca_certificate),
            ("sslclientcert", self.client_certificate),
            ("sslclientkey", self.client_key),
            ("excludepkgs", list(self.excludes)),
            ("includepkgs", list(self.includes)),
            *self.options,
        ):
            if value:
                setattr(repository, name, value)
        return repository


def of_user(request, variables):
    """A source as a request describes it. Every value is checked: it comes from a user."""
    identity = source_id(request)
    kind = field(request, "type", str)
    if kind not in KINDS:
        raise Failure("BAD_REQUEST", "source %s has an unknown type" % identity, identity)
    proxy = field(request, "proxy", str, "")
    return Source(
        id=identity,
        type=kind,
        urls=(web_address(identity, "url", variables.expanded(field(request, "url", str))),),
        check_gpg=field(request, "check_gpg", bool, True),
        check_repo_gpg=field(request, "check_repo_gpg", bool, False),
        check_tls=None if field(request, "check_tls", bool, True) else False,
        proxy=web_address(identity, "proxy", proxy) if proxy else "",
        public_keys=tuple(armoured_key(identity, key) for key in texts(request, "public_keys", [])),
    )
