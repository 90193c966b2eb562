"""Keys that a source names by address."""

import re
import ssl
import urllib.error
import urllib.request

from shared.checks import KEY_BEGIN, KEY_END, armoured_key
from shared.protocol import Failure

LONGEST = 1 << 20
TIMEOUT = 20
BLOCK = re.compile(re.escape(KEY_BEGIN) + ".*?" + re.escape(KEY_END), re.S)


class _OnlyWeb(urllib.request.HTTPRedirectHandler):
    """Redirections stay with http and https."""

    max_redirections = 5

    def redirect_request(self, request, file, code, message, headers, address):
        if not address.lower().startswith(("http://", "https://")):
            raise urllib.error.URLError("it redirects to something else than http or https")
        return super().redirect_request(request, file, code, message, headers, address)


def fetched(source, urls, proxy=""):
    """Every armoured key behind the addresses; a Failure when one of them has none."""
    opener = _opener(source, source.proxy or proxy)
    keys = []
    for url in urls:
        found = BLOCK.findall(_text(opener, source, url).replace("\r\n", "\n"))
        if not found:
            raise Failure("BAD_SIGNATURE", _sentence(source, url, "there is no armoured OpenPGP key"), source.id)
        keys.extend(armoured_key(source.id, key) for key in found)
    return keys


def _opener(source, proxy):
    context = ssl.create_default_context()
    if not source.check_tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    proxies = {"http": proxy, "https": proxy} if proxy else None
    return urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=context), _OnlyWeb()
    )


def _text(opener, source, url):
    try:
        with opener.open(url, timeout=TIMEOUT) as answer:
            content = answer.read(LONGEST + 1)
    except (OSError, ValueError) as error:  # urllib's and http.client's errors are among them
        raise Failure("SOURCE_UNREACHABLE", _sentence(source, url, str(error)), source.id)
    if len(content) > LONGEST:
        raise Failure("BAD_SIGNATURE", _sentence(source, url, "it is longer than 1 MiB"), source.id)
    return content.decode("ascii", "replace")


def _sentence(source, url, why):
    return "The key %s of source %s cannot be used: %s" % (url, source.id, why)
