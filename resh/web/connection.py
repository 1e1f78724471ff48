"""One request to one address, over a connection that stays for the next: urllib3 speaks HTTP and TLS, the address is one that was checked.

A timer and the flag of the command cut the connection off, so that no server can hold anybody longer than the time-out, however slowly
it talks.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from typing import TYPE_CHECKING

from resh.cancel import Cancel
from resh.errors import SendFailed
from resh.web.addresses import Addresses
from resh.web.request import Answer, Request, Url

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from urllib3.connection import HTTPConnection

MOST_BYTES = 64 * 1024
"""Of an answer that is read; nobody looks at more."""


class Connections:
    """One for each origin, kept open. For one thread."""

    def __init__(self, addresses: Addresses, cancel: Cancel, verify: bool = True) -> None:
        self._addresses = addresses
        self._cancel = cancel
        self._verify = verify
        self._open: dict[str, HTTPConnection] = {}

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def send(self, request: Request, seconds: float) -> Answer:
        """The answer, whatever its status. Raises SendFailed; AddressRefused."""
        until = time.monotonic() + seconds
        kept = self._open.pop(request.url.origin, None)
        if kept is not None and kept.is_connected:
            try:
                return self._exchange(kept, request, until)
            except SendFailed:  # the server may close what is idle at any moment
                if time.monotonic() >= until:
                    raise
        failure = SendFailed(f"{request.url.origin}: has no address")
        addresses = self._addresses.of(request.url.host, request.url.port, seconds)
        for number, address in enumerate(addresses):
            self._cancel.check()
            share = max(0.001, until - time.monotonic()) / (len(addresses) - number)  # one that is silent leaves time for the others
            try:
                return self._exchange(self._connection(request.url, address, share), request, until)
            except Unconnected as error:
                failure = error
        raise failure

    def _connection(self, url: Url, address: str, seconds: float) -> HTTPConnection:
        """To be opened within so many seconds."""
        from urllib3.connection import HTTPConnection, HTTPSConnection

        if url.scheme == "http":
            return HTTPConnection(address, url.port, timeout=seconds)
        named = url.host if not _is_address(url.host) else None
        return HTTPSConnection(
            address,
            url.port,
            timeout=seconds,
            ssl_context=_context(self._verify),
            server_hostname=named,
            assert_hostname=None if self._verify else False,
        )

    def _exchange(self, connection: HTTPConnection, request: Request, until: float) -> Answer:
        from urllib3.exceptions import HTTPError

        late = threading.Event()

        def cut() -> None:
            late.set()
            _cut(connection)

        timer = threading.Timer(max(0.001, until - time.monotonic()), cut)
        timer.daemon = True
        timer.start()
        try:
            with self._cancel.interrupting(lambda: _cut(connection)):
                return self._answer(connection, request, until)
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            connection.close()
            self._cancel.check()
            raise _failure(request.url, error, late.is_set()) from None
        finally:
            timer.cancel()

    def _answer(self, connection: HTTPConnection, request: Request, until: float) -> Answer:
        url = request.url
        if connection.sock is None:
            connection.connect()
        connection.sock.settimeout(max(0.001, until - time.monotonic()))
        headers = {"Host": url.authority, "Accept-Encoding": "identity", **dict(request.headers), **dict(request.sensitive)}
        connection.request(request.method, url.target, request.body, headers, preload_content=False)
        response = connection.getresponse()
        body = response.read(MOST_BYTES) if request.method != "HEAD" else b""
        answer = Answer(response.status, tuple(response.headers.items()), body)
        self._keep(url, connection, response)
        return answer

    def _keep(self, url: Url, connection: HTTPConnection, response: BaseHTTPResponse) -> None:
        ended = response.headers.get("Connection", "").lower() == "close" or bool(response.read(1))
        if ended or connection.sock is None:
            connection.close()
        else:
            self._open[url.origin] = connection


class Unconnected(SendFailed):
    """Nothing was sent: another address of the host may do."""


def _context(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_address(host: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _cut(connection: HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _failure(url: Url, error: Exception, late: bool) -> SendFailed:
    """What happened in words that hold nothing of the request but where it went."""
    from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

    if late or isinstance(error, ReadTimeoutError | TimeoutError):
        return SendFailed(f"{url.origin}: no answer in time", again=True)
    if isinstance(error, NewConnectionError):
        os_error = _cause(error, OSError)
        return Unconnected(f"{url.origin}: {getattr(os_error, 'strerror', None) or 'no connection'}", again=True)
    if isinstance(error, ConnectTimeoutError):
        return Unconnected(f"{url.origin}: no connection in time", again=True)
    if certificate := _cause(error, ssl.SSLCertVerificationError):
        why = getattr(certificate, "verify_message", "")
        return SendFailed(f"{url.origin}: its certificate is not trusted: {why}", "--no-ssl-verify sends without looking at it")
    os_error = _cause(error, OSError)
    what = "the connection was lost" if os_error or isinstance(error, HTTPError) else "what it answers is no HTTP"
    return SendFailed(f"{url.origin}: {getattr(os_error, 'strerror', None) or what}", again=True)


def _cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    """The error of that kind which led to this one."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, kind):
            return error
        seen.add(id(error))
        inner = next((argument for argument in error.args if isinstance(argument, BaseException)), None)
        error = error.__cause__ or error.__context__ or inner
    return None
