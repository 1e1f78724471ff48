from __future__ import annotations

import json
from pathlib import Path

import pytest

from resh.app import App
from resh.commands.base import Role
from resh.events.people import UserChanged
from tests.commands.conftest import Shell

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def admin(app: App) -> Shell:
    return Shell(app)


def test_somebody_comes_changes_and_goes(admin: Shell, home: Path) -> None:
    assert "nina added as operator, key SHA256:" in admin(f'user add --role operator nina from="10.0.0.0/8" {KEY} nina@laptop')[0]
    assert (home / "ssh/authorized_keys/nina").read_text() == f'role="operator",from="10.0.0.0/8" {KEY} nina@laptop\n'
    admin(f"user key nina {OTHER} second")
    assert [json.loads(line)["role"] for line in admin("user key nina")] == ["operator", "operator"]
    admin("user role nina viewer")
    assert json.loads(admin("user list")[0]) == {"user": "nina", "role": "viewer", "keys": 2, "trouble": ""}
    fingerprint = json.loads(admin("user key nina")[0])["fingerprint"]
    admin(f"user key --delete {fingerprint} nina")
    assert len(admin("user key nina")) == 1
    assert admin("user delete nina") == ["nina deleted; the history and exports of nina stay"]
    assert admin("user list") == []


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        (f"user add ../nina {KEY}", 2, "no name for a user"),
        (f"user add --role king nina {KEY}", 2, "'king' is no role"),
        ("user add nina ssh-ed25519 AAAA", 2, "damaged"),
        ("user add nina", 2, "key is missing"),
        (f"user add ada {KEY}", 1, "already"),
        ("user role nobody admin", 1, "no user 'nobody'"),
        ("user role ../../x admin", 1, "no user"),
        ("user delete nobody", 1, "no user 'nobody'"),
        ("user key --delete SHA256:x ada", 1, "has no key"),
        (f"user key ada {KEY}", 1, "that key already"),
    ],
)
def test_what_is_refused(admin: Shell, line: str, status: int, words: str) -> None:
    admin(f"user add ada {KEY}")
    admin(line)
    assert admin.status == status
    assert words in admin.notes[0]


@pytest.mark.parametrize("role", [Role.viewer, Role.operator])
def test_only_admins(app: App, role: Role) -> None:
    shell = Shell(app, role=role)
    for line in ("user list", f"user add nina {KEY}", "user role ada admin", f"user key ada {KEY}", "user delete ada"):
        shell(line)
        assert shell.status == 126, line


def test_each_change_is_an_event(admin: Shell, app: App) -> None:
    admin(f"user add nina {KEY}")
    (event,) = (event for event in app.log.last() if isinstance(event, UserChanged))
    assert event.text.startswith("nina added as viewer, key SHA256:")
    assert event.text.endswith(", by ada")


def test_who_and_wall(admin: Shell, app: App) -> None:
    from resh.shell.visit import Visit

    visit = Visit(app, "bob", Role.viewer, via="ssh", address="192.0.2.1")
    assert [json.loads(line)["user"] for line in admin("who")] == ["bob"]
    visit.end()
    assert admin("who") == []
    admin("wall lunch at noon")
    assert app.log.last()[-1].text == "ada: lunch at noon"
    admin(f"wall {'x' * 501}")
    assert admin.status == 2
    viewer = Shell(app, role=Role.viewer)
    viewer("wall hello")
    assert viewer.status == 126


def test_a_key_may_stand_in_quotes(admin: Shell) -> None:
    admin(f"user add nina '{KEY} nina@laptop'")
    assert admin.status == 0
    (row,) = map(json.loads, admin("user key nina"))
    assert row["comment"] == "nina@laptop"


def test_one_is_shown_with_every_key_and_what_is_wrong(shell: Shell) -> None:
    shell(f"user add --role operator nina no-pty {KEY} laptop")
    file = shell.app.home / "ssh" / "authorized_keys" / "nina"
    file.write_text(file.read_text() + "ssh-ed25519 nonsense\n")
    key, wrong = (json.loads(line) for line in shell("user show nina"))
    assert (key["user"], key["role"], key["options"], key["comment"]) == ("nina", "operator", "no-pty", "laptop")
    assert "line 2" in wrong["trouble"] or "damaged" in wrong["trouble"]
    shell("user show nino")
    assert (shell.status, "nina" in shell.notes[0]) == (1, True)


def test_what_is_revoked(admin: Shell, app: App) -> None:
    assert admin("user revoke serial: 17") == ["serial: 17 is revoked: it opens nothing any more"]
    assert [event.line() for event in app.log.last(1)] == ["* serial: 17 is revoked, by ada"]
    admin("user revoke serial: 17")
    assert (admin.status, "revoked already" in admin.notes[0]) == (1, True)
    admin("user revoke nina")
    assert (admin.status, "names nothing to revoke" in admin.notes[0]) == (2, True)
    (app.home / "ssh" / "revoked_keys").write_text("serial: 17\nsurely not\n")
    known, unknown = admin("user revoked | format {kind} {value} {trouble}")
    assert known.strip() == "serial 17"
    assert "'surely not' names nothing" in unknown
