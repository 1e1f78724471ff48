"""Buses, rules and what belongs to them: as EventBridge describes them, and on a moto server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from resh.errors import UsageError
from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

BUS, RULE, ARCHIVE = "aws_eventbridge_bus", "aws_eventbridge_rule", "aws_eventbridge_archive"
CONNECTION, DESTINATION = "aws_eventbridge_connection", "aws_eventbridge_api_destination"
ARN = "arn:aws:events:eu-west-1:123456789012"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:check"
PATTERN = {"source": ["shop"], "detail-type": ["Order placed"]}


def rule(*targets: dict[str, Any], bus: str = "shop", **more: Any) -> dict[str, Any]:
    return {"Name": "orders", "Arn": f"{ARN}:rule/{bus}/orders", "EventBusName": bus, "State": "ENABLED", "Targets": list(targets), **more}


def test_a_bus(world: World) -> None:
    policy = {"Version": "2012-10-17", "Statement": []}
    bus = {"Name": "shop", "Arn": f"{ARN}:event-bus/shop", "Policy": json.dumps(policy), "CreationTime": "2026-11-01T10:00:00Z"}
    more = {"DeadLetterConfig": {"Arn": "arn:dead"}, "KmsKeyIdentifier": "arn:key/k-1", "Tags": [{"Key": "owner", "Value": "ada"}]}
    reported = world.add(BUS, {**bus, **more, "LastModifiedTime": "2026-11-02T10:00:00Z"})
    assert [reported[key] for key in ("id", "arn", "ctime", "mtime")] == [
        "shop", f"{ARN}:event-bus/shop", "2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z",
    ]  # fmt: skip
    assert (reported["bus_policy"], reported["tags"]) == (policy, {"owner": "ada"})
    world.add("aws_sqs_queue", {"QueueUrl": "https://sqs/dead", "QueueArn": "arn:dead"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert (world.edges("default"), world.edges("delete")) == ({"shop > dead", "shop > k-1"}, {"k-1 > shop"})


def test_rules_of_two_buses_may_be_called_alike(world: World) -> None:
    reported = world.add(RULE, rule(EventPattern=json.dumps(PATTERN), Description="of the shop"))
    names = ("id", "name", "rule_state", "rule_description")
    assert [reported[name] for name in names] == ["shop/orders", "orders", "ENABLED", "of the shop"]
    assert reported["rule_event_pattern"] == PATTERN
    on_default = {**rule(bus="default"), "Arn": f"{ARN}:rule/orders", "ScheduleExpression": "rate(1 hour)"}
    assert world.add(RULE, on_default)["id"] == "orders"


def test_a_bus_waits_for_its_rules_and_rules_name_what_they_start(world: World) -> None:
    definition = "arn:aws:ecs:eu-west-1:1:task-definition/web:7"
    targets: tuple[dict[str, Any], ...] = (
        {"Id": "1", "Arn": f"{FUNCTION}:live", "DeadLetterConfig": {"Arn": "arn:dead"}},
        {"Id": "2", "Arn": "arn:aws:logs:eu-west-1:1:log-group:/orders"},
        {"Id": "3", "Arn": "arn:cluster", "RoleArn": "arn:role", "EcsParameters": {"TaskDefinitionArn": definition}},
    )
    world.add(BUS, {"Name": "shop", "Arn": f"{ARN}:event-bus/shop"})
    reported = world.add(RULE, rule(*targets))
    assert [target["id"] for target in reported["rule_targets"]] == ["1", "2", "3"]
    world.add("aws_lambda_function", {"FunctionName": "check", "FunctionArn": FUNCTION})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/orders"})
    world.add("aws_sqs_queue", {"QueueUrl": "https://sqs/dead", "QueueArn": "arn:dead"})
    world.add("aws_ecs_cluster", {"clusterName": "web", "clusterArn": "arn:cluster"})
    world.add("aws_ecs_task_definition", {"taskDefinitionArn": definition})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    starts = {f"shop/orders > {started}" for started in ("check", "/orders", "dead", "web", "web:7")}
    assert world.edges("default") == starts | {"shop > shop/orders", "role > shop/orders"}
    assert world.edges("delete") == {"shop > shop/orders", "role > shop/orders"}


def test_archives_connections_and_destinations(world: World) -> None:
    archive = {"ArchiveName": "kept", "ArchiveArn": f"{ARN}:archive/kept", "EventSourceArn": f"{ARN}:event-bus/shop", "RetentionDays": 30}
    reported = world.add(ARCHIVE, {**archive, "EventPattern": json.dumps(PATTERN), "KmsKeyIdentifier": "k-1"})
    assert [reported[key] for key in ("id", "arn", "archive_retention_days", "archive_event_pattern")] == [
        "kept", f"{ARN}:archive/kept", 30, PATTERN,
    ]  # fmt: skip
    connection = {"Name": "crm", "ConnectionArn": f"{ARN}:connection/crm", "SecretArn": "arn:secret", "AuthorizationType": "BASIC"}
    assert world.add(CONNECTION, connection)["connection_authorization_type"] == "BASIC"
    destination = {"Name": "crm-orders", "ApiDestinationArn": f"{ARN}:api-destination/crm-orders", "HttpMethod": "POST"}
    assert world.add(DESTINATION, {**destination, "ConnectionArn": f"{ARN}:connection/crm"})["destination_http_method"] == "POST"
    world.add(BUS, {"Name": "shop", "Arn": f"{ARN}:event-bus/shop"})
    world.add(RULE, rule({"Id": "1", "Arn": f"{ARN}:api-destination/crm-orders"}))
    world.add("aws_secretsmanager_secret", {"Name": "secret", "ARN": "arn:secret"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    waits = {"shop > kept", "shop > shop/orders", "crm > crm-orders"}
    assert world.edges("default") == waits | {"kept > k-1", "crm > secret", "shop/orders > crm-orders"}
    assert world.edges("delete") == waits | {"k-1 > kept"}


@pytest.fixture
def filled(cloud: Cloud, name: str) -> str:
    """The name of a bus with a rule, an archive, a connection and a destination of the same name."""
    events = cloud.client("events")
    bus = events.create_event_bus(Name=name, Tags=[{"Key": "owner", "Value": "ada"}])["EventBusArn"]
    events.put_rule(Name=name, EventBusName=name, EventPattern=json.dumps(PATTERN), Tags=[{"Key": "owner", "Value": "ada"}])
    events.put_targets(Rule=name, EventBusName=name, Targets=[{"Id": "1", "Arn": FUNCTION}, {"Id": "2", "Arn": bus}])
    events.create_archive(ArchiveName=name, EventSourceArn=bus, RetentionDays=30)
    key = {"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "not-a-secret"}}
    connection = events.create_connection(Name=name, AuthorizationType="API_KEY", AuthParameters=key)["ConnectionArn"]
    events.create_api_destination(Name=name, ConnectionArn=connection, InvocationEndpoint="https://example.com", HttpMethod="POST")
    return name


def test_on_a_server(cloud: Cloud, filled: str) -> None:
    found = cloud.collect(BUS, RULE, ARCHIVE, CONNECTION, DESTINATION)
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    document = cloud.document(RULE, filled)
    assert [target["id"] for target in document["reported"]["rule_targets"]] == ["1", "2"]
    for kind in (DESTINATION, CONNECTION, ARCHIVE, RULE, BUS):
        document = cloud.document(kind, filled)
        assert cloud.looks_the_same(document)
        assert not document["reported"]["tags"] or cloud.takes_tags(document)
        assert cloud.goes(document)


@pytest.mark.parametrize(
    ("kind", "property", "why"),
    [
        (BUS, {"name": "default"}, "every region has this bus"),
        (RULE, {"rule_managed_by": "autoscaling.amazonaws.com"}, "a service of AWS manages it"),
    ],
)
def test_what_stays(cloud: Cloud, kind: str, property: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        cloud.provider.delete(cloud.placed({"kind": kind, "reported": {"id": "x", **property}}))
