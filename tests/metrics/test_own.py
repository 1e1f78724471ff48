from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from resh.cancel import Cancel
from resh.cleanup.journal import Entry
from resh.graph.base import Account
from resh.metrics.own import Own
from resh.model.scope import Scope, ScopeReport, Status
from resh.state.runs import RunRecord, StepRecord

PLACE = {"cloud": "aws", "account": "demo", "region": "eu-west-1"}


def prices(text: str, cancel: Cancel) -> Iterable[Mapping[str, Any]]:
    kind, cost = ("gp3", 0.1) if "volume_type" in text else ("t3.micro", 0.01)
    return [
        {"group": {"region": "eu-west-1", "type": kind}, "cost": cost},
        {"group": {"region": "eu-west-1", "type": "other"}, "cost": None},
    ]


def entry(kind: str, result: str, **reported: object) -> Entry:
    ancestors = {level: {"reported": {"name": name}} for level, name in PLACE.items()}
    return Entry({"kind": kind, "reported": reported, "ancestors": ancestors}, (), "", "", "", "", "", result=result)


def run(workflow: str, started: float, ended: float, about: str = "") -> RunRecord:
    return RunRecord("1", workflow, "ada", started, steps=(StepRecord("collect", started, ended),), about=about)


def report(kind: str, status: Status) -> tuple[ScopeReport, float]:
    return ScopeReport(Scope("aws", "1", "eu-west-1", kind), status), 0.0


def own(**parts: Any) -> Own:
    nothing: dict[str, Any] = dict.fromkeys(("scopes", "accounts", "runs", "journal"), list)
    return Own(**{**nothing, **{name: lambda part=part: part for name, part in parts.items()}, "groups": prices})


def test_scopes_that_failed_are_counted_by_account_and_status() -> None:
    reports = [report("a", Status.DENIED), report("b", Status.DENIED), report("c", Status.OK), report("d", Status.FAILED)]
    rows = own(scopes=reports, accounts=[Account("aws", "1", "demo", 0.0, 0)]).rows("scopes")
    assert list(rows) == [
        {"group": {**PLACE, "status": "denied"}, "value": 2},
        {"group": {**PLACE, "status": "failed"}, "value": 1},
    ]


def test_the_last_whole_collect_of_each_workflow_counts() -> None:
    runs = [run("collect", 0, 10), run("collect", 20, 25), run("collect", 30, 31, about="demo"), run("main", 40, 47), run("main", 50, 0)]
    assert list(own(runs=runs).rows("collects")) == [
        {"group": {"workflow": "collect"}, "value": 5},
        {"group": {"workflow": "main"}, "value": 7},
    ]


DELETED = [
    entry("aws_ec2_volume", "deleted", volume_size=100, volume_type="gp3"),
    entry("aws_ec2_volume", "deleted", volume_size=50, volume_type="gp3"),
    entry("aws_ec2_volume", "failed", volume_size=1000, volume_type="gp3"),
    entry("aws_ec2_volume", ""),
    entry("aws_ec2_instance", "deleted", instance_status="running", instance_type="t3.micro"),
    entry("aws_ec2_instance", "deleted", instance_status="stopped", instance_type="t3.micro"),
    entry("aws_ec2_volume", "deleted", volume_size=100, volume_type="unknown"),
]


def test_only_what_is_gone_was_deleted() -> None:
    rows = {row["group"]["kind"]: row["value"] for row in own(journal=DELETED).rows("deletions")}
    assert rows == {"aws_ec2_volume": 3, "aws_ec2_instance": 2}


def test_what_was_known_when_it_was_deleted_stands() -> None:
    known = replace(DELETED[0], monthly_cost=12.5)
    (row,) = own(journal=[known, DELETED[1]]).rows("savings")
    assert row["value"] == 17.5


def test_savings_are_sizes_times_prices_and_hours_of_what_ran() -> None:
    rows = {row["group"]["kind"]: round(row["value"], 6) for row in own(journal=DELETED).rows("savings")}
    assert rows == {"aws_ec2_volume": 15, "aws_ec2_instance": 7.3}
