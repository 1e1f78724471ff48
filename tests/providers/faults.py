"""A proxy in front of a mock of AWS that breaks chosen answers.

    with FaultProxy(upstream) as proxy:
        proxy.fault("DescribeVolumes", deny(), region="eu-west-1")
        ...                                    # AWS_ENDPOINT_URL=proxy.url

Operations are told by `Action` of the query protocols, by the target of JSON protocols (`ListRoots`), or by method and path
(`GET /2015-03-31/functions`); regions by the signature.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs

_SIGNED_FOR = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Asked:
    operation: str
    service: str
    region: str
    text: str = ""
    """What was sent."""
    target: str = ""
    """The operation in the header of JSON protocols."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    type: str = "text/xml"


Fault = Callable[["_Handler", Asked], Answer | None]
"""Makes the answer; None when the connection has been dealt with."""


@dataclass(slots=True)
class _Rule:
    pattern: str
    region: str
    fault: Fault
    times: int
    says: str

    def fits(self, asked: Asked) -> bool:
        return (
            self.times != 0
            and any(re.fullmatch(self.pattern, name) for name in (asked.operation, asked.target) if name)
            and self.region in ("", asked.region)
            and self.says in asked.text
        )


def error(status: int, code: str, message: str) -> Fault:
    """An error as the service's protocol writes it."""

    def answer(handler: _Handler, asked: Asked) -> Answer:
        inner = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        if asked.service in ("lambda", "organizations", "ecs"):
            return Answer(status, json.dumps({"__type": code, "Code": code, "message": message}).encode(), "application/json")
        around = {"ec2": "<Response><Errors>{}</Errors></Response>", "s3": "{}"}.get(asked.service, "<ErrorResponse>{}</ErrorResponse>")
        return Answer(status, around.format(inner).encode())

    return answer


def deny(message: str = "You are not authorized to perform this operation.") -> Fault:
    return error(403, "UnauthorizedOperation", message)


def throttle() -> Fault:
    return error(503, "RequestLimitExceeded", "Request limit exceeded.")


def page(status: int) -> Fault:
    return lambda handler, asked: Answer(status, b"<!DOCTYPE html><html><body><h1>Proxy</h1></body></html>", "text/html")


def body(content: bytes, status: int = 200, type: str = "text/xml") -> Fault:
    return lambda handler, asked: Answer(status, content, type)


def wrong(content: object) -> Fault:
    """Well-formed, and no answer to the question: this JSON, or an element of that name where the service speaks XML."""

    def answer(handler: _Handler, asked: Asked) -> Answer:
        if "json" in handler.forward().type:
            return Answer(200, json.dumps(content).encode(), "application/json")
        return Answer(200, b"<Wrong><message>hello</message></Wrong>")

    return answer


def after(seconds: float) -> Fault:
    """The right answer, late."""

    def answer(handler: _Handler, asked: Asked) -> Answer:
        handler.proxy.released.wait(seconds)
        return handler.forward()

    return answer


def truncate(handler: _Handler, asked: Asked) -> Answer:
    whole = handler.forward()
    return Answer(whole.status, whole.body[: len(whole.body) // 2], whole.type)


def reset(handler: _Handler, asked: Asked) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()


def dribble(handler: _Handler, asked: Asked) -> None:
    """Promises more than it sends."""
    whole = handler.forward()
    handler.send_response(whole.status)
    handler.send_header("Content-Type", whole.type)
    handler.send_header("Content-Length", str(len(whole.body)))
    handler.end_headers()
    handler.wfile.write(whole.body[: len(whole.body) // 2])


def hang(handler: _Handler, asked: Asked) -> None:
    handler.proxy.released.wait(30)


class FaultProxy:
    def __init__(self, upstream: str) -> None:
        self.upstream = upstream.removeprefix("http://")
        self.released = threading.Event()
        self.asked: Counter[tuple[str, str]] = Counter()
        self.agents: set[str] = set()
        self.keys: set[str] = set()
        """Ids of the access keys that calls were signed with."""
        self.texts: list[tuple[str, str]] = []
        """Operations with what was sent."""
        self._rules: list[_Rule] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def fault(self, operation: str, fault: Fault, *, region: str = "", times: int = -1, says: str = "") -> None:
        """Break answers to operations that the regular expression fits, in whose body `says` stands; `times` limits how many."""
        self._rules.append(_Rule(operation, region, fault, times, says))

    def heal(self) -> None:
        """Break nothing any more, and forget what was asked."""
        self._rules.clear()
        self.asked.clear()
        self.agents.clear()
        self.keys.clear()
        self.texts.clear()

    def find(self, asked: Asked) -> Fault | None:
        self.asked[asked.operation, asked.region] += 1
        self.texts.append((asked.operation, asked.text))
        for rule in self._rules:
            if rule.fits(asked):
                rule.times -= 1
                return rule.fault
        return None

    def __enter__(self) -> FaultProxy:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    proxy: FaultProxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections break here on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def proxy(self) -> FaultProxy:
        assert isinstance(self.server, _Server)
        return self.server.proxy

    def do_GET(self) -> None:
        self.sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.proxy.agents.add(self.headers.get("User-Agent", ""))
        asked = self._asked()
        fault = self.proxy.find(asked)
        answer = fault(self, asked) if fault else self.forward()
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

    def forward(self) -> Answer:
        connection = HTTPConnection(self.proxy.upstream, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "expect")}
        connection.request(self.command, self.path, self.sent, headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return Answer(response.status, content, response.getheader("Content-Type") or "text/xml")

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _asked(self) -> Asked:
        signed = _SIGNED_FOR.search(self.headers.get("Authorization", ""))
        key, region, service = signed.groups() if signed else ("", "", "")
        self.proxy.keys.add(key)
        form = parse_qs(self.sent.decode(errors="replace")) if self.command == "POST" else {}
        operation = form.get("Action", [f"{self.command} {self.path}"])[0]
        target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        return Asked(operation, service, region, self.sent.decode(errors="replace"), target)
