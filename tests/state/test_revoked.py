from __future__ import annotations

from pathlib import Path

import pytest

from resh.errors import BadValue, ReshError, StateError
from resh.state.revoked import RevokedKeys, parse

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"
FINGERPRINT = "SHA256:" + "a" * 43


@pytest.fixture
def revoked(tmp_path: Path) -> RevokedKeys:
    return RevokedKeys(tmp_path / "ssh" / "revoked_keys")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("serial: 17", ("serial", "17")),
        ("Serial:17 - 20", ("serial", "17-20")),
        ("serial: 0", ("serial", "0")),
        ("id: nina laptop", ("id", "nina laptop")),
        (f"hash: {FINGERPRINT}", ("hash", FINGERPRINT)),
        (FINGERPRINT, ("hash", FINGERPRINT)),
    ],
)
def test_what_a_line_bars(line: str, expected: tuple[str, str]) -> None:
    assert parse(line) == expected


@pytest.mark.parametrize("line", [KEY, f"key: {KEY}", f"sha256:{KEY}", f"{KEY} nina@laptop"])
def test_a_key_is_barred_by_its_fingerprint(line: str) -> None:
    kind, value = parse(line)
    assert kind == "hash"
    assert parse(value) == (kind, value)


@pytest.mark.parametrize(
    "line",
    [
        *("", "serial:", "serial: 20-17", "serial: x", "serial: 18446744073709551616", "id:", "nina", "SHA256:short", "hash: x", "uid: 5"),
        *("key: ssh-dss AAA", "sha256: x", "ssh-ed25519 AAAA"),
    ],
)
def test_what_names_nothing(line: str) -> None:
    with pytest.raises(BadValue):
        parse(line)


def test_lines_are_kept_and_mean_something(revoked: RevokedKeys) -> None:
    assert not revoked.read().bars_certificate(5, "nina")
    assert [revoked.add(line) for line in ("serial: 5-7", "id: nina", FINGERPRINT)] == ["serial: 5-7", "id: nina", f"hash: {FINGERPRINT}"]
    with pytest.raises(ReshError, match="revoked already"):
        revoked.add("serial:5-7")
    found = revoked.read()
    assert [found.bars_certificate(serial, "ada") for serial in (4, 5, 7, 8)] == [False, True, True, False]
    assert found.bars_certificate(1, "nina")
    assert found.keys == {FINGERPRINT}
    assert revoked.path.stat().st_mode & 0o077 == 0


def test_comments_are_none_and_mistakes_are_told(revoked: RevokedKeys) -> None:
    revoked.add("serial: 5")
    revoked.path.write_text("# of the old laptop\n\n" + revoked.path.read_text())
    assert revoked.read().serials == ((5, 5),)
    revoked.path.write_text("serail: 5\n")
    with pytest.raises(StateError, match="'serail: 5' names nothing"):
        revoked.read()


def test_a_list_that_cannot_be_read_is_no_empty_one(revoked: RevokedKeys) -> None:
    revoked.path.mkdir(parents=True)
    with pytest.raises(StateError, match="cannot be read"):
        revoked.read()


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\x85", "\u2028"])
def test_one_entry_is_one_line(revoked: RevokedKeys, end: str) -> None:
    with pytest.raises(BadValue, match="more than one line"):
        revoked.add(f"id: nina{end}serial: 1-20")
    assert revoked.lines() == []
