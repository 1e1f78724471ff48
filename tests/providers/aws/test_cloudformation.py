"""Stacks and stack sets: as CloudFormation describes them, and on a moto server."""

from __future__ import annotations

import json

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

STACK, STACK_SET, INSTANCE = "aws_cloudformation_stack", "aws_cloudformation_stack_set", "aws_cloud_formation_stack_instance_summary"
TEMPLATE = {
    "Parameters": {"OwnerName": {"Type": "String", "Default": "ada"}},
    "Resources": {"Orders": {"Type": "AWS::SQS::Queue"}, "Logs": {"Type": "AWS::Logs::LogGroup"}},
}


def made(type: str, id: str) -> dict[str, str]:
    return {"ResourceType": f"AWS::{type}", "PhysicalResourceId": id}


def test_a_stack_stands_above_what_it_is_made_of(world: World) -> None:
    resources = [
        made("SQS::Queue", "https://sqs/1/orders"),
        made("EC2::Instance", "i-1"),
        made("IAM::Role", "worker"),
        made("New::Thing", "x"),
    ]
    parameters = [{"ParameterKey": "OwnerName", "ParameterValue": "ada"}]
    stack = {"StackId": "arn:stack", "StackName": "shop", "StackStatus": "CREATE_COMPLETE", "RoleARN": "arn:role"}
    reported = world.add(STACK, {**stack, "Parameters": parameters, "Resources": resources})
    assert [reported[key] for key in ("id", "name", "arn", "stack_status")] == ["arn:stack", "shop", "arn:stack", "CREATE_COMPLETE"]
    assert reported["stack_parameters"] == {"OwnerName": "ada"}
    assert reported["stack_resources"][1] == {"resource_type": "AWS::EC2::Instance", "physical_resource_id": "i-1"}
    world.add("aws_sqs_queue", {"QueueUrl": "https://sqs/1/orders"})
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    world.add("aws_iam_role", {"RoleId": "R1", "RoleName": "worker"})
    world.add("aws_iam_role", {"RoleId": "R2", "Arn": "arn:role"})
    assert world.edges("default") == {"arn:stack > orders", "arn:stack > i-1", "arn:stack > R1", "R2 > arn:stack"}
    assert world.edges("delete") == {"R2 > arn:stack"}


def test_stack_sets_and_their_instances(world: World) -> None:
    parameters = [{"ParameterKey": "Size", "ParameterValue": "8"}]
    stack_set = {"StackSetName": "base", "StackSetId": "base:1", "Status": "ACTIVE", "ManagedExecution": {"Active": False}}
    reported = world.add(STACK_SET, {**stack_set, "StackSetARN": "arn:base", "Parameters": parameters})
    assert [reported[key] for key in ("id", "name", "arn", "stack_set_status")] == ["base:1", "base", "arn:base", "ACTIVE"]
    assert (reported["stack_set_managed_execution"], reported["stack_set_parameters"]) == (False, {"Size": "8"})
    where = {"StackSetId": "base:1", "Account": "1", "Region": "eu-west-1", "StackInstanceStatus": {"DetailedStatus": "SUCCEEDED"}}
    instance = world.add(INSTANCE, {**where, "StackId": "arn:stack/s-1", "_parent": reported})
    assert instance["id"] == "base:1/s-1/1/eu-west-1"
    assert instance["stack_instance_stack_instance_status"] == "SUCCEEDED"
    assert world.edges("default") == {"base:1 > base:1/s-1/1/eu-west-1"}


def test_a_stack_on_a_server(cloud: Cloud, name: str) -> None:
    stacks = cloud.client("cloudformation")
    tags = [{"Key": "owner", "Value": "ada"}]
    id = stacks.create_stack(StackName=name, TemplateBody=json.dumps(TEMPLATE), Tags=tags)["StackId"]
    assert {one["reported"]["id"] for one in cloud.documents(STACK)} == {stack["StackId"] for stack in stacks.describe_stacks()["Stacks"]}
    document = cloud.find(STACK, id)
    assert (document["reported"]["stack_parameters"], document["reported"]["tags"]) == ({"OwnerName": "ada"}, {"owner": "ada"})
    assert sorted(one["resource_type"] for one in document["reported"]["stack_resources"]) == ["AWS::Logs::LogGroup", "AWS::SQS::Queue"]
    assert [loss.marked for loss in cloud.provider.losses(document)] == [True]
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_a_protected_stack_stays(cloud: Cloud, name: str) -> None:
    document = cloud.placed({"kind": STACK, "reported": {"id": name, "stack_enable_termination_protection": True}})
    with pytest.raises(UsageError, match="termination protection"):
        cloud.provider.delete(document)


def test_a_stack_set_on_a_server(cloud: Cloud, name: str) -> None:
    stacks = cloud.client("cloudformation")
    id = stacks.create_stack_set(StackSetName=name, TemplateBody=json.dumps(TEMPLATE))["StackSetId"]
    document = cloud.find(STACK_SET, id)
    assert "Resources" not in str(document)
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
