"""Serves the metrics over HTTP, for Prometheus and whatever else scrapes: `GET /metrics`.

    exporter = Exporter(Listen.parse("127.0.0.1:9955", token=""), text)
    exporter.start()
    exporter.address        # ('127.0.0.1', 9955)
    exporter.stop()

Who listens beyond this machine must ask for a token: an inventory is no public matter.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import monotonic
from typing import Any

from resh.errors import BadValue, ReshError

PATH = "/metrics"
_HOST = "127.0.0.1"
_SECONDS = 10
"""How long a client may take for its request."""

Text = Callable[[str], tuple[bytes, str]]
"""What is served to who accepts this: the body and its content type."""


@dataclass(frozen=True, slots=True)
class Listen:
    host: str
    port: int
    token: str = ""
    certificate: str = ""
    key: str = ""

    @classmethod
    def parse(cls, text: str, token: str = "", certificate: str = "", key: str = "") -> Listen:
        """`host:port`, or a port of this machine alone."""
        host, _, port = text.strip().rpartition(":")
        host = host.strip("[]") or _HOST
        if not port.isdigit() or int(port) > 65535:
            raise BadValue(f"metrics.listen: '{text}' is no address to listen on", "write host:port, such as 127.0.0.1:9955")
        if not token and not _is_loopback(host):
            raise BadValue(
                f"metrics.listen: {host} is open to others, and nothing asks who they are", "set metrics.token, or listen on 127.0.0.1"
            )
        return cls(host, int(port), token, certificate, key)


class Exporter:
    def __init__(self, listen: Listen, text: Text) -> None:
        """Raises ReshError where nobody can listen, or the certificate is none."""
        context = _tls(listen)
        try:
            self._server = _Server((listen.host, listen.port), listen.token, text)
        except OSError as error:
            where = f"{listen.host}:{listen.port}"
            raise ReshError(f"metrics: cannot listen on {where}: {error.strerror or error}", "choose another in metrics.listen") from None
        if context:  # the handshake is the client's own thread's business
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = Thread(target=self._server.serve_forever, name="metrics", daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


class Shared:
    """Makes a text for all who wait for it at the same time: nobody gets one that was begun before they asked."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._lock = Lock()
        self._last: tuple[str, float, tuple[bytes, str]] = ("", -1.0, (b"", ""))

    def __call__(self, accept: str) -> tuple[bytes, str]:
        asked = monotonic()
        with self._lock:
            wanted, begun, made = self._last
            if wanted != accept or begun < asked:
                begun = monotonic()
                made = self._text(accept)
                self._last = accept, begun, made
            return made


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024
    """Who comes while others are let in waits; with the usual five they would be sent away."""

    def __init__(self, address: tuple[str, int], token: str, text: Text) -> None:
        self.token, self.text = token.encode(), Shared(text)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or spoke no TLS, is nobody's problem here."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "resh", ""
    timeout = _SECONDS

    def do_GET(self) -> None:
        if not self._allowed():
            self._answer(401, b"a token is missing or wrong\n", {"WWW-Authenticate": "Bearer"})
        elif self.path.partition("?")[0] != PATH:
            self._answer(404, f"metrics are at {PATH}\n".encode())
        else:
            try:
                body, content_type = self.server.text(self.headers.get("Accept", ""))
            except ReshError as error:
                self._answer(503, f"{error.message}\n".encode())
            else:
                self._answer(200, body, {"Content-Type": content_type})

    def _allowed(self) -> bool:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        known = scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode("latin-1"), self.server.token)
        return not self.server.token or known

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Scrapes are no events."""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(listen: Listen) -> ssl.SSLContext | None:
    if not listen.certificate and not listen.key:
        return None
    if not listen.certificate or not listen.key:
        raise BadValue("metrics: a certificate and its key belong together", "set metrics.certificate and metrics.key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(listen.certificate, listen.key)
    except OSError as error:
        raise ReshError(f"metrics: {listen.certificate} and {listen.key}: {error.strerror or error}", "name files in PEM format") from None
    return context
