"""The command `aws`: accounts, and policies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from resh.app import App
from resh.errors import ProviderError, ReshError
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.base import Account
from tests.commands.conftest import ACCOUNT, Shell


class Reach:
    """A provider that knows its accounts and a trouble."""

    name = "aws"
    problems: Sequence[ReshError] = (ProviderError("AWS refuses profile 'old'", "sign in"),)

    def accounts(self) -> Sequence[Account]:
        role = "arn:aws:iam::222222222222:role/inventory live"
        return [Account("aws", ACCOUNT, "demo"), Account("aws", "222222222222", "shop", role), Account("aws", "333333333333", "", "test")]


@pytest.fixture
def reach(shell: Shell) -> Shell:
    shell.app.__dict__["providers"] = {"aws": Reach()}
    return shell


def policy(lines: list[str]) -> dict[str, list[str]]:
    """Actions by statement."""
    return {statement["Sid"]: statement["Action"] for statement in json.loads("\n".join(lines))["Statement"]}


def test_accounts_with_the_way_in(reach: Shell) -> None:
    reach.app.settings.set("aws.read_only_accounts", "sho*", "option")
    assert reach("aws accounts | format {id} {name} {way_in} {changes}") == [
        f"{ACCOUNT} demo these credentials allowed",
        "222222222222 shop role arn:aws:iam::222222222222:role/inventory for profile 'live' aws.read_only_accounts names it",
        "333333333333  profile 'test' aws.read_only_accounts may name it, and its name is not known",
    ]
    assert reach.notes == ["AWS refuses profile 'old' (sign in)"]
    assert reach.status == 3


def test_the_policy_is_for_what_is_configured(shell: Shell) -> None:
    shell.app.settings.set("aws.collect", "aws_sqs_queue", "option")
    found = policy(shell("aws permissions"))
    assert {"sqs:ListQueues", "ec2:DescribeRegions"} <= set(found["Collect"])
    assert not any(action.startswith(("s3:", "rds:")) for action in found["Collect"])
    assert policy(shell("aws permissions --tags --cleanup")) == {
        **found,
        "Tags": ["sqs:TagQueue", "sqs:UntagQueue"],
        "Cleanup": ["sqs:DeleteQueue"],
    }


def test_a_policy_that_is_too_large_says_so_and_can_be_split(shell: Shell) -> None:
    shell("aws permissions --tags --cleanup")
    assert "a managed policy may have 6,144 characters" in shell.notes[0]
    parts = [json.loads(line) for line in shell("aws permissions --tags --cleanup --split")]
    assert len(parts) > 1
    assert not shell.notes


def test_partition_of_the_resources(shell: Shell) -> None:
    shell.app.settings.set("aws.regions", "us-gov-west-1", "option")
    assert any("arn:aws-us-gov:apigateway:" in line for line in shell("aws permissions"))


def test_what_is_missing(shell: Shell, graph: App) -> None:
    with graph.graph.merge("aws", ACCOUNT, "") as merge:
        scope = Scope("aws", ACCOUNT, "eu-west-1", "aws_rds_instance")
        merge.scope(ScopeReport(scope, Status.DENIED, 0, "rds:DescribeDbInstances", "AccessDenied", "not for you"))
        merge.scope(ScopeReport(scope._replace(region="us-east-1"), Status.DENIED, 0, "rds:DescribeDbInstances", "ExpiredToken", "expired"))
    assert policy(shell("aws permissions --missing")) == {"Missing": ["rds:DescribeDBInstances"]}
    assert shell.notes[0] == "this would open 1 denied scope in 1 account"
    assert shell.notes[1].startswith(f"no policy of the role opens this one: denied: aws/{ACCOUNT}/us-east-1/aws_rds_instance")


def test_nothing_is_missing(shell: Shell) -> None:
    assert shell("aws permissions --missing") == []
    assert shell.notes == ["the last collect was denied nothing"]


@pytest.mark.parametrize("options", ["--missing --tags", "--entry --cleanup", "--entry --missing"])
def test_some_policies_stand_alone(shell: Shell, options: str) -> None:
    shell(f"aws permissions {options}")
    assert shell.status == 2
    assert "print policies of their own" in shell.notes[0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"role": "inventory"}, {"sts:AssumeRole": "arn:aws:iam::*:role/inventory"}),
        (
            {"role": "inventory", "organization": True},
            {"organizations:ListAccounts": "*", "sts:AssumeRole": "arn:aws:iam::*:role/inventory"},
        ),
        (
            {"role": "inventory", "organization": True, "organization_role": "arn:aws:iam::1:role/lister"},
            {"sts:AssumeRole": ["arn:aws:iam::*:role/inventory", "arn:aws:iam::1:role/lister"]},
        ),
        ({"role": "arn:aws-cn:iam::222222222222:role/x"}, {"sts:AssumeRole": "arn:aws-cn:iam::222222222222:role/x"}),
    ],
)
def test_what_the_credentials_need_that_assume_roles(shell: Shell, values: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, value in values.items():
        shell.app.settings.set(f"aws.{name}", value, "option")
    statements = json.loads("\n".join(shell("aws permissions --entry")))["Statement"]
    assert {action: statement["Resource"] for statement in statements for action in statement["Action"]} == expected


def test_usage_is_part_of_the_policy_where_it_is_asked_for(shell: Shell) -> None:
    def allowed(**values: Any) -> bool:
        for name, value in values.items():
            shell.app.settings.set(f"aws.{name}", value, "option")
        return any("cloudwatch:GetMetricData" in line for line in shell("aws permissions"))

    assert not allowed()
    assert allowed(usage=True)
    assert not allowed(collect=["aws_s3_bucket"]), "nothing is collected that has metrics"
    assert allowed(collect=["aws_ec2_*"])
    assert not allowed(usage_kinds=["aws_elb"])


def test_without_a_role_there_is_no_entry(shell: Shell) -> None:
    shell("aws permissions --entry")
    assert (shell.status, "set aws.role first" in shell.notes[0]) == (2, True)


def test_a_secret_is_neither_stored_nor_shown(shell: Shell) -> None:
    shell("config set aws.secret_access_key planted")
    assert shell.status == 2
    assert "never stored" in shell.notes[0]
    assert "RESH__AWS__SECRET_ACCESS_KEY" in shell.notes[0]
    assert "planted" not in shell.notes[0]
    assert shell("config show aws.secret_access_key | format {value}") == [""]
    shell.app.settings.set("aws.secret_access_key", "planted", "environment")
    assert shell("config show aws.secret_access_key | format {value} {source}") == ["(hidden) environment"]
    assert "planted" not in "".join(shell("config show"))
