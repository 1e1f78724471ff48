"""`calls`, over counts that the test writes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from resh.state.calls import COMMANDS, AccountCalls, CallCount
from tests.commands.conftest import Shell


def count(region: str, operation: str, *seconds: float, errors: dict[str, int] | None = None, **more: Any) -> CallCount:
    found = CallCount(region, operation, calls=len(seconds), units=len(seconds), errors=errors or {}, **more)
    for one in seconds:
        found.took(one)
    return found


@pytest.fixture
def run(shell: Shell) -> str:
    """Two accounts, and a later run that made no calls."""
    tables = shell.app.tables
    record = tables.runs.open("collect", by="ada", at=1.0)
    one = (
        count("eu-west-1", "ec2:DescribeVolumes", 0.1, 0.1, 0.2, errors={"SlowDown": 1, "Odd": 2}, throttled=1, repeated=1, bytes=900),
        count("us-east-1", "ec2:DescribeVolumes", 0.1, bytes=100),
        count("global", "s3:ListBuckets", 4.0, bytes=50),
    )
    two = (count("us-east-1", "iam:ListUsers", 0.5, 0.5), count("eu-west-1", "cloudwatch:GetMetricData", 0.3, unsized=1))
    two[1].units = 500
    tables.calls.add(record.id, AccountCalls("aws", "1", "shop", one))
    tables.calls.add(record.id, AccountCalls("aws", "2", "", two))
    tables.runs.save(replace(record, status="ok", ended=5.0))
    tables.runs.open("metrics", by="ada", at=6.0)
    return record.id


def rows(shell: Shell, line: str) -> list[dict[str, object]]:
    return [json.loads(row) for row in shell(line)]


def test_calls_are_counted_by_operation_over_accounts_and_regions(shell: Shell, run: str) -> None:
    found = rows(shell, "calls")
    assert [row["operation"] for row in found] == [
        "ec2:DescribeVolumes",
        "iam:ListUsers",
        "cloudwatch:GetMetricData",
        "s3:ListBuckets",
    ]
    volumes = found[0]
    assert volumes == {
        "operation": "ec2:DescribeVolumes",
        "calls": 4,
        "seconds": 0.5,
        "p95": 0.2,
        "throttled": 1,
        "retries": 1,
        "errors": {"Odd": 2, "SlowDown": 1},
        "bytes": 1000,
        "billed": 0,
        "cost": None,
        "unpriced": 4,
    }
    assert found == rows(shell, f"calls {run}")


def test_an_unknown_price_is_unknown_and_free_is_free(shell: Shell, run: str) -> None:
    found = {row["operation"]: (row["billed"], row["cost"], row["unpriced"]) for row in rows(shell, "calls")}
    assert found == {
        "ec2:DescribeVolumes": (0, None, 4),
        "iam:ListUsers": (0, 0.0, 0),
        "cloudwatch:GetMetricData": (500, 0.005, 0),
        "s3:ListBuckets": (1, 0.000005, 0),
    }
    (whole,) = rows(shell, "calls --by service --account 1 --region eu-west-1")
    assert (whole["cost"], whole["unpriced"]) == (None, 3)


def test_by_others_and_of_some_only(shell: Shell, run: str) -> None:
    assert [(row["account"], row["calls"]) for row in rows(shell, "calls --by account")] == [("shop", 5), ("2", 3)]
    assert [(row["region"], row["service"]) for row in rows(shell, "calls --by region,service --account shop")] == [
        ("eu-west-1", "ec2"),
        ("global", "s3"),
        ("us-east-1", "ec2"),
    ]
    assert [row["operation"] for row in rows(shell, "calls --region us-*,global --sort seconds")] == [
        "s3:ListBuckets",
        "iam:ListUsers",
        "ec2:DescribeVolumes",
    ]
    assert [row["bytes"] for row in rows(shell, "calls --account 2 --by region --region eu-*")] == [None]


def test_by_what_they_were_made_for(shell: Shell, run: str) -> None:
    calls = shell.app.tables.calls
    calls.add(run, AccountCalls("aws", "", "", (count("us-east-1", "sts:GetCallerIdentity", 0.1),), "accounts"))
    calls.add(run, AccountCalls("aws", "1", "shop", (count("us-east-1", "ec2:DeleteVolume", 0.1, 0.1),), "cleanup"))
    for command in ("tag", "aws", "tag"):
        calls.add(COMMANDS, AccountCalls("aws", "1", "shop", (count("eu-west-1", "ec2:CreateTags", 0.1),), command))
    assert [(row["purpose"], row["calls"]) for row in rows(shell, "calls --by purpose")] == [
        ("collect", 8),
        ("cleanup", 2),
        ("accounts", 1),
    ]
    found = rows(shell, "calls commands --by purpose,operation --account shop")
    assert [(row["purpose"], row["operation"], row["calls"]) for row in found] == [
        ("tag", "ec2:CreateTags", 2),
        ("aws", "ec2:CreateTags", 1),
    ]
    assert [row["account"] for row in rows(shell, "calls --by account")] == ["shop", "2", ""]


def test_its_rows_go_on_like_others(shell: Shell, run: str) -> None:
    assert shell("calls --by service | list --csv service, calls")[:2] == ['"service","calls"', '"ec2",4']
    assert shell("calls --sort throttled | head 1 | format {operation}: {throttled}") == ["ec2:DescribeVolumes: 1"]
    assert {row["operations"]: row["usd"] for row in rows(shell, "calls --prices")}["ce:*"] == 0.01


@pytest.mark.parametrize(
    ("line", "message", "status"),
    [
        ("calls --by operatoin", "calls: --by knows no 'operatoin' (did you mean operation", 2),
        ("calls --by ,", "calls: --by knows no ''", 2),
        ("calls --sort size", "calls: --sort knows no 'size' (one of calls, seconds", 2),
        ("calls 99ff", "there is no run '99ff' (workflows history lists them)", 1),
        ("calls xyz", "there is no run 'xyz'", 1),
        ("calls 0002", "run 0002 of metrics has no calls to show (those of an account are counted when its collect has ended)", 1),
        ("calls --account shopp", "no call of run 0001 fits 'shopp' (did you mean shop?)", 1),
        ("calls commands", "no command has counted calls yet (aws, tag and refresh do)", 1),
        ("calls --region mars-1", "no call of run 0001 fits 'mars-1' (there are eu-west-1, global, us-east-1)", 1),
    ],
)
def test_mistakes_are_told(shell: Shell, run: str, line: str, message: str, status: int) -> None:
    assert shell(line) == []
    assert shell.status == status
    assert message in shell.notes[-1]


def test_before_the_first_collect(shell: Shell) -> None:
    shell("calls")
    assert (shell.status, shell.notes) == (1, ["resh: error: no run has counted its calls yet (collect run collects now)"])
