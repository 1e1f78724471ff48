"""Certificates that resh signs: real ones, that a real client trusts because it trusts the authority."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from resh.app import App
from resh.clock import FakeClock, SystemClock
from resh.commands.base import Role
from tests.commands.conftest import Shell

MAKE = (
    "certificate create --common-name resh.example.org --dns-names localhost,resh.example.org --ip-addresses 127.0.0.1 --ip-addresses ::1"
)


@pytest.fixture
def shell(app: App) -> Shell:
    return Shell(app)


def made(shell: Shell, line: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [json.loads(row) for row in shell(line)]
    assert shell.status == 0, shell.notes
    return found[0]


def test_what_it_says_is_in_it(shell: Shell, tmp_path: Path, clock: FakeClock) -> None:
    row = made(shell, f"{MAKE} --days-valid 30 --folder {tmp_path}")
    assert (row["dns_names"], row["ip_addresses"]) == (["localhost", "resh.example.org"], ["127.0.0.1", "::1"])
    own, authority = x509.load_pem_x509_certificates(Path(row["certificate"]).read_bytes())
    assert own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "resh.example.org"
    assert (own.not_valid_after_utc - datetime.fromtimestamp(clock.now(), UTC)).days == 30
    assert not own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    own.verify_directly_issued_by(authority)
    assert Path(row["key"]).stat().st_mode & 0o777 == 0o600
    assert (shell.app.home / "tls" / "ca.key").stat().st_mode & 0o777 == 0o600
    assert "\n".join(shell("certificate authority")) + "\n" in Path(row["certificate"]).read_text()


def test_the_authority_stays_the_same(shell: Shell, home: Path, tmp_path: Path) -> None:
    before = shell("certificate authority")
    with App(home, clock=shell.app.clock) as app:
        assert Shell(app)("certificate authority") == before
    assert made(shell, f"{MAKE} --folder {tmp_path}")["fingerprint"] != made(shell, f"{MAKE} --force --folder {tmp_path}")["fingerprint"]


@pytest.mark.parametrize(("name", "trusted"), [("localhost", True), ("127.0.0.1", True), ("else.example.org", False)])
def test_a_client_that_trusts_the_authority_trusts_it(home: Path, tmp_path: Path, name: str, trusted: bool) -> None:
    with App(home, clock=SystemClock()) as app:
        shell = Shell(app)
        row = made(shell, f"{MAKE} --folder {tmp_path}")
        client = ssl.create_default_context(cadata="\n".join(shell("certificate authority")))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(row["certificate"], row["key"])
    near, far = socket.socketpair()

    def serve() -> None:
        try:
            with server.wrap_socket(far, server_side=True) as wrapped:
                wrapped.send(b"hello")
        except OSError:
            far.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        if trusted:
            with client.wrap_socket(near, server_hostname=name) as wrapped:
                assert wrapped.recv(5) == b"hello"
        else:
            with pytest.raises(ssl.SSLCertVerificationError, match=r"mismatch|not valid for"):
                client.wrap_socket(near, server_hostname=name)
    finally:
        near.close()
        thread.join()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("", "--common-name is missing"),
        ("--common-name a --dns-names a..b", "'a..b' is no name of a host"),
        ("--common-name a --dns-names 10.0.0.1", "--ip-addresses"),
        ("--common-name a --dns-names -x.org", "no name of a host"),
        ("--common-name a --ip-addresses 10.0.0.256", "'10.0.0.256' is no address"),
        ("--common-name a --days-valid 0", "0 days are none"),
        ("--common-name a --days-valid 9999", "the authority itself is good for 3650 days more"),
        ("--common-name a --days-valid many", "days_valid"),
        (f"--common-name {'a' * 65}", "no common name"),
    ],
)
def test_what_may_not_stand_in_one_is_named(shell: Shell, tmp_path: Path, options: str, words: str) -> None:
    shell(f"certificate create --folder {tmp_path / 'out'} {options}")
    assert shell.status == 2
    assert words in shell.notes[0]
    assert not (tmp_path / "out").exists()


def test_names_of_files_stay_in_the_folder(shell: Shell, tmp_path: Path) -> None:
    row = made(shell, f"certificate create --folder {tmp_path / 'a'} --common-name ../../x/*")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["_.._x__.crt", "_.._x__.key"]
    assert Path(row["key"]).parent == tmp_path / "a"


def test_a_name_that_is_not_ascii(shell: Shell, tmp_path: Path) -> None:
    row = made(shell, f"certificate create --folder {tmp_path} --common-name bücher --dns-names bücher.example.org,*.example.org")
    own = x509.load_pem_x509_certificates(Path(row["certificate"]).read_bytes())[0]
    names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    assert names == ["xn--bcher-kva.example.org", "*.example.org"]


def test_files_that_are_there_stay(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.key").write_text("mine")
    shell(f"certificate create --folder {tmp_path} --common-name a")
    assert (shell.status, (tmp_path / "a.key").read_text(), (tmp_path / "a.crt").exists()) == (2, "mine", False)


@pytest.mark.parametrize(("file", "content"), [("ca.key", "nonsense"), ("ca.crt", "nonsense"), ("ca.key", None)])
def test_a_damaged_authority_signs_nothing(shell: Shell, tmp_path: Path, file: str, content: str | None) -> None:
    shell("certificate authority")
    path = shell.app.home / "tls" / file
    path.unlink() if content is None else path.write_text(content)
    shell(f"certificate create --folder {tmp_path} --common-name a")
    assert shell.status == 1
    assert "tls" in shell.notes[0]
    assert not list(tmp_path.glob("a.*"))


def test_only_admins_and_only_here(app: App) -> None:
    operator, remote = Shell(app, role=Role.operator), Shell(app, local=False)
    operator("certificate authority")
    remote("certificate create --common-name a")
    assert (operator.status, remote.status) == (126, 126)
