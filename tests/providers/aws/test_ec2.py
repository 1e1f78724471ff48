"""What the catalog of machines makes of items as EC2 lists them, and what must go before what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.providers.aws.catalog_world import World

MOMENT = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)


def instance(**more: Any) -> dict[str, Any]:
    return {
        "InstanceId": "i-1",
        "InstanceType": "t3.micro",
        "State": {"Code": 16, "Name": "running"},
        "LaunchTime": MOMENT,
        "Placement": {"AvailabilityZone": "eu-west-1a", "Tenancy": "default"},
        "Tags": [{"Key": "Name", "Value": "web"}, {"Key": "owner", "Value": "ada"}],
        **more,
    }


def terminated(**more: Any) -> dict[str, Any]:
    return instance(State={"Code": 48, "Name": "terminated"}, **more)


def test_an_instance_has_the_properties_that_queries_use(world: World) -> None:
    item = instance(
        Monitoring={"State": "disabled"}, EnclaveOptions={"Enabled": False}, Licenses=[{"LicenseConfigurationArn": "arn:l"}], VpcId="vpc-1"
    )
    assert world.add("aws_ec2_instance", item) == {
        "id": "i-1",
        "kind": "aws_ec2_instance",
        "name": "web",
        "tags": {"Name": "web", "owner": "ada"},
        "ctime": "2026-11-01T12:30:00Z",
        "arn": "arn:aws:ec2:eu-west-1:123456789012:instance/i-1",
        "instance_type": "t3.micro",
        "instance_status": "running",
        "instance_state": {"code": 16, "name": "running"},
        "instance_launch_time": "2026-11-01T12:30:00Z",
        "instance_placement": {"availability_zone": "eu-west-1a", "tenancy": "default"},
        "instance_monitoring": "disabled",
        "instance_enclave_options": False,
        "instance_licenses": ["arn:l"],
        "instance_vpc_id": "vpc-1",
    }


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("pending", "busy"),
        ("running", "running"),
        ("shutting-down", "stopped"),
        ("stopping", "stopped"),
        ("stopped", "stopped"),
        ("terminated", "terminated"),
        ("new-in-2030", "unknown"),
    ],
)
def test_states_of_an_instance(world: World, state: str, status: str) -> None:
    assert world.add("aws_ec2_instance", instance(State={"Name": state}))["instance_status"] == status


def test_an_instance_type_tells_cores_and_memory(world: World) -> None:
    item = {
        "InstanceType": "t3.nano",
        "VCpuInfo": {"DefaultVCpus": 2, "DefaultCores": 1},
        "MemoryInfo": {"SizeInMiB": 512},
        "BareMetal": False,
    }
    found = world.add("aws_ec2_instance_type", item)
    assert (found["name"], found["instance_cores"], found["instance_memory"], found["memory_info"]) == ("t3.nano", 2, 0.5, 512)
    assert found["instance_type_v_cpu_info"] == {"default_v_cpus": 2, "default_cores": 1}
    assert found["bare_metal"] is False


def test_a_volume_is_called_by_its_tag_and_has_no_prefix_twice(world: World) -> None:
    item = {
        "VolumeId": "vol-1",
        "Size": 8,
        "VolumeType": "gp3",
        "State": "creating",
        "Iops": 3000,
        "Throughput": 125,
        "Encrypted": True,
        "AvailabilityZone": "eu-west-1a",
        "CreateTime": MOMENT,
        "Attachments": [],
        "SnapshotId": "snap-1",
    }
    found = world.add("aws_ec2_volume", item)
    assert (found["name"], found["ctime"]) == ("vol-1", "2026-11-01T12:30:00Z")
    assert {key: value for key, value in found.items() if key.startswith("volume")} == {
        "volume_size": 8,
        "volume_type": "gp3",
        "volume_status": "busy",
        "volume_state": "creating",
        "volume_iops": 3000,
        "volume_throughput": 125,
        "volume_encrypted": True,
        "volume_attachments": [],
        "volume_snapshot_id": "snap-1",
    }


def test_an_elastic_ip_is_known_by_its_address(world: World) -> None:
    item = {"PublicIp": "192.0.2.7", "AllocationId": "eipalloc-1", "AssociationId": "eipassoc-1", "Domain": "vpc"}
    found = world.add("aws_ec2_elastic_ip", item)
    assert (found["id"], found["ip_address"], found["public_ip"], found["ip_address_family"]) == (
        "192.0.2.7",
        "192.0.2.7",
        "192.0.2.7",
        "ipv4",
    )
    assert (found["ip_allocation_id"], found["ip_association_id"], found["ip_domain"]) == ("eipalloc-1", "eipassoc-1", "vpc")
    assert found["arn"].endswith(":elastic-ip/eipalloc-1")


def test_what_an_instance_hangs_from_and_what_hangs_from_it(world: World) -> None:
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1", "VpcId": "vpc-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1", "GroupName": "web", "VpcId": "vpc-1"})
    world.add("aws_ec2_keypair", {"KeyPairId": "key-1", "KeyName": "ops"})
    world.add("aws_ec2_instance_type", {"InstanceType": "t3.micro"})
    world.add("aws_ec2_image", {"ImageId": "ami-1", "Name": "base"})
    world.add("aws_ec2_volume", {"VolumeId": "vol-1", "Attachments": [{"InstanceId": "i-1"}]})
    world.add("aws_ec2_elastic_ip", {"PublicIp": "192.0.2.7", "AllocationId": "eipalloc-1", "InstanceId": "i-1"})
    item = instance(VpcId="vpc-1", SubnetId="subnet-1", SecurityGroups=[{"GroupId": "sg-1"}], KeyName="ops", ImageId="ami-1")
    world.add("aws_ec2_instance", item)
    assert {edge for edge in world.edges("default") if "i-1" in edge} == {
        "vpc-1 > i-1",
        "subnet-1 > i-1",
        "sg-1 > i-1",
        "t3.micro > i-1",
        "ami-1 > i-1",
        "i-1 > key-1",
        "i-1 > vol-1",
        "i-1 > 192.0.2.7",
    }
    assert {edge for edge in world.edges("delete") if "i-1" in edge} == {
        "vpc-1 > i-1",
        "subnet-1 > i-1",
        "sg-1 > i-1",
        "key-1 > i-1",
        "vol-1 > i-1",
        "192.0.2.7 > i-1",
    }


def test_nothing_waits_for_a_terminated_instance(world: World) -> None:
    world.add("aws_ec2_keypair", {"KeyPairId": "key-1", "KeyName": "ops"})
    world.add("aws_ec2_volume", {"VolumeId": "vol-1", "Attachments": [{"InstanceId": "i-1"}]})
    world.add("aws_ec2_instance", terminated(KeyName="ops"))
    assert world.edges("delete") == set()
    assert world.edges("default") == {"i-1 > key-1", "i-1 > vol-1"}


def test_a_snapshot_waits_for_the_image_that_is_made_of_it(world: World) -> None:
    world.add("aws_ec2_volume", {"VolumeId": "vol-1"})
    world.add("aws_ec2_snapshot", {"SnapshotId": "snap-1", "VolumeId": "vol-1"})
    world.add("aws_ec2_image", {"ImageId": "ami-1", "Name": "base", "BlockDeviceMappings": [{"Ebs": {"SnapshotId": "snap-1"}}]})
    assert world.edges("default") == {"vol-1 > snap-1", "ami-1 > snap-1"}
    assert world.edges("delete") == {"snap-1 > ami-1"}
