"""How calls reach AWS: HTTP/1.1 over connections that are kept and shared, without the layers between botocore and the socket.

    transport = Transport()
    transport.carry(client)         # from now on the client's calls go this way

botocore prepares and signs a request, and reads the answer; what lies between costs it more than both. Its hook `before-send` may bring an
answer of its own. Whatever is unusual is left to botocore: proxies, certificates of one's own, bodies that are streamed. Errors are those
that botocore raises.
"""

from __future__ import annotations

import socket
import ssl
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from select import POLLIN, poll
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import SplitResult, urlsplit
from weakref import finalize

from botocore import exceptions as botocore
from botocore.awsrequest import AWSResponse
from botocore.httpsession import get_cert_path
from botocore.utils import get_environ_proxies

Client = Any
"""A botocore client."""

_MOST_IDLE = 32  # connections to one host
_LONGEST_LINE = 65_536
_PORTS = {"http": 80, "https": 443}
_BODILESS = (204, 304)


class Home(NamedTuple):
    """Where a connection leads, and whose certificates say that it is there."""

    scheme: str
    host: str
    port: int
    authorities: str


class Terms(NamedTuple):
    """A client's: seconds for a connection, and for every part of an answer; the file of the certificates that it trusts."""

    connect: float
    read: float
    authorities: str


class Broken(OSError):
    """The other side ended the connection, or what it sent is no HTTP."""


class Transport:
    """Safe for threads. Connections serve one thread at a time, and all clients; the last one that came back is the first to go again."""

    def __init__(self) -> None:
        self._idle: defaultdict[Home, deque[Connection]] = defaultdict(deque)
        finalize(self, _close, self._idle)

    def carry(self, client: Client) -> None:
        terms = _terms(client)
        if terms is not None:
            client.meta.events.register("before-send", partial(self._send, terms))

    def _send(self, terms: Terms, request: Any, **_: Any) -> AWSResponse | None:
        """The answer to a prepared request; None for what is left to botocore."""
        if request.stream_output or "Expect" in request.headers or not isinstance(request.body, bytes | str | None):
            return None
        url = urlsplit(request.url)
        home = Home(url.scheme, url.hostname or "", url.port or _PORTS[url.scheme], terms.authorities)
        connection = self._connection(home, request.url, terms.connect)
        try:
            answer = connection.ask(request.method, _message(request, url), terms.read)
        except TimeoutError as error:
            connection.close()
            raise botocore.ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except (OSError, ValueError) as error:
            connection.close()
            raise botocore.ConnectionClosedError(error=error, request=request, endpoint_url=request.url) from error
        except BaseException:
            connection.close()
            raise
        idle = self._idle[home]
        if answer.lasts and len(idle) < _MOST_IDLE:
            idle.append(connection)
        else:
            connection.close()
        return AWSResponse(request.url, answer.status, answer.headers, answer)  # type: ignore[arg-type]

    def _connection(self, home: Home, url: str, timeout: float) -> Connection:
        idle = self._idle[home]
        while idle:
            with suppress(IndexError):  # another thread was quicker
                connection = idle.pop()
                if connection.is_alive:
                    return connection
                connection.close()
        try:
            return Connection(_connected(home, timeout))
        except TimeoutError as error:
            raise botocore.ConnectTimeoutError(endpoint_url=url, error=error) from error
        except ssl.SSLError as error:
            raise botocore.SSLError(endpoint_url=url, error=error) from error
        except OSError as error:
            raise botocore.EndpointConnectionError(endpoint_url=url, error=error) from error


