"""An answer that depends on what could not be read says so, in one line."""

from __future__ import annotations

import time

import pytest

from resh.app import App
from resh.model.node import Node
from resh.model.scope import Code, Scope, ScopeReport, Status
from tests.commands.conftest import ACCOUNT, Shell, node


def denied(kind: str, region: str = "eu-west-1") -> ScopeReport:
    return ScopeReport(Scope("aws", ACCOUNT, region, kind), Status.DENIED, operation="ec2:Describe", code="AccessDenied")


def report(app: App, *reports: ScopeReport, nodes: tuple[Node, ...] = ()) -> None:
    with app.graph.merge("aws", ACCOUNT, "demo") as merge:
        merge.nodes(nodes)
        for one in reports:
            merge.scope(one)


@pytest.fixture
def stale(graph: App) -> str:
    """Volumes cannot be read since a minute; returns what is said of them."""
    at = time.strftime("%H:%M", time.localtime(graph.clock.now()))
    graph.clock.advance(60)  # type: ignore[attr-defined]
    report(graph, denied("aws_ec2_volume"))
    return f"as of {at}, 1 scope stale (collect status --bad)"


@pytest.mark.parametrize(
    "line",
    [
        "search is(volume)",
        "search is(volume) | head 1",
        "search is(volume) | uniq | head 1",
        "search is(volume) | count",
        "search is(volume) | list id",
        "search is(volume) | aggregate kind: sum(1)",
        "search is(volume) and account = demo | format {id}",
        "search is(instance) --> is(volume)",
        "search is(instance) | successors | count",
        "search all | count kind",
        "metrics show volumes_total",
        "cleanup plan",
    ],
)
def test_an_answer_built_on_stale_scopes_says_so(shell: Shell, terminal: Shell, stale: str, line: str) -> None:
    shell(line)
    assert (shell.status, shell.notes) == (0, [f"resh: {stale}"])
    terminal(line)
    assert terminal.notes[-1] == stale


@pytest.mark.parametrize(
    "line",
    [
        "search is(instance)",
        "search is(volume) and account = other | count",
        "search is(volume) and region = us-east-1 | count",
        "kinds | head 1",
        "metrics show cores_total",
        "collect status",
    ],
)
def test_one_that_depends_on_nothing_stale_does_not(shell: Shell, stale: str, line: str) -> None:
    shell(line)
    assert (shell.status, shell.notes) == (0, [])


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("search is(volume) and /usage.volume_read.avg < 5", True),
        ("search with_usage(1d, volume_read) is(volume)", True),
        ("search is(volume) and last_access > 3d | count", True),
        ("search is(volume) | list id, /usage.volume_read.max", True),
        ("search is(volume) | list id, atime", False),
        ("search is(volume) | list id", False),
        ("search is(volume) | count kind", False),
        ("search is(instance) and /usage.cpu_utilization.max < 5", False),
    ],
)
def test_usage_that_could_not_be_asked_for_is_told_where_it_matters(shell: Shell, graph: App, line: str, is_told: bool) -> None:
    report(graph, denied("aws_ec2_volume/usage"))
    shell(line)
    assert [note.endswith("1 scope never read (collect status --bad)") for note in shell.notes] == [True] * is_told


def test_about_the_past_nobody_knows(shell: Shell, terminal: Shell, stale: str) -> None:
    shell("search --at 30s is(volume) | count")
    assert (shell.status, shell.notes) == (0, [])
    assert "last_seen" not in terminal("search --at 30s is(volume)")[0]
    assert terminal.notes == []


def test_a_search_that_fails_says_only_that(shell: Shell, stale: str) -> None:
    shell("search is(volume) | format {id} | nonsense")
    assert len(shell.notes) == 1


def test_days_ago_never_and_capped(graph: App, shell: Shell) -> None:
    read = graph.clock.now()
    graph.clock.advance(3 * 86400)  # type: ignore[attr-defined]
    capped = ScopeReport(Scope("aws", ACCOUNT, "us-east-1", "aws_ec2_volume"), Status.OK, 2, "ec2:List", Code.CAPPED.value, "2 left out")
    report(graph, denied("aws_ec2_volume"), denied("aws_ec2_volume", "eu-north-1"), capped)
    shell("search is(volume) | count")
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(read))
    assert shell.notes == [f"resh: as of {day}, 1 scope stale, 1 scope never read, 1 scope capped (collect status --bad)"]


def test_stale_resources_show_when_they_were_last_seen_at_a_terminal(graph: App, terminal: Shell, shell: Shell, stale: str) -> None:
    report(graph, denied("aws_ec2_volume"), nodes=(node("aws_ec2_volume", "vol-4", 0.0),))
    for line in ("search is(volume) sort id", "search is(volume) sort id | uniq", "search is(volume) sort id | list"):
        table = terminal(line)
        assert table[0].split()[-1] == "last_seen"
        assert table[1].endswith("Z")
        assert not table[4].endswith("Z"), "it was seen"
    assert "last_seen" not in terminal("search is(volume) | list id, name")[0]
    assert "last_seen" not in shell("search is(volume) | list")[0]
    assert "last_seen" not in terminal("search is(instance) | list")[0]
    assert "last_seen" not in terminal("search is(volume) and id = vol-4 | list")[0]


def test_stale_resources_are_found(shell: Shell, stale: str) -> None:
    assert shell("search /metadata.stale = true | count")[-2:] == ["total matched: 4", "total unmatched: 0"]
