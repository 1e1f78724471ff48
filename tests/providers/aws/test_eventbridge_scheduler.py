"""Schedules and their groups: as EventBridge Scheduler describes them, and on a moto server."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

GROUP, SCHEDULE = "aws_eventbridge_schedule_group", "aws_eventbridge_schedule"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:report"
ROLE = "arn:aws:iam::123456789012:role/scheduler"


def test_properties_and_edges(world: World) -> None:
    reported = world.add(GROUP, {"Name": "nightly", "Arn": "arn:group", "State": "ACTIVE", "Tags": [{"Key": "owner", "Value": "ada"}]})
    assert [reported[key] for key in ("id", "arn", "group_state", "tags")] == ["nightly", "arn:group", "ACTIVE", {"owner": "ada"}]
    schedule = {
        "Name": "report", "GroupName": "nightly", "Arn": "arn:schedule", "ScheduleExpression": "cron(0 3 * * ? *)", "State": "ENABLED",
        "Target": {"Arn": FUNCTION, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": "arn:dead"}}, "FlexibleTimeWindow": {"Mode": "OFF"},
        "KmsKeyArn": "arn:key/k-1", "CreationDate": "2026-11-01T10:00:00Z", "EndDate": "2027-01-01T00:00:00Z",
    }  # fmt: skip
    reported = world.add(SCHEDULE, schedule)
    names = ("id", "name", "schedule_group_name", "schedule_expression", "schedule_state", "ctime", "schedule_end_date")
    assert [reported[name] for name in names] == [
        "nightly/report", "report", "nightly", "cron(0 3 * * ? *)", "ENABLED", "2026-11-01T10:00:00Z", "2027-01-01T00:00:00Z",
    ]  # fmt: skip
    assert reported["schedule_target"]["role_arn"] == ROLE
    world.add("aws_lambda_function", {"FunctionName": "report", "FunctionArn": FUNCTION})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": ROLE})
    world.add("aws_sqs_queue", {"QueueUrl": "https://sqs/dead", "QueueArn": "arn:dead"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    waits = {"nightly > nightly/report", "role > nightly/report"}
    assert world.edges("default") == waits | {f"nightly/report > {used}" for used in ("report", "dead", "k-1")}
    assert world.edges("delete") == waits | {"k-1 > nightly/report"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    scheduler = cloud.client("scheduler")
    scheduler.create_schedule_group(Name=name, Tags=[{"Key": "owner", "Value": "ada"}])
    for group in (name, "default"):
        scheduler.create_schedule(
            Name=name, GroupName=group, ScheduleExpression="rate(1 hour)", FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": FUNCTION, "RoleArn": ROLE},
        )  # fmt: skip
    assert {f"{name}/{name}", f"default/{name}"} <= {document["reported"]["id"] for document in cloud.documents(SCHEDULE)}
    document = cloud.find(SCHEDULE, f"{name}/{name}")
    assert document["reported"]["schedule_expression"] == "rate(1 hour)"
    assert cloud.looks_the_same(document)
    assert cloud.goes(document)
    document = cloud.document(GROUP, name)
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)  # moto breaks when it is asked to once more
    assert cloud.is_gone(document)


def test_the_default_group_stays(cloud: Cloud) -> None:
    with pytest.raises(UsageError, match="every region has this group"):
        cloud.provider.delete(cloud.placed({"kind": GROUP, "reported": {"id": "default", "name": "default"}}))
