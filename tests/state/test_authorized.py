from __future__ import annotations

import base64
import struct
from pathlib import Path

import pytest

from resh.errors import BadValue, ReshError
from resh.state.authorized import KeyLine, Users, check_name, parse_line


def blob(*parts: bytes) -> str:
    return base64.b64encode(b"".join(struct.pack(">I", len(part)) + part for part in parts)).decode()


ED25519 = f"ssh-ed25519 {blob(b'ssh-ed25519', b'k' * 32)}"
OTHER = f"ssh-ed25519 {blob(b'ssh-ed25519', b'o' * 32)}"
SHORT_RSA = "ssh-rsa " + blob(b"ssh-rsa", b"\x01\x00\x01", b"\x80" + b"n" * 127)


@pytest.fixture
def users(tmp_path: Path) -> Users:
    return Users(tmp_path / "ssh" / "authorized_keys")


def test_a_line_and_back() -> None:
    line = parse_line(f'role="operator",from="10.0.0.0/8,!10.0.0.1",no-pty {ED25519} ada at work\n')
    assert line.options == {"role": "operator", "from": "10.0.0.0/8,!10.0.0.1", "no-pty": ""}
    assert line.comment == "ada at work"
    assert parse_line(line.text) == line
    assert line.fingerprint.startswith("SHA256:")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "'' is neither a kind of key"),
        ("ssh-dss AAAA", "'ssh-dss' is neither"),
        ("ssh-ed25519", "'ssh-ed25519' is no kind"),
        ("ssh-ed25519 AAAA", "damaged"),
        (f"ssh-ed25519 {blob(b'ssh-rsa', b'x')}", "damaged"),
        (f"ssh-ed25519 {blob(b'ssh-ed25519', b'k')[:-4]}", "damaged"),
        (SHORT_RSA, "1024 bits is too short"),
        (f"unheard-of {ED25519}", "'unheard-of' is neither"),
        (f'role="a",role="b" {ED25519}', "twice"),
        (f'expiry-time="soon" {ED25519}', "'soon' is no expiry time"),
        (f'from="10.0.0.1 {ED25519}', "'from' is neither"),
        (f'no-pty="x" {ED25519}', "'no-pty' is neither"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "private key"),
    ],
)
def test_what_is_wrong_with_a_line(line: str, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        parse_line(line)


@pytest.mark.parametrize("name", ["", ".", "..", "../ada", "Ada", "a b", "a" * 33, "1a", "ada\n", "ada.new", "é"])
def test_names_are_strict(users: Users, name: str) -> None:
    with pytest.raises(BadValue):
        check_name(name)
    assert users.lines(name) == []
    with pytest.raises(BadValue):
        users.create(name, parse_line(ED25519))


def test_users_come_change_and_go(users: Users) -> None:
    users.create("ada", parse_line(ED25519))
    with pytest.raises(ReshError, match="already"):
        users.create("ada", parse_line(OTHER))
    users.change("ada", lambda lines: [*(line.with_options(role="admin") for line in lines), parse_line(OTHER)])
    assert [line.options.get("role") for line in users.lines("ada")] == ["admin", None]
    assert (users.folder / "ada").stat().st_mode & 0o777 == 0o600
    users.delete("ada")
    assert users.names() == []
    with pytest.raises(ReshError, match="no user 'ada'"):
        users.delete("ada")


def test_what_cannot_be_read_opens_nothing_and_stays(users: Users) -> None:
    users.create("ada", parse_line(ED25519))
    (users.folder / "ada").write_text(f"# at work\nnonsense {OTHER}\n{ED25519}\n")
    keys, wrong = users.read("ada")
    assert len(keys) == 1
    assert wrong == ["line 2: 'nonsense' is neither a kind of key nor an option of one"]
    users.change("ada", lambda lines: [line.with_options(role="operator") for line in lines])
    assert (users.folder / "ada").read_text() == f'# at work\nnonsense {OTHER}\nrole="operator" {ED25519}\n'


def test_a_link_is_nobody(users: Users, tmp_path: Path) -> None:
    users.create("ada", parse_line(ED25519))
    (users.folder / "link").symlink_to(users.folder / "ada")
    assert users.names() == ["ada"]
    assert users.lines("link") == []


def test_an_option_goes(tmp_path: Path) -> None:
    assert KeyLine("t", "b", {"role": "admin", "no-pty": ""}).with_options(no_pty=None).options == {"role": "admin"}


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_second_key_hides_behind_the_first(users: Users, end: str) -> None:
    """asyncssh ends a line at any of them."""
    hidden = f'{ED25519} nina@laptop{end}role="admin" {OTHER}'
    with pytest.raises(BadValue, match="more than one line"):
        parse_line(hidden)
    if end == "\n":
        return
    users.folder.mkdir(parents=True)
    (users.folder / "nina").write_bytes(f"{hidden}\n{ED25519} fine\r\n".encode())
    keys, wrong = users.read("nina")
    assert [key.comment for key in keys] == ["fine"]
    assert len(wrong) == 1
