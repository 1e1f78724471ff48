"""`collect` and `refresh`, with a cloud that the test makes up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.commands.base import Role
from resh.errors import CallFailed, NotConfigured, UsageError
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.base import Account, CollectSink, Document, Reread, Watcher
from resh.providers.known import Known
from resh.providers.selection import EVERYTHING, Selection
from tests.commands.conftest import ACCOUNT, INSTANCE, VOLUME, Shell, graph_id, node


class MadeUp:
    """Volumes of one region; what `answers` has for an id is what `reread` gives."""

    name = "aws"
    problems = ()

    def __init__(self) -> None:
        self.selections: list[Selection] = []
        self.volumes = [f"vol-{number}" for number in range(1, 5)]
        self.answers: dict[str, Any] = {}
        self.known: Known | None = None

    def kinds(self) -> Sequence[Kind]:
        return (VOLUME, INSTANCE)

    def accounts(self) -> Sequence[Account]:
        return [Account("aws", ACCOUNT, "demo"), Account("aws", "2", "other")]

    def enter(self, account: Account) -> Account:
        return account

    def regions(self) -> Sequence[str]:
        return ("eu-west-1", "eu-north-1", "global")

    def collect(self, account: Account, sink: CollectSink, watcher: Watcher, cancel: Cancel, selection: Selection = EVERYTHING) -> None:
        self.selections.append(selection)
        if account.id == ACCOUNT:
            sink.nodes(node("aws_ec2_volume", name, 0.0) for name in self.volumes)
            sink.scope(
                ScopeReport(Scope("aws", ACCOUNT, "eu-west-1", "aws_ec2_volume"), Status.OK, len(self.volumes), "ec2:DescribeVolumes")
            )

    def reread(self, node: Document, known: Known) -> Reread | None:
        self.known = known
        answer = self.answers.get(node["reported"]["id"])
        if isinstance(answer, Exception):
            raise answer
        assert answer is None or isinstance(answer, Reread)
        return answer


@pytest.fixture
def cloud(graph: App) -> MadeUp:
    made_up = MadeUp()
    graph.__dict__["providers"] = {"aws": made_up}
    return made_up


def test_collect_now(cloud: MadeUp, shell: Shell) -> None:
    lines = shell("collect run --follow")
    assert (shell.status, cloud.selections) == (0, [EVERYTHING, EVERYTHING])
    assert "started by ada" in lines[0]
    assert len(shell("collect run")) == 1


def test_a_part_of_it(cloud: MadeUp, shell: Shell) -> None:
    lines = shell("collect run --account demo --region eu-* --kind volume,aws_ec2_i* --follow")
    assert shell.status == 0
    assert cloud.selections == [Selection(("demo",), ("eu-*",), ("aws_ec2_volume", "volume", "aws_ec2_i*"))]
    about = "account demo, region eu-*, kind aws_ec2_volume volume aws_ec2_i*"
    assert lines[0].endswith(about)
    assert shell("workflows history | format {workflow} {about}") == [f"collect {about}"]


def test_at_a_prompt_it_only_starts_a_run(cloud: MadeUp, graph: App) -> None:
    shell = Shell(graph, columns=80, interactive=True)
    assert shell("collect run --kind aws_ec2_volume") == ["collect 0001 started: kind aws_ec2_volume"]
    handle = graph.runner.handle("0001")
    assert handle is None or handle.wait(5) == "ok"


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("--kind aws_ec2_volum", "there is no kind 'aws_ec2_volum' (did you mean aws_ec2_volume"),
        ("--kind aws_ec2_volume,xx*", "there is no kind 'xx*'"),
        ("--region eu-nort-1", "there is no region 'eu-nort-1' (did you mean eu-north-1"),
        ("--account demi", "there is no account 'demi' (did you mean demo"),
        ("--account ,", "--account names nothing"),
    ],
)
def test_a_name_that_there_is_not(cloud: MadeUp, shell: Shell, line: str, note: str) -> None:
    assert shell(f"collect run {line}") == []
    assert shell.status == 2
    assert note in shell.notes[0]
    assert cloud.selections == []


def test_accounts_that_the_graph_does_not_know_are_asked_for(cloud: MadeUp, shell: Shell) -> None:
    shell("collect run --account other")
    assert (shell.status, cloud.selections) == (0, [Selection(accounts=("other",))])


def test_a_viewer_may_look_and_no_more(cloud: MadeUp, graph: App) -> None:
    shell = Shell(graph, role=Role.viewer)
    for line in ("collect run", "collect confirm *", "search is(volume) | refresh"):
        shell(line)
        assert shell.status == 126
    assert shell("collect status")


def test_scopes_in_groups(graph: App, shell: Shell) -> None:
    with graph.graph.merge("aws", ACCOUNT, "demo") as merge:
        for region, status, operation in (
            ("a", Status.DENIED, "kms:ListKeys"),
            ("b", Status.DENIED, "kms:ListKeys"),
            ("c", Status.OK, "s3:List"),
        ):
            merge.scope(ScopeReport(Scope("aws", ACCOUNT, region, "k"), status, 3, operation, "", "no" if status is Status.DENIED else ""))
    rows = shell("collect status --by status,service | format {status} {service} {scopes} {resources} {message}")
    assert rows == ["ok  3 0 ", "denied kms 2 6 no", "ok s3 1 3 "]
    assert shell("collect status --bad --by region | count") == ["total matched: 2", "total unmatched: 0"]
    assert shell("collect status --by code,cloud,account,kind,operation | format {cloud}")
    shell("collect status --by stat")
    assert (shell.status, "did you mean status" in shell.notes[0]) == (2, True)


def test_a_held_scope_is_confirmed(cloud: MadeUp, graph: App, shell: Shell) -> None:
    graph.settings.set("collect.hold.number", 2, "option")
    cloud.volumes = []
    graph.clock.advance(60)  # type: ignore[attr-defined]
    shell("collect run --kind aws_ec2_volume")
    assert shell.status == 3, "partial"
    assert shell("collect status --bad | format {status} {code} {count}") == ["held Shrunk 0"]
    assert "total matched: 4" in shell("search is(volume) | count")
    assert len(shell.notes) == 1
    scope = f"aws/{ACCOUNT}/eu-west-1/aws_ec2_volume"
    shell("collect confirm aws/*/aws_vpc")
    assert (shell.status, scope in shell.notes[0]) == (1, True)
    assert shell("collect confirm aws/*/aws_ec2_volume | format {scope} {deleted}") == [f"{scope} 4"]
    assert "total matched: 0" in shell("search is(volume) | count")
    assert shell.notes == []
    assert "deleted: 4" in shell("history | count change")
    shell("collect confirm *")
    assert "none is" in shell.notes[0]


def reread(rid: str, *edges: Edge, **more: object) -> Reread:
    return Reread(node("aws_ec2_volume", rid, 0.0, **more), edges)


def test_resources_are_read_again(cloud: MadeUp, graph: App, shell: Shell) -> None:
    same = graph.graph.node(graph_id("aws_ec2_volume", "vol-2"))
    assert same is not None
    found = Node(same["id"], "aws_ec2_volume", Scope("aws", ACCOUNT, "eu-west-1", "aws_ec2_volume"), "eu-west-1", same["reported"])
    cloud.answers = {
        "vol-1": reread("vol-1", volume_size=9),
        "vol-2": Reread(found, ()),
        "vol-3": CallFailed("ec2:DescribeVolumes", "AccessDenied", "not for you"),
        "i-1": UsageError("cannot be read one by one", "collect its region again"),
    }
    merged = graph.graph.accounts()[0].merged
    graph.clock.advance(60)  # type: ignore[attr-defined]
    rows = shell("search is(volume) or is(instance) sort id | refresh | format {id} {result} {message}")
    assert (rows, shell.status) == (
        [
            "i-1 failed cannot be read one by one (collect its region again)",
            "vol-1 changed ",
            "vol-2 unchanged ",
            "vol-3 failed not for you",
            "vol-4 gone ",
        ],
        3,
    )
    assert shell("search is(volume) sort id | format {id} {volume_size}") == ["vol-1 9", "vol-2 100", "vol-3 500"]
    assert shell("history --since 1s | count change")[:2] == ["deleted: 1", "updated: 1"]
    assert graph.graph.accounts()[0].merged == merged, "it is no collect"


def test_edges_of_a_resource_are_those_it_tells_of_now(cloud: MadeUp, graph: App, shell: Shell) -> None:
    volume, instance = graph_id("aws_ec2_volume", "vol-1"), graph_id("aws_ec2_instance", "i-1")
    before = graph.graph.node(volume)
    assert before is not None
    found = Node(volume, "aws_ec2_volume", Scope("aws", ACCOUNT, "eu-west-1", "aws_ec2_volume"), "eu-west-1", before["reported"])
    cloud.answers = {"vol-1": Reread(found, (Edge(instance, volume, "default", volume),))}
    assert shell("search id = vol-1 | refresh | format {result}") == ["changed"]
    assert graph.graph.neighbours([volume], "delete") == []
    assert (instance, volume) in graph.graph.neighbours([volume], "default")
    assert cloud.known is not None
    assert cloud.known("aws_ec2_instance", "name", "name of i-1") == [("eu-west-1", instance)]
    assert cloud.known("aws_ec2_instance", "arn", "arn:none") == cloud.known("aws_ec2_instance", "id", "i-2") == []


def test_refresh_takes_ids_and_says_which_there_are_not(cloud: MadeUp, shell: Shell) -> None:
    cloud.answers = {"vol-2": reread("vol-2")}
    assert shell('json ["vol-2","nothing"] | flatten | refresh | format {id}') == ["vol-2"]
    assert (shell.status, shell.notes) == (3, ["nothing in the graph has the id or name 'nothing'"])


def test_all_that_fail(cloud: MadeUp, graph: App, shell: Shell) -> None:
    merged = graph.graph.accounts()[0].merged
    graph.clock.advance(60)  # type: ignore[attr-defined]
    cloud.answers = {"vol-2": NotConfigured("no credentials for account 1", "add a profile")}
    assert shell("search id = vol-2 | refresh | format {result}") == ["failed"]
    assert shell.status == 1
    assert graph.graph.accounts()[0].merged == merged, "it is no collect"
