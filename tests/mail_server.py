"""An SMTP server on loopback, as far as clients need one: it keeps letters, offers STARTTLS and logins, and refuses as it is told."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

import pytest


class Letter(NamedTuple):
    sender: str
    recipients: list[str]
    text: str
    encrypted: bool
    login: str


class MailServer:
    """`refusals` are answers in place of the usual ones: `{"RCPT": "550 nobody"}`; `busy` is how many connections end with 421 at first."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.refusals: dict[str, str] = {}
        self.busy = 0
        self.context: ssl.SSLContext | None = None
        self.implicit = False
        self.before: Callable[[], object] = lambda: None
        self.connections = 0
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                server.connections += 1
                talk = Talk(server, self.request)
                with suppress(OSError):  # the client may have gone
                    talk.run()
                talk.close()

        return Handler


class Talk:
    def __init__(self, server: MailServer, connection: ssl.SSLSocket) -> None:
        self._server = server
        self._connection = connection
        self._encrypted = False
        self._login = ""
        self._sender = ""
        self._recipients: list[str] = []

    def run(self) -> None:
        if self._server.implicit:
            self._encrypt()
        self._file = self._connection.makefile("rb")
        self._server.before()
        if self._server.busy:
            self._server.busy -= 1
            self._say("421 come again")
            return
        self._say("220 ready")
        while line := self._file.readline().decode().rstrip("\r\n"):
            word = line.partition(" ")[0].upper()
            self._say(self._server.refusals.get(word) or self._answer(word, line))
            if word == "STARTTLS" and self._server.context:
                self._encrypt()
                self._file = self._connection.makefile("rb")
            if word == "QUIT":
                return

    def close(self) -> None:
        self._connection.close()

    def _answer(self, word: str, line: str) -> str:
        if word == "EHLO":
            offers = ["AUTH PLAIN", *(["STARTTLS"] if self._server.context and not self._encrypted else [])]
            return "\r\n".join(["250-localhost", *(f"250-{offer}" for offer in offers), "250 HELP"])
        if word == "AUTH":
            self._login = line.split()[-1]
            return "235 welcome"
        if word == "MAIL":
            self._sender = line.partition("<")[2].partition(">")[0]
        if word == "RCPT":
            self._recipients.append(line.partition("<")[2].partition(">")[0])
        if word == "DATA":
            return self._read_letter()
        return "220 go on" if word == "STARTTLS" else "221 bye" if word == "QUIT" else "250 fine"

    def _read_letter(self) -> str:
        self._say("354 tell me")
        lines = iter(lambda: self._file.readline().decode().rstrip("\r\n"), ".")
        text = "\n".join(lines)
        self._server.letters.append(Letter(self._sender, self._recipients, text, self._encrypted, self._login))
        return "250 taken"

    def _encrypt(self) -> None:
        assert self._server.context
        self._connection = self._server.context.wrap_socket(self._connection, server_side=True)
        self._encrypted = True

    def _say(self, text: str) -> None:
        self._connection.sendall(f"{text}\r\n".encode())


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()
