"""E-mail over SMTP: encrypted from the first byte (tls), after STARTTLS, or, where a person says so, not at all."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from typing import TYPE_CHECKING, Any

from resh.errors import SendFailed, UsageError
from resh.notify.base import Field, Message, Values

if TYPE_CHECKING:
    from resh.notify.courier import Courier

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise UsageError(f"'{text}' is no port", "write a number such as 587")
    return int(text)


def _addresses(text: str) -> list[str]:
    found = []
    for part in filter(None, map(str.strip, text.split(","))):
        name, address = parseaddr(part)
        if "@" not in address or any(letter in part for letter in "\r\n"):
            raise UsageError(f"'{part}' is no address", "write it like ada@example.org")
        found.append(formataddr((name, address)))
    if not found:
        raise UsageError("an address is missing", "write it like ada@example.org")
    return found


class Mail:
    name = "mail"
    description = "e-mail, over an SMTP server"
    fields = (
        Field("host", "the SMTP server", connection=True),
        Field("port", "its port; 587, 465 for tls, 25 for none", optional=True, connection=True, check=_port),
        Field("security", "how the connection is encrypted", "starttls", connection=True, choices=("starttls", "tls", "none")),
        Field("username", "who logs in", optional=True, connection=True),
        Field("password", "with which password", optional=True, secret=True, connection=True),
        Field("from", "the sender", connection=True, check=_addresses),
        Field("to", "who gets it, separated by commas", connection=True, check=_addresses),
    )

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        letter = _letter(message, values)
        port = _port(values["port"]) if values["port"] else _PORTS[values["security"]]
        courier.repeatedly(lambda: _send(letter, values, port, courier))


def _letter(message: Message, values: Values) -> EmailMessage:
    from datetime import UTC, datetime

    letter = EmailMessage()
    letter["Subject"] = " ".join(message.title.split())
    letter["From"] = _addresses(values["from"])[0]
    letter["To"] = ", ".join(_addresses(values["to"]))
    letter["Date"] = format_datetime(datetime.fromtimestamp(message.at, UTC))
    letter["Message-ID"] = make_msgid(domain="resh.invalid")
    letter.set_content(message.plain() or message.title, cte="quoted-printable")
    return letter


def _send(letter: EmailMessage, values: Values, port: int, courier: Courier) -> None:
    host = values["host"]
    try:
        with _connected(host, port, values["security"], courier) as server:
            if values["username"]:
                server.login(values["username"], values["password"])
            server.send_message(letter)
    except smtplib.SMTPAuthenticationError as error:
        raise SendFailed(f"{host}:{port} refuses the login ({error.smtp_code})") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise SendFailed(f"{host}:{port} refuses {', '.join(error.recipients)}") from None
    except smtplib.SMTPResponseException as error:
        raise SendFailed(f"{host}:{port} answers {error.smtp_code}", again=400 <= error.smtp_code < 500) from None
    except ssl.SSLCertVerificationError as error:
        raise SendFailed(f"{host}:{port}: its certificate is not trusted: {error.verify_message}") from None
    except smtplib.SMTPNotSupportedError:
        raise SendFailed(f"{host}:{port} does not offer what is asked of it: encryption or a login", "another security may do") from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        why = getattr(error, "strerror", None) or "the connection was lost"
        raise SendFailed(f"{host}:{port}: {why}", again=True) from None


@contextmanager
def _connected(host: str, port: int, security: str, courier: Courier) -> Iterator[smtplib.SMTP]:
    """The server, cut off when the time is over or somebody cancels."""
    courier.cancel.check()
    server = _Pinned(courier.addresses.of(host, port, courier.left), courier.left, security == "tls")
    timer = threading.Timer(courier.left, server.cut)
    timer.daemon = True
    timer.start()
    try:
        with courier.cancel.interrupting(server.cut):
            server.open(host, port)
            if security == "starttls":
                server.starttls(context=ssl.create_default_context())
            yield server
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
    finally:
        timer.cancel()
        server.close()
        courier.cancel.check()


class _Pinned(smtplib.SMTP):
    """Connects to addresses that were looked at, and knows the server by its name."""

    def __init__(self, addresses: list[str], seconds: float, encrypted: bool) -> None:
        super().__init__(timeout=seconds, local_hostname=socket.gethostname())  # its own way to a name may take long
        self._addresses = addresses
        self._encrypted = encrypted
        self._is_cut = False

    def open(self, host: str, port: int) -> None:
        self._host = host  # whom the certificate must be for
        code, _ = self.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, b"")

    def cut(self) -> None:
        self._is_cut = True  # before there is a socket, too: whoever is connecting looks
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        failure: OSError = OSError("it has no address")
        for number, address in enumerate(self._addresses):
            try:  # one that is silent leaves time for the others
                plain = socket.create_connection((address, port), timeout / (len(self._addresses) - number))
            except OSError as error:
                failure = error
                continue
            plain.settimeout(timeout)
            return self._known(plain, host)
        raise failure

    def _known(self, plain: socket.socket, host: str) -> socket.socket:
        """The socket, encrypted if wanted; `cut` reaches it before anything is waited for."""
        if not self._encrypted:
            self.sock = plain
        else:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        if self._is_cut:
            self.cut()
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()
        return self.sock
