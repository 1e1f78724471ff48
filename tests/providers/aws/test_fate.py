"""What of AWS cannot be deleted by itself, and what goes with something else: told from the graph alone."""

from __future__ import annotations

from typing import Any

import pytest

from resh.model.node import node_id
from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws.catalog_world import ACCOUNT, REGION, World

INSTANCE = {"InstanceId": "i-1"}


@pytest.fixture
def aws() -> AwsProvider:
    return AwsProvider(Settings())


def document(world: World, kind: str, item: dict[str, Any]) -> dict[str, Any]:
    levels = {"cloud": "aws", "account": ACCOUNT, "region": REGION}
    ancestors = {level: {"reported": {"id": id}} for level, id in levels.items()}
    return {"kind": kind, "reported": world.add(kind, item), "ancestors": ancestors}


@pytest.mark.parametrize(
    ("kind", "item", "why"),
    [
        ("aws_vpc", {"VpcId": "vpc-1", "IsDefault": True}, "default VPC"),
        ("aws_ec2_security_group", {"GroupId": "sg-1", "GroupName": "default"}, "goes with its VPC"),
        ("aws_ec2_route_table", {"RouteTableId": "rtb-1", "Associations": [{"Main": True}]}, "goes with its VPC"),
        ("aws_ec2_network_acl", {"NetworkAclId": "acl-1", "IsDefault": True}, "goes with its VPC"),
        ("aws_ec2_network_interface", {"NetworkInterfaceId": "e", "RequesterManaged": True, "Status": "in-use"}, "service that made it"),
        ("aws_rds_instance", {"DBInstanceIdentifier": "db", "DeletionProtection": True}, "protection is on"),
        ("aws_iam_role", {"RoleId": "r", "RoleName": "r", "Path": "/aws-service-role/x/"}, "belongs to an AWS service"),
        ("aws_ec2_instance_type", {"InstanceType": "t3.nano"}, "belong to AWS"),
        ("aws_ec2_instance", {**INSTANCE, "State": {"Name": "terminated"}}, "it is gone"),
        ("aws_ec2_instance", {**INSTANCE, "State": {"Name": "shutting-down"}}, "it is gone"),
        ("aws_ec2_nat_gateway", {"NatGatewayId": "nat-1", "State": "deleted"}, "it is gone"),
    ],
)
def test_what_cannot_be_deleted_says_why(aws: AwsProvider, world: World, kind: str, item: dict[str, Any], why: str) -> None:
    assert why in aws.undeletable(document(world, kind, item))


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("aws_vpc", {"VpcId": "vpc-1", "IsDefault": False}),
        ("aws_ec2_instance", {**INSTANCE, "State": {"Name": "stopped"}}),
        ("aws_ec2_route_table", {"RouteTableId": "rtb-1", "Associations": [{"Main": False}]}),
        ("aws_rds_instance", {"DBInstanceIdentifier": "db", "DeletionProtection": False}),
    ],
)
def test_everything_else_can(aws: AwsProvider, world: World, kind: str, item: dict[str, Any]) -> None:
    assert aws.undeletable(document(world, kind, item)) == ""


def test_an_instance_takes_the_volumes_that_end_with_it(aws: AwsProvider, world: World) -> None:
    disks = [{"Ebs": {"VolumeId": "vol-1", "DeleteOnTermination": True}}, {"Ebs": {"VolumeId": "vol-2", "DeleteOnTermination": False}}]
    (loss,) = aws.losses(document(world, "aws_ec2_instance", {**INSTANCE, "BlockDeviceMappings": disks}))
    assert loss.id == node_id("aws", ACCOUNT, REGION, "aws_ec2_volume", "vol-1")
    assert (loss.name, loss.marked) == ("aws_ec2_volume vol-1", False)


def test_an_auto_scaling_group_takes_its_instances_if_they_are_marked(aws: AwsProvider, world: World) -> None:
    (loss,) = aws.losses(document(world, "aws_autoscaling_group", {"AutoScalingGroupName": "worker", "Instances": [INSTANCE]}))
    assert (loss.name, loss.marked) == ("aws_ec2_instance i-1", True)
    assert aws.losses(document(world, "aws_vpc", {"VpcId": "vpc-1"})) == ()
