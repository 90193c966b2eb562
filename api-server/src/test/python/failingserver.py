"""A web server on loopback that fails to order: the first part of a path says how.

  /slow/...       a byte now and then           /stalled/...    half of the content, and silence
  /silent/...     no answer at all              /truncated/...  half of the content, and good-bye
  /redirects/...  from one address to the next  /circle/...     to the same address
  /endless/...    the content and more, without end, of any file
  /garbage/...    another text                  /error/...      status 500
  /moved/...      one redirection, to where the content is
  /login/...      the content for user "me" with password "secret"

Anything else is served as it is. What files contain is up to the test. It is a proxy, too: of an address of any
other server it serves the path.
"""

import base64
import http.server
import os
import re
import ssl
import subprocess
import threading


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        if self.server.silent.is_set():
            self.server.asked.set()
            self.server.ended.wait(15)
            self.close_connection = True
            return
        if self.path.startswith("http://"):
            self.server.proxied.append(self.path)
            self.path = re.sub(r"\Ahttp://[^/]*", "", self.path)
        mode, _, rest = self.path.lstrip("/").partition("/")
        answer = getattr(self, "answer_" + mode, None)
        if answer is None:
            super().do_GET()
            return
        self.path = "/" + rest
        try:
            answer()
        except OSError:
            self.close_connection = True

    def content(self):
        path = self.translate_path(self.path)
        if not os.path.isfile(path):
            return None
        with open(path, "rb") as file:
            return file.read()

    def head(self, content, length=None):
        """False, and a complete answer, when there is no such file."""
        if content is None:
            self.send_error(404)
            return False
        self.send_response(200)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        return True

    def answer_slow(self):
        content = self.content()
        if self.head(content, content and len(content)):
            for byte in content:
                self.wfile.write(bytes([byte]))
                if self.server.ended.wait(0.05):
                    return

    def answer_stalled(self):
        content = self.content()
        if self.head(content, content and len(content)):
            self.wfile.write(content[: len(content) // 2])
            self.server.ended.wait()

    def answer_silent(self):
        self.server.ended.wait()

    def answer_truncated(self):
        content = self.content()
        if self.head(content, content and len(content)):
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True

    def redirect(self, where):
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer_redirects(self):
        self.redirect("/redirects/x" + self.path)

    def answer_circle(self):
        self.redirect("/circle" + self.path)

    def answer_moved(self):
        self.redirect(self.path)

    def answer_endless(self):
        content = self.content()
        if self.head(content):
            self.wfile.write(content)
            while not self.server.ended.is_set():
                self.wfile.write(b"\n" * (1 << 16))

    def answer_login(self):
        if self.headers.get("Authorization") == "Basic " + base64.b64encode(b"me:secret").decode("ascii"):
            super().do_GET()
        else:
            self.send_error(401)

    def answer_garbage(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Log in, please</html>")
        self.close_connection = True

    def answer_error(self):
        self.send_error(500)


class Server(http.server.ThreadingHTTPServer):
    """Serves a directory; with a context over TLS."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, directory, context=None):
        super().__init__(("127.0.0.1", 0), lambda *a: Handler(*a, directory=directory))
        self.ended = threading.Event()
        # From now on nobody gets an answer; somebody has asked since.
        self.silent = threading.Event()
        self.asked = threading.Event()
        # Addresses that were asked for as of a proxy.
        self.proxied = []
        self.scheme = "https" if context else "http"
        if context:
            # The handshake belongs to the thread of its connection.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Clients that give up are what this server is for."""

    def url(self, path):
        return "%s://localhost:%d/%s" % (self.scheme, self.server_port, path)

    def close(self):
        self.ended.set()
        self.shutdown()
        self.server_close()


class Authority:
    """A certificate authority with certificates for localhost and for a client."""

    def __init__(self, directory):
        self.directory = directory
        self._openssl("req", "-x509", "-subj", "/CN=Test", "-keyout", "ca.key", "-out", "ca.pem")
        for name, subject in (("server", "/CN=localhost"), ("client", "/CN=client")):
            more = ["-addext", "subjectAltName=DNS:localhost"]
            signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", name + ".key", "-out", name + ".pem"]
            self._openssl("req", "-x509", "-subj", subject, *more, *signed)

    def _openssl(self, command, *arguments):
        options = ["-newkey", "rsa:2048", "-noenc", "-days", "2"]
        subprocess.run(
            ["/usr/bin/openssl", command, *options, *arguments], cwd=self.directory, check=True, capture_output=True
        )

    def path(self, name):
        return os.path.join(self.directory, name)

    def context(self, client=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path("server.pem"), self.path("server.key"))
        if client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path("ca.pem"))
        return context
