from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.app import App
from resh.clock import FakeClock
from resh.commands.base import Role
from resh.events.event import Event
from tests.commands.conftest import Shell, collect, nodes
from tests.web_server import Told, WebServer
from tests.web_server import server as server


@pytest.fixture
def app(home: Path, clock: FakeClock, server: WebServer) -> Iterator[App]:
    with App(home, clock=clock, environ={"HOOK": f"{server.url}/services/s3cret"}, overrides=["notify.timeout=5s"]) as app:
        collect(app, nodes(clock.now()))
        yield app


@pytest.fixture
def shell(app: App) -> Shell:
    shell = Shell(app)
    shell("notify add team slack webhook=env:HOOK")
    assert shell.status == 0
    return shell


def test_rows_become_one_message(shell: Shell, server: WebServer) -> None:
    assert shell('search is(volume) | notify team --title "Old volumes" --items 2') == ['{"target":"team","notifier":"slack","rows":4}']
    (asked,) = server.asked
    body = json.loads(asked.body)
    assert (asked.path, body["text"]) == ("/services/s3cret", "Old volumes")
    assert body["blocks"][1]["text"]["text"].splitlines()[1:] == [
        "• aws_ec2_volume name of vol-2 (vol-2) in demo eu-west-1",
        "… and 2 more",
    ]


def test_a_title_is_made_of_the_number_of_rows(shell: Shell, server: WebServer) -> None:
    shell("search is(volume) | notify team")
    shell("search id = vol-1 | notify team")
    assert [json.loads(asked.body)["text"] for asked in server.asked] == ["resh: 4 rows", "resh: 1 row"]


def test_no_rows_are_nothing_to_tell(shell: Shell, server: WebServer) -> None:
    assert shell("search id = nothing | notify team --title Gone") == []
    assert (server.asked, shell.status) == ([], 0)
    shell("search id = nothing | notify team --title Gone --always")
    assert len(server.asked) == 1


def test_a_message_without_rows(shell: Shell, server: WebServer) -> None:
    shell('notify team --message "The migration starts"')
    assert json.loads(server.asked[0].body)["text"] == "The migration starts"
    shell("notify team")
    assert shell.status == 2
    assert "nothing to tell" in shell.notes[0]


def test_a_target_is_tested(shell: Shell, server: WebServer) -> None:
    assert shell("notify test team") == ['{"target":"team","notifier":"slack","delivered":true,"seconds":0.0}']
    assert "ada tests the target team" in server.asked[0].body.decode()
    server.answers = [Told(404, {}, b"no_service")]
    shell("notify test team")
    assert shell.status == 1
    assert f"{server.url} answers 404: no_service" in shell.notes[0]


def test_targets_are_listed_without_their_secrets(shell: Shell) -> None:
    assert shell("notify list") == ['{"target":"team","notifier":"slack","webhook":"env:HOOK"}']


def test_a_target_changes_and_goes(shell: Shell) -> None:
    shell("notify add am alertmanager alertmanager_url=http://localhost:9093 duration=1h")
    assert json.loads(shell("notify set am duration=2h username=ada")[0])["duration"] == "2h"
    assert "username" not in json.loads(shell("notify set am username=")[0])
    shell("notify delete am")
    assert shell("notify list | count") == ["total matched: 1", "total unmatched: 0"]


def test_types_say_what_they_need(shell: Shell) -> None:
    names = [json.loads(line)["notifier"] for line in shell("notify types")]
    assert names == ["slack", "discord", "teams", "pagerduty", "alertmanager", "jira", "mail", "webhook"]
    fields = {row["field"]: row for row in map(json.loads, shell("notify types mail"))}
    assert (fields["host"]["default"], fields["security"]["default"], fields["password"]["secret"]) == ("required", "starttls", True)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("notify add x slack webhook=https://hooks/s3cret", "webhook is a secret"),
        ("notify add x slack", "values is missing"),
        ("notify add x slack webhok=env:A", "has no 'webhok'"),
        ("notify add x slak webhook=env:A", "no notifier 'slak'"),
        ("notify add list slack webhook=env:A", "no name for a target"),
        ("notify add team slack webhook=env:A", "already"),
        ("notify add x slack s3cret", "no field=value"),
        ("notify add x alertmanager alertmanager_url=http://ada:s3cret@am", "has a password in it"),
        ("notify add x alertmanager alertmanager_url=ftp://s3cret", "'ftp' are not supported"),
        ("notify add x mail host=h from=a@b to=c@d security=no", "security is none of"),
        ("notify set nobody webhook=env:A", "no target 'nobody'"),
        ("notify set team webhook=", "webhook is missing"),
        ("notify delete teams", "no target 'teams'"),
        ("json 1 | notify teams", "no target 'teams'"),
        ("json 1 | notify team --severity loud", "'loud' is no severity"),
        ("json 1 | notify team --items 1000", "too many for a message"),
        ("notify", "sub-command is missing"),
    ],
)
def test_mistakes_are_named_and_secrets_are_not(shell: Shell, line: str, named: str) -> None:
    shell(line)
    assert shell.status == 2
    assert named in shell.notes[0]
    assert "s3cret" not in shell.notes[0]


@pytest.mark.parametrize(
    ("role", "line", "status"),
    [
        (Role.viewer, "notify list", 0),
        (Role.viewer, "json 1 | notify team", 126),
        (Role.operator, "json 1 | notify team", 0),
        (Role.operator, "notify add x slack webhook=env:A", 126),
        (Role.operator, "notify set team webhook=env:A", 126),
        (Role.operator, "notify delete team", 126),
    ],
)
def test_roles(shell: Shell, role: Role, line: str, status: int) -> None:
    other = Shell(shell.app, role=role)
    other(line)
    assert other.status == status


@pytest.mark.parametrize("line", ["notify add x slack webhook=file:/etc/passwd", "notify set team webhook=env:A"])
def test_nobody_makes_targets_from_afar(shell: Shell, line: str) -> None:
    """It would send files and variables of the machine to wherever they like."""
    remote = Shell(shell.app, local=False)
    remote(line)
    assert remote.status == 126
    remote("json 1 | notify team")
    assert remote.status == 0


def test_a_target_that_is_down_is_one_event(shell: Shell, server: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    events: list[Event] = []
    shell.app.bus.subscribe(events.append)
    server.answers = [Told(400, {}, b"bad s3cret"), Told(400)]
    for _ in range(2):
        shell("json 1 | notify team")
        assert shell.status == 1
    assert [event.type for event in events] == ["error"]
    assert events[0].text.startswith(f"notify team: {server.url} answers 400")
    assert "services/s3cret" not in "\n".join([caplog.text, events[0].text, *shell.notes, (shell.app.home / "events.jsonl").read_text()])


def test_secrets_are_in_no_file_of_the_state_folder(shell: Shell, server: WebServer) -> None:
    shell("json 1 | notify team")
    files = [file for file in shell.app.home.rglob("*") if file.is_file()]
    assert any(file.name == "targets.json" for file in files)
    assert not [file for file in files if b"s3cret" in file.read_bytes()]
