"""`tag update` and `tag delete`: through the kind's own call, then read again."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.commands.base import Role
from resh.errors import UsageError
from resh.model.node import Node
from resh.model.scope import Scope, Status
from resh.providers.base import Document, Heard, Reread
from resh.providers.counting import called
from resh.providers.limiter import Place
from resh.providers.session import ReadFailed
from resh.shell.evaluate import evaluate
from resh.state.calls import COMMANDS
from tests.commands.conftest import ACCOUNT, Shell


class Cloud:
    """Keeps the tags of its volumes; instances have none, and nobody may touch vol-2."""

    name = "aws"

    def __init__(self) -> None:
        self.tags: dict[str, dict[str, str]] = {}
        self._lock = threading.Lock()
        self.on_change: Callable[[str], object] = lambda id: None

    def tag(self, node: Document, key: str, value: str) -> None:
        self._change(node, {key: value})

    def untag(self, node: Document, key: str) -> None:
        self._change(node, {key: None})

    def reread(self, node: Document, known: object) -> Reread | None:
        called("aws", Place(ACCOUNT, "eu-west-1", "ec2", "ec2:DescribeVolumes"), Heard(0.1))
        if node["reported"]["id"] == "vol-3":
            return None
        scope = Scope("aws", ACCOUNT, "eu-west-1", node["kind"])
        return Reread(Node(node["id"], node["kind"], scope, "eu-west-1", {**node["reported"], "tags": self.tags[node["id"]]}, ""), ())

    def _change(self, node: Document, change: Mapping[str, str | None]) -> None:
        if node["kind"] != "aws_ec2_volume":
            raise UsageError(f"{node['kind']} has no tags that can be changed")
        if node["reported"]["id"] == "vol-2":
            raise ReadFailed(Status.DENIED, "ec2:CreateTags", "AccessDenied", "not allowed")
        called("aws", Place(ACCOUNT, "eu-west-1", "ec2", "ec2:CreateTags"), Heard(0.1))
        with self._lock:
            self.on_change(node["reported"]["id"])
            before = self.tags.setdefault(node["id"], dict(node["reported"].get("tags") or {}))
            self.tags[node["id"]] = {name: text for name, text in {**before, **change}.items() if text is not None}


@pytest.fixture
def cloud(shell: Shell) -> Cloud:
    cloud = Cloud()
    shell.app.__dict__["providers"] = {"aws": cloud}
    return cloud


def tags(shell: Shell, id: str) -> Any:
    (node,) = shell.app.documents(f"id = {id}")
    return node["reported"]["tags"]


def test_a_tag_is_set_and_taken_off(shell: Shell, cloud: Cloud) -> None:
    before = tags(shell, "vol-1")
    assert shell("search id = vol-1 | tag update cost-center 'of {id}' | format {id} {tags.cost-center}") == ["vol-1 of vol-1"]
    assert tags(shell, "vol-1") == {**before, "cost-center": "of vol-1"}
    assert shell("search id = vol-1 and tags.cost-center != null | tag delete cost-center | count") == [
        "total matched: 1",
        "total unmatched: 0",
    ]
    assert tags(shell, "vol-1") == before
    (change, *_) = shell("history --change updated --limit 1 id = vol-1 | format {change} {by}")
    assert change.startswith("updated")


def test_who_is_refused_is_told(shell: Shell, cloud: Cloud) -> None:
    shell("search is(volume) or is(aws_ec2_instance) | tag update a b")
    refused = sorted(note for note in shell.notes if note.startswith("refused"))
    assert any("aws_ec2_instance has no tags that can be changed" in note for note in refused)
    assert any("refused: aws_ec2_volume vol-2: " in note and "not allowed" in note for note in refused)
    assert shell.status == 3
    assert "a" not in (tags(shell, "vol-2") or {})
    assert shell("search id = vol-2 | tag delete a") == []
    assert shell.status == 1


def test_a_resource_that_went_meanwhile(shell: Shell, cloud: Cloud) -> None:
    shell("search id = vol-3 | tag update a b")
    assert shell.notes == ["aws_ec2_volume vol-3: changed in the cloud, but not read again: gone"]


def test_a_value_that_leads_nowhere_changes_nothing(shell: Shell, cloud: Cloud) -> None:
    assert shell("search id = vol-1 | tag update a {tags.nope}") == []
    assert "{tags.nope} leads nowhere in vol-1" in shell.notes[0]
    assert cloud.tags == {}


def test_its_calls_are_counted(shell: Shell, cloud: Cloud) -> None:
    shell("search is(volume) sort id limit 1 | tag update a b | refresh")
    kept = [(one.name, one.purpose, sorted(count.operation for count in one.counts)) for one in shell.app.tables.calls.of(COMMANDS)]
    assert sorted(kept) == [("demo", "refresh", ["ec2:DescribeVolumes"]), ("demo", "tag", ["ec2:CreateTags", "ec2:DescribeVolumes"])]


def test_only_operators(shell: Shell, cloud: Cloud) -> None:
    viewer = Shell(shell.app, role=Role.viewer)
    viewer("search id = vol-1 | tag update a b")
    assert viewer.status == 126
    shell("tag update a b")
    assert shell.status == 2
    assert cloud.tags == {}


def test_a_preview_changes_nothing(shell: Shell, cloud: Cloud) -> None:
    rows = [json.loads(line) for line in shell("search is(volume) | tag update owner ada --dry-run")]
    assert {row["id"]: (row["before"], row["after"]) for row in rows} == {"vol-3": (None, "ada"), "vol-4": (None, "ada")}
    rows = [json.loads(line) for line in shell("search is(volume) | tag delete owner --dry-run")]
    assert {row["id"]: (row["before"], row["after"]) for row in rows} == {"vol-1": ("ada", None), "vol-2": ("ada", None)}
    assert cloud.tags == {}


def test_results_tell_of_every_resource_what_became_of_it(shell: Shell, cloud: Cloud) -> None:
    rows = [json.loads(line) for line in shell("search is(volume) or is(aws_ec2_instance) | tag update a b --results")]
    assert {row["id"]: row["result"] for row in rows} == {
        "vol-1": "changed", "vol-2": "refused", "vol-3": "changed", "vol-4": "changed", "i-1": "refused",
    }  # fmt: skip
    messages = {row["id"]: row["message"] for row in rows}
    assert messages["vol-1"] == ""
    assert messages["vol-3"] == "changed in the cloud, but not read again: gone"
    assert "no tags" in messages["i-1"]
    assert {(row["account"], row["region"]) for row in rows} == {("demo", "eu-west-1")}
    assert shell.status == 3
    assert shell.notes == []


def test_a_line_shows_how_far_it_is(shell: Shell, cloud: Cloud) -> None:
    shell("search is(volume) | tag update a b")
    drawn = [lines[0] for lines in shell.sink.drawn]
    assert len(drawn) == 4
    assert drawn[0] in ("tag update a: 1 changed", "tag update a: 0 changed, 1 refused")
    assert drawn[-1] == "tag update a: 3 changed, 1 refused"


def test_a_stop_leaves_the_rest_alone_and_the_graph_right(shell: Shell, cloud: Cloud) -> None:
    shell.app.settings.set("collect.refresh", 1, "option")
    cancel = Cancel()
    cloud.on_change = lambda id: cancel.set("interrupted")
    assert evaluate(shell.session, "search is(volume) and id != vol-2 sort id desc | tag update a b --results", cancel) == 130
    assert "stopped: 1 changed, 0 refused, the others are as they were" in shell.notes
    assert tags(shell, "vol-4")["a"] == "b"
    assert list(cloud.tags) == [node["id"] for node in shell.app.documents("id = vol-4")]


@pytest.mark.parametrize("line", ["tag update aws:owner ada", "tag update aws:owner ada --dry-run", "tag delete AWS:owner"])
def test_a_key_that_the_cloud_keeps_for_itself_is_refused_once_and_before_any_call(shell: Shell, cloud: Cloud, line: str) -> None:
    def objection(key: str, value: str = "") -> str:
        return f"'{key}' is reserved" if key.lower().startswith("aws:") else ""

    cloud.tag_objection = objection  # type: ignore[attr-defined]
    assert shell(f"search is(volume) | {line}") == []
    assert shell.status == 2
    assert [note for note in shell.notes if "is reserved" in note] == shell.notes
    assert cloud.tags == {}
    assert len(shell("search id = vol-1 | tag update owner ada --results")) == 1
