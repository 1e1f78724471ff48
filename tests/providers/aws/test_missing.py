"""Denied scopes, turned into the policy that would open them."""

from __future__ import annotations

import pytest

from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.aws.catalogs import catalog
from resh.providers.aws.missing import Missing, missing
from resh.providers.aws.permissions import Permissions
from resh.providers.collector import Options

PERMISSIONS = Permissions(catalog(), Options())


def denied(kind: str, operation: str, message: str = "no", code: str = "AccessDenied", account: str = "1") -> ScopeReport:
    return ScopeReport(Scope("aws", account, "eu-west-1", kind), Status.DENIED, 0, operation, code, message)


def read(kind: str, count: int = 1, account: str = "1") -> ScopeReport:
    return ScopeReport(Scope("aws", account, "eu-west-1", kind), Status.OK, count)


def look(*reports: ScopeReport) -> Missing:
    return missing(PERMISSIONS, reports)


def actions(*reports: ScopeReport) -> set[str]:
    return {right.action for right in look(*reports).rights}


def test_the_action_of_the_call() -> None:
    assert actions(denied("aws_rds_instance", "rds:DescribeDbInstances")) == {"rds:DescribeDBInstances"}


def test_the_action_that_aws_names() -> None:
    message = "User: arn:aws:iam::1:user/ada is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows it"
    assert "s3:ListAllMyBuckets" in actions(denied("aws_s3_bucket", "s3:ListBuckets", message))


def test_calls_that_it_did_not_come_to_are_part_of_it() -> None:
    queue = denied("aws_sqs_queue", "sqs:ListQueues")
    assert actions(queue) == {"sqs:ListQueues", "sqs:GetQueueAttributes", "sqs:ListQueueTags"}
    assert actions(queue, read("aws_sqs_queue")) == {"sqs:ListQueues"}, "another region of the account was allowed the rest"
    assert actions(queue, read("aws_sqs_queue", count=0)) == actions(queue), "where nothing is, nothing was tried"
    assert actions(queue, read("aws_sqs_queue", account="2")) == actions(queue)


def test_a_parent_that_is_closed() -> None:
    assert actions(denied("aws_ecs_service", "ecs:ListClusters")) >= {"ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices"}


def test_usage_that_may_not_be_asked_for() -> None:
    assert actions(denied("usage", "cloudwatch:GetMetricData")) == {"cloudwatch:GetMetricData"}


def test_regions_that_cannot_be_listed() -> None:
    assert actions(denied("aws_sqs_queue", "ec2:DescribeRegions", code="UnauthorizedOperation")) == {"ec2:DescribeRegions"}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ExpiredToken", "The security token included in the request is expired"),
        ("OptInRequired", "You are not subscribed"),
        ("RegionNotEnabled", "not enabled"),
        ("AccessDenied", "ada is not authorized to perform: sqs:ListQueues with an explicit deny in a service control policy"),
    ],
)
def test_what_no_policy_opens(code: str, message: str) -> None:
    found = look(denied("aws_sqs_queue", "sqs:ListQueues", message, code))
    assert (found.rights, found.opened, len(found.closed)) == (set(), [], 1)


def test_other_troubles_are_none_of_rights() -> None:
    throttled = ScopeReport(Scope("aws", "1", "eu-west-1", "aws_sqs_queue"), Status.THROTTLED, 0, "sqs:ListQueues", "Throttling", "slow")
    assert look(throttled, read("aws_sqs_queue")) == Missing()
