from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.app import App
from resh.clock import FakeClock
from tests.commands.conftest import Shell, collect, nodes
from tests.web_server import WebServer
from tests.web_server import server as server


@pytest.fixture
def app(home: Path, clock: FakeClock, server: WebServer) -> Iterator[App]:
    with App(home, clock=clock, environ={"HOOK": f"{server.url}/hook", "TOKEN": "s3cret"}) as app:
        collect(app, nodes(clock.now()))
        yield app


@pytest.fixture
def shell(app: App) -> Shell:
    return Shell(app)


def test_as_in_resoto(shell: Shell, server: WebServer) -> None:
    """The commands that people bring along."""
    u = server.url
    shell(f'search is(volume) | slack title="Old volumes" message="look here" webhook={u}/slack')
    shell(f'search is(volume) | discord --title "Old volumes" --webhook={u}/discord')
    shell(f"search is(volume) | alertmanager name=old_volumes description=many duration=1h alertmanager_url={u}")
    shell(f'search is(volume) | pagerduty summary="Old volumes" severity=error routing_key=R0 dedup_key=d webhook_url={u}/v2/enqueue')
    shell(f"search is(volume) | jira title=Old message=look url={u} username=ada token=t project_id=10000 reporter_id=r1")
    assert [asked.path for asked in server.asked] == ["/slack", "/discord", "/api/v2/alerts", "/v2/enqueue", "/rest/api/2/issue"]
    slack, discord, (alert,), pagerduty, jira = (json.loads(asked.body) for asked in server.asked)
    assert (slack["text"], slack["blocks"][1]["text"]["text"]) == ("Old volumes", "look here")
    assert discord["embeds"][0]["title"] == "Old volumes"
    assert (alert["labels"]["alertname"], alert["annotations"]["count"]) == ("old_volumes", "4")
    assert (pagerduty["routing_key"], pagerduty["payload"]["severity"], pagerduty["dedup_key"]) == ("R0", "error", "d")
    assert len(pagerduty["payload"]["custom_details"]["aws"]["demo"]["eu-west-1"]["resources"]) == 4
    assert (jira["fields"]["summary"], jira["fields"]["project"]) == ("Old", {"id": "10000"})


def test_the_only_target_of_that_sort_is_taken(shell: Shell, server: WebServer) -> None:
    shell("notify add team slack webhook=env:HOOK")
    shell("notify add other discord webhook=env:HOOK")
    assert shell("json 1 | slack title=Hello") == ['{"notifier":"slack","target":"team","rows":1}']
    assert server.asked[0].path == "/hook"
    shell("notify add second slack webhook=env:HOOK")
    shell("json 1 | slack title=Hello")
    assert shell.status == 2
    assert "webhook is missing (give it, or target=second or team)" in shell.notes[0]
    shell("json 1 | slack title=Hello target=second")
    assert shell.status == 0


def test_what_is_no_connection_may_differ_from_the_target(shell: Shell, server: WebServer) -> None:
    shell(f"notify add tickets jira url={server.url} username=ada token=env:TOKEN project_id=OPS")
    shell("json 1 | jira title=Hello project_id=SRE")
    assert json.loads(server.asked[0].body)["fields"]["project"] == {"key": "SRE"}


def test_the_key_of_a_target_goes_nowhere_else(shell: Shell, server: WebServer) -> None:
    shell(f"notify add tickets jira url={server.url} username=ada token=env:TOKEN project_id=OPS")
    shell("json 1 | jira title=Hello url=http://127.0.0.1:1")
    assert shell.status == 2
    assert "username is missing" in shell.notes[0]
    shell("json 1 | jira title=Hello target=tickets url=http://127.0.0.1:1")
    assert shell.status == 2
    assert "url is given, and a target" in shell.notes[0]
    assert server.asked == []


def test_references_mean_nothing_on_a_line(shell: Shell, server: WebServer) -> None:
    """Whoever may send must not read the server's variables by it."""
    shell(f"json 1 | jira title=Hello url={server.url} username=ada token=env:TOKEN project_id=OPS")
    assert server.asked[0].headers["Authorization"] == "Basic YWRhOmVudjpUT0tFTg=="


def test_no_rows_are_nothing_to_tell(shell: Shell, server: WebServer) -> None:
    assert shell(f"search id = nothing | slack title=Gone webhook={server.url}") == []
    assert (server.asked, shell.status) == ([], 0)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("slack title=x", "webhook is missing"),
        ("pagerduty summary=x", "routing_key is missing"),
        ("pagerduty summary=x routing_key=R0 event_action=shout", "event_action is none of"),
        ("slack title=x target=nobody", "no target 'nobody'"),
        ("slack titel=x", "no place for 'titel=x'"),
        ("slack --titel x", "no option '--titel'"),
    ],
)
def test_mistakes_are_named(shell: Shell, line: str, named: str) -> None:
    shell(f"json 1 | {line}")
    assert shell.status == 2
    assert named in shell.notes[0]


def test_a_target_of_another_sort_is_refused(shell: Shell) -> None:
    shell("notify add team discord webhook=env:HOOK")
    shell("json 1 | slack title=x target=team")
    assert shell.status == 2
    assert "the target team is a discord" in shell.notes[0]