class Answer(NamedTuple):
    """What came back; botocore asks it for the body with `stream`."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    lasts: bool
    """Whether the connection can be used again."""

    def stream(self) -> Iterable[bytes]:
        return (self.body,)


class Connection:
    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._file: BinaryIO = line.makefile("rb")
        self._poll = poll()
        self._poll.register(line, POLLIN)

    @property
    def is_alive(self) -> bool:
        """What comes without being asked for is the end of the connection."""
        return not self._poll.poll(0)

    def ask(self, method: str, message: bytes, timeout: float) -> Answer:
        """Raises OSError, and ValueError for what is no HTTP."""
        self._line.settimeout(timeout)
        self._line.sendall(message)
        version, status = self._status()
        headers = self._headers()
        while 100 <= status < 200:
            version, status = self._status()
            headers = self._headers()
        lasts = headers.get("connection", "keep-alive" if version == b"HTTP/1.1" else "close").lower() != "close"
        if method == "HEAD" or status in _BODILESS:
            return Answer(status, headers, b"", lasts)
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = b"".join(self._chunks())
            return Answer(status, {**headers, "content-length": str(len(body))}, body, lasts)  # so that its size is known later
        if "content-length" in headers:
            return Answer(status, headers, self._exactly(int(headers["content-length"])), lasts)
        return Answer(status, headers, self._file.read(), False)

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._line.close()

    def _status(self) -> tuple[bytes, int]:
        version, status = self._read_line().split(None, 2)[:2]
        if not version.startswith(b"HTTP/1."):
            raise Broken(f"{version!r} is no HTTP/1.1")
        return version, int(status)

    def _headers(self) -> dict[str, str]:
        """By their names in small letters; what comes twice is joined, as HTTP allows."""
        headers: dict[str, str] = {}
        while line := self._read_line().rstrip(b"\r\n"):
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise Broken(f"{line[:80]!r} is no header")
            name, value = name.lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return headers

    def _chunks(self) -> Iterable[bytes]:
        while size := int(self._read_line().partition(b";")[0], 16):
            yield self._exactly(size)
            self._read_line()
        self._headers()  # which may follow

    def _exactly(self, size: int) -> bytes:
        body = self._file.read(size)
        if len(body) < size:
            raise Broken(f"the answer breaks off after {len(body)} of {size} bytes")
        return body

    def _read_line(self) -> bytes:
        line = self._file.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise Broken(
                "a line of the answer is too long" if len(line) == _LONGEST_LINE else "the connection was closed without an answer"
            )
        return line


def _close(idle: Mapping[Home, Iterable[Connection]]) -> None:
    for connections in idle.values():
        for connection in connections:
            connection.close()


def _terms(client: Client) -> Terms | None:
    """None where there is a proxy, or anything else that only botocore's own way knows; should it hide that one day, it keeps its way."""
    session, config = vars(client._endpoint.http_session), client.meta.config
    verify = session.get("_verify")
    if not verify or session.get("_cert_file", "") is not None or config.proxies or get_environ_proxies(client.meta.endpoint_url):
        return None
    return Terms(config.connect_timeout, config.read_timeout, str(get_cert_path(verify)))


def _connected(home: Home, timeout: float) -> socket.socket:
    line = socket.create_connection((home.host, home.port), timeout)
    try:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _tls(home.authorities).wrap_socket(line, server_hostname=home.host) if home.scheme == "https" else line
    except BaseException:
        line.close()
        raise


@lru_cache(maxsize=8)
def _tls(authorities: str) -> ssl.SSLContext:
    """Read once: certificates take longer to load than a call does."""
    context = ssl.create_default_context(cafile=authorities)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _message(request: Any, url: SplitResult) -> bytes:
    """The request as it goes over the line."""
    host = url.netloc.rpartition("@")[2].removesuffix(f":{_PORTS[url.scheme]}")
    target = f"{url.path or '/'}{'?' if url.query else ''}{url.query}"
    lines = [f"{request.method} {target} HTTP/1.1".encode("ascii")]
    headers = {"Host": host, "Accept-Encoding": "identity", **request.headers}
    for name, value in headers.items():
        text = value if isinstance(value, bytes) else str(value).encode()
        if b"\n" in text or b"\r" in text:
            raise ValueError(f"the header {name} has more than one line")
        lines.append(name.encode("ascii") + b": " + text)
    body = request.body or b""
    return b"\r\n".join((*lines, b"", body if isinstance(body, bytes) else body.encode()))
