"""The commands of clean-up, on a real graph; only the cloud is in memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.cleanup.journal import Entry
from resh.cleanup.plan import Plan
from resh.clock import FakeClock, iso
from resh.commands.base import Role
from resh.commands.cleanup_plans import agreed
from resh.model.scope import Scope, ScopeReport, Status
from tests.cleanup_fakes import ALLOWED, FakeCloud
from tests.commands.conftest import ACCOUNT, INSTANCE, PHANTOM, VOLUME, Shell, graph_id, node, nodes


@pytest.fixture
def cloud(shell: Shell) -> FakeCloud:
    """Behind the graph; clean-up is on, and deletes."""
    cloud = FakeCloud(shell.app.documents("is(volume) or is(instance)"))
    shell.app.__dict__["providers"] = {"aws": cloud.provider}
    for name, value in {"enabled": True, "dry_run": False, **ALLOWED}.items():
        shell.app.settings.set(f"cleanup.{name}", value, "option")
    shell.session.agreed = True
    return cloud


def mark(shell: Shell, *rids: str) -> str:
    """The id of the plan that comes of it."""
    for rid in rids:
        shell(f"search id = {rid} | clean forgotten")
    return shell("cleanup plan")[0].split()[1].rstrip(":")


def rids(lines: Sequence[str], outcome: str) -> set[str]:
    return {row["id"] for row in map(json.loads, lines) if row["outcome"] == outcome}


def test_a_plan_is_applied_as_it_was_drawn_up(shell: Shell, cloud: FakeCloud) -> None:
    plan = mark(shell, "vol-2", "vol-3")
    assert [row["id"] for row in map(json.loads, shell("cleanup plans"))] == [plan]
    lines = shell(f"cleanup apply {plan}")
    assert shell.status == 0
    assert rids(lines, "deleted") == {"vol-2", "vol-3"}
    assert set(cloud.deleted) == {graph_id("aws_ec2_volume", rid) for rid in ("vol-2", "vol-3")}
    assert shell("search is(volume) | count")[0] == "total matched: 2"
    assert shell("cleanup plans") == []
    shell(f"cleanup apply {plan}")
    assert (shell.status, shell.notes[0]) == (2, f"resh: usage: there is no plan '{plan}' (cleanup plan draws one up)")


def test_never_more_than_the_plan_lists(shell: Shell, cloud: FakeCloud) -> None:
    plan = mark(shell, "vol-2", "vol-3")
    shell("search id = vol-3 | unclean")
    shell("search id = vol-4 | clean forgotten later")
    lines = shell(f"cleanup apply {plan}")
    assert rids(lines, "deleted") == {"vol-2"}
    assert [(row["id"], row["why"]) for row in map(json.loads, lines) if row["outcome"] == "skipped"] == [("vol-3", "no longer marked")]
    assert cloud.deleted == [graph_id("aws_ec2_volume", "vol-2")]


def test_what_changed_since_it_was_planned_stays(shell: Shell, cloud: FakeCloud) -> None:
    plan = mark(shell, "vol-2")
    changed = [one for one in nodes(shell.app.clock.now()) if one.reported["id"] != "vol-2"]
    size = {"volume_type": "gp2", "volume_size": 101, "volume_status": "available", "tags": {"owner": "ada"}}
    changed.append(node("aws_ec2_volume", "vol-2", shell.app.clock.now() - 2 * 86400, **size, zones=["a", "b"]))
    with shell.app.graph.merge("aws", ACCOUNT, "demo") as merge:
        merge.kinds([VOLUME, INSTANCE, PHANTOM])
        merge.nodes(changed)
        for kind in (VOLUME, INSTANCE, PHANTOM):
            merge.scope(ScopeReport(Scope("aws", ACCOUNT, "eu-west-1", kind.name), Status.OK))
    (row,) = map(json.loads, shell(f"cleanup apply {plan}"))
    assert (row["outcome"], row["why"]) == ("skipped", "changed since it was planned")
    assert cloud.deleted == []


def test_a_dry_run_keeps_the_plan(shell: Shell, cloud: FakeCloud) -> None:
    shell.app.settings.set("cleanup.dry_run", True, "option")
    plan = mark(shell, "vol-2")
    assert rids(shell(f"cleanup apply {plan}"), "would be deleted") == {"vol-2"}
    assert cloud.deleted == []
    assert len(shell("cleanup plans")) == 1


def test_a_script_says_yes_and_a_person_types_the_account(shell: Shell, cloud: FakeCloud) -> None:
    plan = mark(shell, "vol-2")
    shell.session.agreed = False
    assert shell(f"cleanup apply {plan}") == []
    assert (shell.status, "agree with resh --yes" in shell.notes[0]) == (2, True)
    asked: list[tuple[str, str]] = []

    def ask(question: str, word: str) -> bool:
        asked.append((question, word))
        return len(asked) > 1

    shell.session.ask = ask
    assert shell(f"cleanup apply {plan}") == []
    assert (shell.status, cloud.deleted) == (130, [])
    question = f"plan {plan}: 1 would be deleted in 1 generation; 1 in demo. To delete them for good, type the name of the account:"
    assert asked == [(question, "demo")]
    assert rids(shell(f"cleanup apply {plan}"), "deleted") == {"vol-2"}


def test_a_plan_expires(shell: Shell, cloud: FakeCloud, clock: FakeClock) -> None:
    plan = mark(shell, "vol-2")
    shell.app.settings.set("cleanup.max_graph_age", "9d", "option")
    clock.advance(86400)
    shell.app.settings.set("cleanup.dry_run", True, "option")
    assert rids(shell(f"cleanup apply {plan}"), "would be deleted") == {"vol-2"}
    clock.advance(1)
    shell.app.settings.set("cleanup.dry_run", False, "option")
    shell(f"cleanup apply {plan}")
    assert (shell.status, shell.notes[0]) == (1, f"resh: error: plan {plan} has expired (cleanup plan draws up a new one)")
    assert cloud.deleted == []
    shell("search id = vol-3 | clean forgotten")
    shell("cleanup plan")
    assert plan not in [row["id"] for row in map(json.loads, shell("cleanup plans"))]


def test_what_is_dropped_and_what_waits_for_it_stays(shell: Shell, cloud: FakeCloud) -> None:
    plan = mark(shell, "i-1", "vol-1", "vol-2")
    smaller = shell(f"cleanup drop {plan} i-1")
    assert smaller[0].split()[1].rstrip(":") != plan
    assert any("waits for aws_ec2_instance i-1 (name of i-1), which was dropped" in line for line in smaller)
    lines = shell(f"cleanup apply {smaller[0].split()[1].rstrip(':')}")
    assert rids(lines, "deleted") == {"vol-2"}
    shell(f"cleanup drop {plan} vol-9")
    assert "'vol-9' is not in the plan" in shell.notes[0]


def test_a_plan_above_a_limit_stops_as_a_whole(shell: Shell, cloud: FakeCloud) -> None:
    shell.app.settings.set("cleanup.max_deletions", 1, "option")
    plan = mark(shell, "vol-2", "vol-3")
    assert shell("cleanup plan")[-1] == "stopped: 2 deletions, and cleanup.max_deletions is 1"
    shell(f"cleanup apply {plan}")
    assert (shell.status, "2 deletions, and cleanup.max_deletions is 1" in shell.notes[0], cloud.deleted) == (1, True, [])
    smaller = shell(f"cleanup drop {plan} vol-2")[0].split()[1].rstrip(":")
    assert rids(shell(f"cleanup apply {smaller}"), "deleted") == {"vol-3"}


def test_two_people_stand_for_a_plan(shell: Shell, cloud: FakeCloud) -> None:
    shell.app.settings.set("cleanup.approvals", 2, "option")
    plan = mark(shell, "vol-2")
    for _ in range(2):  # the same person twice is one
        shell(f"cleanup approve {plan}")
        shell(f"cleanup apply {plan}")
        assert (shell.status, "1 of 2 people stand for it" in shell.notes[0], cloud.deleted) == (1, True, [])
    other = Shell(shell.app)
    other.session.user = "grace"
    other(f"cleanup approve {plan}")
    assert "with the same key, or at this machine too" in other.notes[0]
    shell(f"cleanup apply {plan}")
    assert (shell.status, cloud.deleted) == (1, [])
    other.session.key = "SHA256:x"
    assert other(f"cleanup approve {plan}") == [f"plan {plan}: 1 would be deleted in 1 generation; 2 of 2 stand for it: ada, grace"]
    assert rids(shell(f"cleanup apply {plan}"), "deleted") == {"vol-2"}


def test_who_may_only_look_stands_for_no_plan(shell: Shell, cloud: FakeCloud) -> None:
    shell.app.settings.set("cleanup.approvals", 2, "option")
    shell("search id = vol-2 | clean forgotten")
    viewer = Shell(shell.app, role=Role.viewer)
    viewer.session.user, viewer.session.key = "eve", "SHA256:x"
    lines = viewer("cleanup plan")
    assert lines[-1] == "stopped: 0 of 2 people stand for it: cleanup approve, then cleanup apply"
    assert shell("cleanup plan")[-1] == "stopped: 1 of 2 people stand for it: cleanup approve, then cleanup apply"
    assert [row["by"] for row in map(json.loads, shell("cleanup plans"))] == ["ada"]


def test_accounts_of_one_name_are_asked_for_by_their_ids(shell: Shell, cloud: FakeCloud) -> None:
    plan, asked = shell.app.cleanup.plan, list[str]()
    mark(shell, "vol-2")
    item = next(plan().items())

    def ask(question: str, word: str) -> bool:
        asked.append(word)
        return True

    shell.session.ask = ask
    context = shell.session.context(Cancel(), {})
    names = [("1", "dev"), ("2", "dev"), ("3", "test"), ("4", "two\nlines"), ("5", "")]
    items = tuple(replace(item, account=id, account_name=name) for id, name in names)
    agreed(context, Plan("p", 0.0, (items,)))
    assert asked == ["1", "2", "test", "4", "5"]


def test_who_may_not_delete_is_refused(graph: App) -> None:
    for line in ("cleanup apply x", "cleanup rules enable expired"):
        operator = Shell(graph, role=Role.operator)
        operator(line)
        assert operator.status == 126


def test_a_plan_for_other_programs(shell: Shell, cloud: FakeCloud) -> None:
    plan = mark(shell, "i-1", "vol-1")
    rows = [json.loads(line) for line in shell("cleanup plan --json")]
    assert [(row["plan"], row["generation"], row["rid"], row["owner"]) for row in rows] == [(plan, 1, "i-1", ""), (plan, 2, "vol-1", "ada")]
    head, *table = csv.reader(shell("cleanup plan --csv"))
    assert [dict(zip(head, row, strict=True))["reason"] for row in table] == ["forgotten"] * 2
    dot = shell("cleanup plan --dot")
    instance, volume = graph_id("aws_ec2_instance", "i-1"), graph_id("aws_ec2_volume", "vol-1")
    assert f'  "{instance}" -> "{volume}";' in dot


def test_rules_are_listed_shown_tried_and_switched(shell: Shell, cloud: FakeCloud) -> None:
    assert {"expired", "volumes", "orphaned_images"} <= {row["name"] for row in map(json.loads, shell("cleanup rules list"))}
    shell.app.settings.set("cleanup.rules.volumes.min_age", "1d", "option")
    found = [json.loads(line) for line in shell("cleanup rules test volumes")]
    assert {row["id"]: row["unless"] for row in found} == {"vol-2": "", "vol-3": ""}
    assert shell("cleanup marked") == []
    assert json.loads(shell("cleanup rules enable volumes")[0])["enabled"] is True
    assert "cleanup.rules.volumes.min_age = 1d: how old it must be" in shell("cleanup rules show volumes")
    assert json.loads(shell("cleanup rules disable volumes")[0])["enabled"] is False
    shell("config set cleanup.rules.volumes.kinds aws_ec2_volum")
    assert shell("cleanup rules test volumes") == []
    assert "no kind is called 'aws_ec2_volum'" in shell.notes[-1]
    shell("cleanup rules test volums")
    assert (shell.status, shell.notes[-1]) == (2, "resh: usage: there is no rule 'volums' (did you mean volumes?)")


def test_rules_of_ones_own_are_rules_like_others(shell: Shell, cloud: FakeCloud) -> None:
    shell("config set cleanup.own_rules '[{name: tiny, search: \"is(volume) and volume_size < 5\", reason: too small}]'")
    (row,) = map(json.loads, shell("cleanup rules test tiny"))
    assert (row["id"], row["reason"]) == ("vol-4", "too small")
    assert json.loads(shell("cleanup rules enable tiny")[0])["enabled"] is True
    assert shell("cleanup rules show tiny")[2:4] == ["reason: too small", "min_age 0 s, grace 0 s, quarantine 0 s"]
    shell("workflows run cleanup --wait")
    assert [row["id"] for row in map(json.loads, shell("cleanup history"))] == ["vol-4"]


def test_what_was_deleted_is_on_record_in_full(shell: Shell, cloud: FakeCloud) -> None:
    plan = mark(shell, "i-1", "vol-1")
    cloud.errors[graph_id("aws_ec2_volume", "vol-1")] = [KeyError("odd")]
    shell(f"cleanup apply {plan}")
    assert shell.status == 3
    entry = json.loads(shell("cleanup history | tail 1")[0])["entry"]
    (shown,) = map(json.loads, shell(f"cleanup show {entry}"))
    assert (shown["result"], shown["by"], shown["reason"], shown["plan"]) == ("deleted", "ada", "forgotten", plan)
    assert shown["document"]["reported"]["instance_status"] == "running"
    assert [graph_id("aws_ec2_volume", "vol-1"), graph_id("aws_ec2_instance", "i-1"), "delete"] in shown["edges"]
    report = shell("cleanup report --since 1d")
    assert report[0].startswith("1 deleted, 1 failed since ")
    assert any(line.strip().startswith("ada") and line.rstrip().endswith("█" * 40) for line in report)
    shell("cleanup show nothing")
    assert "there is no deletion 'nothing'" in shell.notes[0]


def test_a_report_is_about_its_time(shell: Shell, cloud: FakeCloud, clock: FakeClock) -> None:
    assert shell("cleanup report") == [f"nothing was deleted since {iso(clock.now() - 30 * 86400)}"]


def test_a_damaged_plan_is_not_applied(shell: Shell, cloud: FakeCloud) -> None:
    plan = mark(shell, "vol-2")
    (shell.app.home / "plans" / f"{plan}.json").write_text('{"plan": {}}')
    shell(f"cleanup apply {plan}")
    assert (shell.status != 0, "is damaged" in shell.notes[0], cloud.deleted) == (True, True, [])


def test_a_workflow_that_deletes_is_agreed_to(shell: Shell, cloud: FakeCloud) -> None:
    mark(shell, "vol-2")
    shell.session.agreed = False
    shell("workflows run cleanup --wait")
    assert (shell.status, "agree with resh --yes" in shell.notes[0], cloud.deleted) == (2, True, [])
    shell.session.ask = lambda question, word: False
    shell("workflows run collect_and_cleanup --wait")
    assert (shell.status, cloud.deleted) == (130, [])
    shell.session.ask = lambda question, word: word == "demo"
    shell("workflows run cleanup --wait")
    assert cloud.deleted == [graph_id("aws_ec2_volume", "vol-2")]


def test_a_workflow_that_deletes_nothing_asks_nobody(shell: Shell, cloud: FakeCloud) -> None:
    mark(shell, "vol-2")
    shell.session.ask = lambda question, word: False
    shell("workflows run metrics --wait")
    assert shell.status == 0
    shell.app.settings.set("cleanup.dry_run", True, "option")
    shell("workflows run cleanup --wait")
    assert (shell.status, cloud.deleted) == (0, [])


def test_a_workflow_that_lets_rules_mark_before_it_deletes_says_so(shell: Shell, cloud: FakeCloud) -> None:
    mark(shell, "vol-2")
    asked: list[str] = []

    def ask(question: str, word: str) -> bool:
        asked.append(question)
        return False

    shell.session.agreed, shell.session.ask = False, ask
    shell("workflows run cleanup")
    shell.app.settings.set("cleanup.rules.volumes.enabled", True, "option")
    shell("workflows run cleanup")
    assert [question.partition(": ")[2].partition(";")[0] for question in asked] == [
        "1 would be deleted in 1 generation",
        "1 would be deleted in 1 generation, and what rules mark now",
    ]
    assert cloud.deleted == []


def test_what_was_not_deleted_is_not_created_again(shell: Shell, cloud: FakeCloud) -> None:
    mark(shell, "vol-1")
    document = shell.app.graph.node(graph_id("aws_ec2_volume", "vol-1"))
    assert document is not None
    for deed, why in (("quarantine", "was not deleted by that"), ("release", "was not deleted by that"), ("detach", "was cut by that")):
        entry = Entry(document, (), "", "", "x", "ada", iso(0), deed=deed)
        shell.app.cleanup.journal.start(entry)
        assert shell(f"cleanup recreate {entry.id}") == []
        assert why in shell.notes[-1]


@pytest.mark.parametrize("columns", [40, 80, 150])
def test_the_record_is_readable_on_a_screen(shell: Shell, cloud: FakeCloud, columns: int) -> None:
    plan = mark(shell, "i-1", "vol-1")
    cloud.errors[graph_id("aws_ec2_volume", "vol-1")] = [KeyError("odd " * 30)]
    shell(f"cleanup apply {plan}")
    screen = Shell(shell.app, columns=columns)
    entry = json.loads(shell("cleanup history | tail 1")[0])["entry"]
    history = screen("cleanup history")
    assert max(map(len, history)) <= columns
    assert sum("aws_ec2_" in line for line in history) == 2
    assert "  forgotten · by ada · " in "\n".join(history)
    assert f"entry {entry}" in " ".join(" ".join(history).split())
    shown = screen(f"cleanup show {entry}")
    assert max(map(len, shown)) <= columns
    assert shown[0] == f"entry         {entry}"
    assert "    instance_status: running" in shown
    assert {line for line in shown if not line.startswith(" ")} >= {"document", "edges", "reason        forgotten"}
    (whole,) = map(json.loads, screen(f"cleanup show {entry} --json"))
    (plain,) = map(json.loads, shell(f"cleanup show {entry}"))
    assert whole == plain
    assert max(map(len, screen("cleanup report")[2:])) <= columns
    assert max(map(len, screen("search is(volume) | clean x; cleanup plan")[-6:])) <= max(columns, 60)
