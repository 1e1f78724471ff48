from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.errors import SendFailed
from resh.web.addresses import Addresses
from resh.web.client import Client
from resh.web.request import Answer, Request, parse_url
from tests.certificates import Certificate
from tests.web_server import Told, WebServer


@pytest.fixture
def encrypted(certificate: Certificate) -> Iterator[WebServer]:
    server = WebServer(certificate.server_context())
    yield server
    server.close()


def send(url: str, addresses: Addresses | None = None, **options: Any) -> Answer:
    with Client(addresses or Addresses(), Cancel(), retries=0, timeout=5, **options) as client:
        return client.send(Request("GET", parse_url(url, "https")))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_trusted_certificate(encrypted: WebServer, trusted: Certificate, host: str) -> None:
    assert send(f"{host}:{encrypted.port}").status == 200
    assert encrypted.asked[0].headers["Host"] == f"{host}:{encrypted.port}"


def test_a_certificate_that_nobody_vouches_for(encrypted: WebServer) -> None:
    with pytest.raises(SendFailed, match="certificate is not trusted") as caught:
        send(encrypted.url)
    assert not caught.value.again
    assert encrypted.asked == []


def test_the_certificate_must_be_for_the_name_that_was_asked_for(encrypted: WebServer, trusted: Certificate) -> None:
    elsewhere = Addresses(resolve=lambda host, port: [(0, 0, 0, "", ("127.0.0.1", port))])
    with pytest.raises(SendFailed, match="certificate is not trusted"):
        send(f"https://inventory.test:{encrypted.port}", elsewhere)
    assert encrypted.asked == []


def test_without_looking(encrypted: WebServer) -> None:
    assert send(encrypted.url, verify=False).status == 200


def test_encryption_does_not_end_on_the_way(encrypted: WebServer, trusted: Certificate) -> None:
    encrypted.answers = [Told(307, {"Location": "http://127.0.0.1:1/"})]
    with pytest.raises(SendFailed, match="which is not encrypted"):
        send(encrypted.url)


def test_what_is_no_http_is_told_as_that() -> None:
    class Garbage(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(b"220 mail.example.org ready\r\n\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Garbage)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with pytest.raises(SendFailed, match="is no HTTP"):
        send(f"http://127.0.0.1:{server.server_address[1]}/")
    server.shutdown()
    server.server_close()
