"""Policies from the catalog. AWS's own policies, which moto has copies of, say what actions are called."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from resh.providers.aws.catalogs import catalog
from resh.providers.aws.permissions import MOST_CHARACTERS, Permissions, Right, policy, size, split
from resh.providers.collector import Options

CATALOG = catalog()
ALL = Permissions(CATALOG, Options())


@cache
def managed(name: str) -> tuple[str, ...]:
    """The actions of one of AWS's policies, in small letters: they may be patterns."""
    statements = json.loads(aws_managed_policies_data)[name]["Document"]["Statement"]
    found = (statement["Action"] for statement in statements if statement["Effect"] == "Allow")
    return tuple(action.lower() for actions in found for action in ([actions] if isinstance(actions, str) else actions))


def actions(**options: Any) -> set[str]:
    return {right.action for right in Permissions(CATALOG, Options(**options)).collect()}


def test_collecting_needs_no_more_than_to_read() -> None:
    reads = managed("ReadOnlyAccess")
    unknown = {right.action for right in ALL.collect() if not any(fnmatchcase(right.action.lower(), pattern) for pattern in reads)}
    assert unknown == set()


def test_usage_needs_one_right_more() -> None:
    assert Permissions(CATALOG, Options(), usage=True).collect() - ALL.collect() == {Right("cloudwatch:GetMetricData")}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("aws_sqs_queue", {"sqs:ListQueues", "sqs:GetQueueAttributes", "sqs:ListQueueTags"}),
        ("aws_cloudwatch_alarm", {"cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"}),
        ("aws_efs_mount_target", {"elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeMountTargets"}),
        ("aws_rds_instance", {"rds:DescribeDBInstances"}),
    ],
)
def test_actions_of_a_kind(kind: str, expected: set[str]) -> None:
    always = actions(collect=("nothing",))
    account = {f"iam:{name}" for name in ("ListAccountAliases", "GetAccountSummary", "GetAccountPasswordPolicy")}
    assert always == {"ec2:DescribeRegions", "organizations:DescribeOrganization", *account}
    assert expected <= actions(collect=(kind,))
    assert {action.partition(":")[0] for action in actions(collect=(kind,)) - always} == {next(iter(expected)).partition(":")[0]}


def test_actions_of_s3_have_names_of_their_own() -> None:
    found = actions(collect=("aws_s3_bucket",))
    names = {
        "ListAllMyBuckets",
        "GetEncryptionConfiguration",
        "GetLifecycleConfiguration",
        "GetBucketPublicAccessBlock",
        "GetBucketLocation",
    }
    assert {f"s3:{name}" for name in names} <= found
    assert not {"s3:ListBuckets", "s3:GetBucketEncryption", "s3:GetPublicAccessBlock"} & found


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("lambda", "invoke", "lambda:InvokeFunction"),
        ("s3control", "get_public_access_block", "s3:GetAccountPublicAccessBlock"),
        ("s3", "list_bucket_metrics_configurations", "s3:GetMetricsConfiguration"),
        ("s3", "put_bucket_replication", "s3:PutReplicationConfiguration"),
        ("resourcegroupstaggingapi", "get_resources", "tag:GetResources"),
        ("stepfunctions", "list_state_machines", "states:ListStateMachines"),
        ("neptune", "describe_db_clusters", "rds:DescribeDBClusters"),
    ],
)
def test_exceptions(service: str, operation: str, action: str) -> None:
    assert ALL.rights((service, operation)) == {Right(action)}


def test_what_everybody_may_do_is_left_out() -> None:
    assert ALL.rights(("sts", "get_caller_identity")) == set()


def test_the_api_gateway_knows_methods_and_paths() -> None:
    permissions = Permissions(CATALOG, Options(collect=("aws_apigateway_*",)), "aws-cn")
    read, change, _ = policy(Collect=permissions.collect(), Cleanup=permissions.cleanup())["Statement"][1:]
    assert read["Action"] == ["apigateway:GET"]
    assert "arn:aws-cn:apigateway:*::/restapis" in read["Resource"]
    assert "arn:aws-cn:apigateway:*::/restapis/*/stages" in read["Resource"]
    assert all("{" not in path for path in read["Resource"])
    assert (change["Action"], change["Resource"][-1]) == (["apigateway:DELETE"], "arn:aws-cn:apigateway:*::/restapis/*")


def test_changes_are_asked_for_only_when_wanted() -> None:
    permissions = Permissions(CATALOG, Options(collect=("aws_ec2_volume", "aws_s3_bucket")))
    tags, cleanup = permissions.tags(), permissions.cleanup()
    assert {Right("ec2:CreateTags"), Right("ec2:DeleteTags"), Right("s3:PutBucketTagging"), Right("s3:GetBucketTagging")} <= tags
    assert {Right("ec2:DeleteVolume"), Right("s3:DeleteBucket"), Right("ec2:DescribeVolumes")} <= cleanup
    collect, more = policy(Collect=permissions.collect(), Cleanup=cleanup)["Statement"]
    assert (collect["Sid"], more["Sid"], more["Action"]) == ("Collect", "Cleanup", ["ec2:DeleteVolume", "s3:DeleteBucket"])


def test_what_a_kind_is_listed_under_is_part_of_it() -> None:
    assert {"ecs:ListClusters", "ecs:ListServices"} <= actions(collect=("aws_ecs_service",))
    assert not any(action.startswith("ecs:") for action in actions(no_collect=("aws_ecs_*",)))


def test_a_large_policy_is_split() -> None:
    whole = policy(Collect=ALL.collect(), Tags=ALL.tags(), Cleanup=ALL.cleanup())
    parts = list(split(whole))
    assert size(whole) > MOST_CHARACTERS
    assert max(map(size, parts)) <= MOST_CHARACTERS

    def rights(*documents: dict[str, Any]) -> list[tuple[str, str]]:
        statements = [statement for document in documents for statement in document["Statement"]]
        return [(action, str(statement["Resource"])) for statement in statements for action in statement["Action"]]

    assert rights(*parts) == rights(whole)
    assert len(rights(whole)) == len(set(rights(whole)))
    assert list(split(policy(Collect=ALL.rights(("sqs", "list_queues"))))) == [policy(Collect={Right("sqs:ListQueues")})]
