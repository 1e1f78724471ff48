"""Calls over connections of our own, against a server that says exactly what a test wants it to say."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

import botocore.session
import pytest
from botocore import exceptions
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from resh.providers.aws.transport import Transport
from resh.providers.aws.transport import _terms as terms

BODY = b'{"Functions": [{"FunctionName": "f"}]}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nX-Two: a\r\nx-two: b\r\n\r\n%b" % (len(BODY), BODY)
HALVES = BODY[:10], BODY[10:]
CHUNKS = b"".join(b"%x;note=1\r\n%b\r\n" % (len(half), half) for half in HALVES) + b"0\r\nTrailer: t\r\n\r\n"


class Server:
    """Answers the requests that come, whatever the connection, in turn; None ends the connection without a word."""

    def __init__(self, *answers: bytes | None, tls: ssl.SSLContext | None = None) -> None:
        self._answers, self._tls = list(answers), tls
        self._line = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._line.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for line in (self._line, *self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._line.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line = self._line.accept()[0]
                self.connections += 1
                self._threads.append(threading.Thread(target=self._serve, args=(line,)))
                self._threads[-1].start()

    def _serve(self, line: socket.socket) -> None:
        with line, suppress(OSError), self._tls.wrap_socket(line, server_side=True) if self._tls else line as spoken:
            self._lines.append(spoken)
            while head := spoken.recv(65_536):
                self.requests.append(head)
                answer = self._answers.pop(0)
                spoken.sendall(answer or b"")
                if answer is None or is_last(answer):
                    spoken.shutdown(socket.SHUT_RDWR)


def is_last(answer: bytes) -> bool:
    """Whether the end of the connection is the end of the answer."""
    head = answer.lower().rpartition(b"\r\n\r\n")[0]
    return b"connection: close" in head or not (b"length: " in head or b"chunked" in head)


def client(url: str, transport: Transport, service: str = "lambda", **more: Any) -> Any:
    session = botocore.session.Session()
    session.set_credentials("AKIAEXAMPLE", "secret")
    config = Config(read_timeout=more.pop("read_timeout", 5), retries={"total_max_attempts": 1}, **more.pop("config", {}))
    made = session.create_client(service, region_name="eu-west-1", endpoint_url=url, config=config, **more)
    transport.carry(made)
    return made


@pytest.fixture
def transport() -> Transport:
    return Transport()


def names(answer: Any) -> list[str]:
    return [function["FunctionName"] for function in answer["Functions"]]


def test_a_connection_serves_many_calls_and_clients(transport: Transport) -> None:
    with Server(WHOLE, WHOLE, WHOLE) as server:
        one, other = client(server.url, transport), client(server.url, transport)
        answers = [one.list_functions(), one.list_functions(MaxItems=5), other.list_functions()]
        assert [names(answer) for answer in answers] == [["f"]] * 3
        assert server.connections == 1
        assert answers[0]["ResponseMetadata"]["HTTPHeaders"]["x-two"] == "a, b"
        head, _, rest = server.requests[1].partition(b"\r\n")
        assert head == b"GET /2015-03-31/functions?MaxItems=5 HTTP/1.1"
        assert b"\r\nAuthorization: AWS4-HMAC-SHA256 " in rest
        assert f"Host: {server.url.partition('//')[2]}\r\n".encode() in rest


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        b"HTTP/1.1 100 Continue\r\nX-Early: yes\r\n\r\n" + WHOLE,
        b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY),
        WHOLE.replace(b"X-Two: a", b"Connection: close"),
    ],
)
def test_bodies_end_in_many_ways(transport: Transport, answer: bytes) -> None:
    with Server(answer, WHOLE) as server:
        asking = client(server.url, transport)
        assert names(asking.list_functions()) == names(asking.list_functions()) == ["f"]


def test_an_answer_without_a_body(transport: Transport) -> None:
    with Server(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"HTTP/1.1 204 No Content\r\nX-Length: 0\r\n\r\n") as server:
        asking = client(server.url, transport, "s3", config={"s3": {"addressing_style": "path"}})
        assert asking.head_bucket(Bucket="logs")["ResponseMetadata"]["HTTPHeaders"]["content-length"] == "999"
        assert asking.delete_bucket(Bucket="logs")["ResponseMetadata"]["HTTPStatusCode"] == 204
        assert server.connections == 1


def test_what_is_sent_arrives(transport: Transport) -> None:
    with Server(WHOLE.replace(BODY, b"{}".ljust(len(BODY)))) as server:
        client(server.url, transport, "dynamodb").list_tables(Limit=7)
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
        assert (head.partition(b" ")[0], body, b"Content-Length: 12" in head) == (b"POST", b'{"Limit": 7}', True)


def test_a_connection_that_was_closed_over_there_is_not_used_again(transport: Transport) -> None:
    with Server(WHOLE) as first:
        client(first.url, transport).list_functions()
        port = int(first.url.rpartition(":")[2])
    assert [connection.is_alive for idle in transport._idle.values() for connection in idle] == [False]
    with pytest.raises(exceptions.EndpointConnectionError, match=f"127.0.0.1:{port}"):
        client(first.url, transport).list_functions()
    assert not any(transport._idle.values())


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"SSH-2.0-OpenSSH_9\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 fine\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 999\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: many\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS[:20],
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nX-Cut",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_whole_answer_is_an_error(transport: Transport, answer: bytes | None) -> None:
    with Server(answer) as server, pytest.raises(exceptions.ConnectionClosedError):
        client(server.url, transport).list_functions()
    assert not any(transport._idle.values())


def test_a_server_that_says_nothing(transport: Transport) -> None:
    with Server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") as server, pytest.raises(exceptions.ReadTimeoutError):
        client(server.url, transport, read_timeout=0.2).list_functions()


def test_hosts_that_are_not_there(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise TimeoutError("timed out")

    asking = client("http://127.0.0.1:1", transport)
    with pytest.raises(exceptions.EndpointConnectionError):
        asking.list_functions()
    with pytest.raises(exceptions.EndpointConnectionError) as unknown:
        client("http://no-such-host.invalid:1", transport).list_functions()
    assert isinstance(unknown.value.kwargs["error"], socket.gaierror)
    monkeypatch.setattr(socket, "create_connection", late)
    with pytest.raises(exceptions.ConnectTimeoutError):
        asking.list_functions()


def test_no_header_has_a_second_line(transport: Transport) -> None:
    with Server(WHOLE) as server:
        asking = client(server.url, transport)
        asking.meta.events.register("request-created", lambda request, **_: request.headers.add_header("X-More", "a\r\nX-Injected: b"))
        with pytest.raises(exceptions.ConnectionClosedError) as refused:
            asking.list_functions()
        assert "X-More has more than one line" in str(refused.value.kwargs["error"])
        assert server.requests == []


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy"])
def test_a_proxy_is_left_to_botocore(transport: Transport, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    with Server(WHOLE) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert names(client("http://far.invalid", transport).list_functions()) == ["f"]
        assert proxy.requests[0].startswith(b"GET http://far.invalid/2015-03-31/functions HTTP/1.1")
    assert not transport._idle


@pytest.mark.parametrize("more", [{"verify": False}, {"config": {"client_cert": "me.pem"}}, {"config": {"proxies": {"http": "http://p"}}}])
def test_so_is_all_that_is_unusual(transport: Transport, more: dict[str, Any]) -> None:
    assert terms(client("https://127.0.0.1:1", transport)) is not None
    assert terms(client("https://127.0.0.1:1", transport, **more)) is None


def test_certificates_are_looked_at(transport: Transport, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(WHOLE, WHOLE, tls=context) as server:
        trusting = client(server.url, transport, verify=str(certificate))
        assert names(trusting.list_functions()) == names(trusting.list_functions()) == ["f"]
        assert server.connections == 1
    with Server(WHOLE, tls=context) as server, pytest.raises(exceptions.SSLError, match="self-signed"):
        client(server.url, transport).list_functions()


def self_signed(folder: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now, address = datetime.now(UTC), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / "here.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
