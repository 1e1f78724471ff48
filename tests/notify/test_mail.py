from __future__ import annotations

import base64
import socket
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.errors import AddressRefused, Cancelled, SendFailed, UsageError
from resh.notify.base import Message
from resh.notify.courier import Courier
from resh.notify.delivery import complete
from resh.notify.mail import Mail
from tests.certificates import Certificate
from tests.mail_server import MailServer
from tests.notify.conftest import MESSAGE, Carry


def send(server: MailServer, courier: Courier, message: Message = MESSAGE, **values: str) -> None:
    basic = {"host": "localhost", "port": str(server.port), "security": "none", "from": "resh <resh@example.org>", "to": "ada@example.org"}
    Mail().deliver(message, complete(Mail(), {**basic, **values}), courier)


def parsed(text: str) -> EmailMessage:
    return message_from_bytes(text.encode(), policy=policy.default)


def test_a_letter_arrives(carry: Carry, mail_server: MailServer) -> None:
    send(mail_server, carry(), to="ada@example.org, Bert <bert@example.org>")
    (letter,) = mail_server.letters
    assert (letter.sender, letter.recipients) == ("resh@example.org", ["ada@example.org", "bert@example.org"])
    read = parsed(letter.text)
    assert (read["Subject"], read["From"]) == ("Old volumes", "resh <resh@example.org>")
    assert read.get_content().splitlines() == [MESSAGE.text, *MESSAGE.lines()]
    assert read["Date"] == "Tue, 14 Nov 2023 22:13:20 +0000"


def test_letters_beyond_ascii(carry: Carry, mail_server: MailServer) -> None:
    send(mail_server, carry(), MESSAGE.changed(title="Größe\nder Platten", text="zu groß"))
    read = parsed(mail_server.letters[0].text)
    assert read["Subject"] == "Größe der Platten"
    assert read.get_content().startswith("zu groß")


def test_starttls_and_a_login(carry: Carry, mail_server: MailServer, trusted: Certificate) -> None:
    mail_server.context = trusted.server_context()
    send(mail_server, carry(), security="starttls", username="ada", password="pw")
    (letter,) = mail_server.letters
    assert letter.encrypted
    assert base64.b64decode(letter.login) == b"\0ada\0pw"


def test_encrypted_from_the_first_byte(carry: Carry, mail_server: MailServer, trusted: Certificate) -> None:
    mail_server.context, mail_server.implicit = trusted.server_context(), True
    send(mail_server, carry(), security="tls")
    assert mail_server.letters[0].encrypted


def test_a_certificate_that_nobody_vouches_for_is_refused(carry: Carry, mail_server: MailServer, certificate: Certificate) -> None:
    mail_server.context = certificate.server_context()
    with pytest.raises(SendFailed, match="certificate is not trusted"):
        send(mail_server, carry(), security="starttls")
    assert mail_server.letters == []


def test_no_letter_without_the_encryption_that_was_asked_for(carry: Carry, mail_server: MailServer) -> None:
    with pytest.raises(SendFailed, match="does not offer what is asked"):
        send(mail_server, carry(), security="starttls")
    assert mail_server.letters == []


def test_what_the_server_refuses_is_told(carry: Carry, mail_server: MailServer) -> None:
    mail_server.refusals = {"RCPT": "550 nobody of that name"}
    with pytest.raises(SendFailed, match=r"refuses ada@example\.org"):
        send(mail_server, carry())
    mail_server.refusals = {"AUTH": "535 no"}
    with pytest.raises(SendFailed, match="refuses the login") as caught:
        send(mail_server, carry(secrets=["s3cret"]), username="ada", password="s3cret")
    assert "s3cret" not in caught.value.message
    assert mail_server.connections == 2


def test_a_busy_server_is_asked_again(carry: Carry, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resh.notify.courier._BACKOFF", 0.001)
    mail_server.busy = 2
    send(mail_server, carry())
    assert (mail_server.connections, len(mail_server.letters)) == (3, 1)


def test_a_server_that_says_nothing_holds_nobody(carry: Carry, mail_server: MailServer) -> None:
    release = threading.Event()
    mail_server.before = release.wait
    with pytest.raises(SendFailed):
        send(mail_server, carry(within=0.05))
    release.set()


def test_a_cancelled_letter_ends_at_once(carry: Carry, mail_server: MailServer) -> None:
    cancel, release = Cancel(), threading.Event()

    def stop() -> None:
        cancel.set("stopped by ada")
        release.wait()

    mail_server.before = stop
    courier = carry(cancel)
    with pytest.raises(Cancelled):
        send(mail_server, courier)
    assert courier.left > 1
    release.set()


@pytest.mark.parametrize("security", ["none", "tls"])
def test_one_that_is_cancelled_while_it_connects_ends_at_once(
    carry: Carry, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    cancel, release, connect = Cancel(), threading.Event(), socket.create_connection

    def connected(*args: Any) -> socket.socket:
        made = connect(*args)
        cancel.set("stopped by ada")
        return made

    mail_server.before = release.wait
    monkeypatch.setattr(socket, "create_connection", connected)
    courier = carry(cancel)
    with pytest.raises(Cancelled):
        send(mail_server, courier, security=security)
    assert courier.left > 1
    release.set()


def test_servers_of_the_local_link_are_refused(carry: Carry, mail_server: MailServer) -> None:
    with pytest.raises(AddressRefused):
        send(mail_server, carry(), host="169.254.169.254")


@pytest.mark.parametrize(("field", "value"), [("to", "nobody"), ("to", ","), ("from", "resh"), ("port", "many"), ("port", "70000")])
def test_mistakes_are_named(carry: Carry, mail_server: MailServer, field: str, value: str) -> None:
    with pytest.raises(UsageError):
        send(mail_server, carry(), MESSAGE, **{field: value})
