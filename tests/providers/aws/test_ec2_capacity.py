"""Dedicated hosts, reservations and flow logs: as EC2 describes them, and on a moto server."""

from __future__ import annotations

from resh.providers.aws.ec2_capacity import HOST
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import REGION, Cloud


def test_hosts_and_reservations(world: World) -> None:
    host = {"HostId": "h-1", "State": "available", "AvailabilityZone": "eu-west-1a", "Instances": [{"InstanceId": "i-1"}]}
    assert world.add("aws_ec2_host", host)["host_state"] == "available"
    reservation = {"ReservedInstancesId": "r-1", "InstanceType": "m5.large", "InstanceCount": 2, "Start": "2026-11-01T00:00:00Z"}
    reported = world.add("aws_ec2_reserved_instances", {**reservation, "AvailabilityZone": "eu-west-1a", "State": "active"})
    assert [reported[key] for key in ("reservation_instance_type", "reservation_instance_count")] == ["m5.large", 2]
    assert (reported["availability_zone"], reported["reservation_state"]) == ("eu-west-1a", "active")
    assert (reported["ctime"], reported["reservation_start"]) == ("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z")
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    world.add("aws_ec2_instance_type", {"InstanceType": "m5.large"})
    assert (world.edges("default"), world.edges("delete")) == ({"h-1 > i-1", "m5.large > r-1"}, {"h-1 > i-1"})


def test_a_host_on_a_server(cloud: Cloud) -> None:
    (id,) = cloud.client("ec2").allocate_hosts(AvailabilityZone=f"{REGION}a", InstanceType="m5.large", Quantity=1)["HostIds"]
    document = cloud.find(HOST.kind, id)
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_a_flow_log_on_a_server(cloud: Cloud, name: str) -> None:
    ec2, logs = cloud.client("ec2"), cloud.client("logs")
    logs.create_log_group(logGroupName=name)
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    (id,) = ec2.create_flow_logs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogGroupName=name,
        DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/worker",
    )["FlowLogIds"]  # fmt: skip
    document = cloud.find("aws_ec2_flow_log", id)
    assert document["reported"]["flow_log_resource_id"] == vpc
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
