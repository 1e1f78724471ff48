"""State machines and activities: as Step Functions describes them, and on a moto server."""

from __future__ import annotations

import json
from typing import Any

from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

MACHINE, ACTIVITY = "aws_stepfunctions_state_machine", "aws_stepfunctions_activity"
ARN = "arn:aws:states:eu-west-1:123456789012"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function"
ROLE = "arn:aws:iam::123456789012:role/steps"


def machine(states: dict[str, Any], **more: Any) -> dict[str, Any]:
    definition = json.dumps({"StartAt": "First", "States": states})
    return {"stateMachineArn": f"{ARN}:stateMachine:orders", "name": "orders", "definition": definition, **more}


def task(**parameters: str) -> dict[str, Any]:
    return {"Type": "Task", "Resource": "arn:aws:states:::some:call", "Parameters": parameters}


def test_properties(world: World) -> None:
    more = {"type": "STANDARD", "status": "ACTIVE", "roleArn": ROLE, "creationDate": "2026-11-01T10:00:00Z"}
    reported = world.add(MACHINE, machine({"First": {"Type": "Succeed"}}, **more, tags=[{"key": "owner", "value": "ada"}]))
    assert [reported[key] for key in ("id", "arn", "state_machine_type", "state_machine_status", "ctime", "tags")] == [
        "orders", f"{ARN}:stateMachine:orders", "STANDARD", "ACTIVE", "2026-11-01T10:00:00Z", {"owner": "ada"},
    ]  # fmt: skip
    assert reported["state_machine_definition"] == {"StartAt": "First", "States": {"First": {"Type": "Succeed"}}}
    activity = {"activityArn": f"{ARN}:activity:pack", "name": "pack", "encryptionConfiguration": {"type": "AWS_OWNED_KEY"}}
    reported = world.add(ACTIVITY, activity)
    assert [reported[key] for key in ("id", "arn")] == ["pack", f"{ARN}:activity:pack"]
    assert reported["activity_encryption_configuration"] == {"type": "AWS_OWNED_KEY"}


def test_what_steps_start_is_found_in_branches_and_maps_too(world: World) -> None:
    states = {
        "First": {"Type": "Task", "Resource": f"{FUNCTION}:check:live"},
        "Both": {"Branches": [{"States": {"One": task(FunctionName="count")}}, {"States": {"Two": task(TopicArn="arn:topic")}}]},
        "Each": {"Type": "Map", "ItemProcessor": {"States": {"Put": task(TableName="stock", QueueUrl="https://sqs/1/packing")}}},
        "Old": {"Type": "Map", "Iterator": {"States": {"Pack": {"Type": "Task", "Resource": f"{ARN}:activity:pack"}}}},
        "Else": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "Arguments": {"StateMachineArn": "{% $other %}"}},
        "End": {"Type": "Succeed"},
    }  # fmt: skip
    logs = {"destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:eu-west-1:1:log-group:/steps:*"}}]}
    world.add(MACHINE, machine(states, roleArn=ROLE, loggingConfiguration=logs, encryptionConfiguration={"kmsKeyId": "k-1"}))
    for name in ("check", "count"):
        world.add("aws_lambda_function", {"FunctionName": name, "FunctionArn": f"{FUNCTION}:{name}"})
    world.add("aws_sns_topic", {"TopicArn": "arn:topic"})
    world.add("aws_dynamodb_table", {"TableName": "stock"})
    world.add("aws_sqs_queue", {"QueueUrl": "https://sqs/1/packing"})
    world.add(ACTIVITY, {"name": "pack", "activityArn": f"{ARN}:activity:pack"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/steps"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": ROLE})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    used = ("check", "count", "arn:topic", "stock", "packing", "pack", "/steps", "k-1")
    assert world.edges("default") == {"role > orders", *(f"orders > {name}" for name in used)}
    assert world.edges("delete") == {"role > orders", "k-1 > orders"}


def test_a_definition_may_be_hidden(world: World) -> None:
    world.add(MACHINE, {"stateMachineArn": f"{ARN}:stateMachine:orders", "name": "orders"})
    assert world.edges("default") == set()


def test_a_rule_starts_a_state_machine(world: World) -> None:
    world.add(MACHINE, machine({}))
    world.add("aws_eventbridge_rule", {"Name": "paid", "Arn": "arn:rule/paid", "Targets": [{"Arn": f"{ARN}:stateMachine:orders"}]})
    assert world.edges("default") == {"paid > orders"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    steps = cloud.client("stepfunctions")
    tags = [{"key": "owner", "value": "ada"}]
    definition = json.dumps({"StartAt": "First", "States": {"First": {"Type": "Succeed"}}})
    steps.create_state_machine(name=name, definition=definition, roleArn=ROLE, tags=tags)
    steps.create_activity(name=name, tags=tags)
    found = cloud.collect(MACHINE, ACTIVITY)
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    for kind in (MACHINE, ACTIVITY):
        document = cloud.document(kind, name)
        assert document["reported"]["tags"] == {"owner": "ada"}
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)
    assert name not in [machine["name"] for machine in steps.list_state_machines()["stateMachines"]]
