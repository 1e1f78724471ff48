"""File systems, mount targets and access points: as EFS describes them, and on a moto server."""

from __future__ import annotations

import json

import pytest

from resh.errors import CallFailed
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud


def test_properties_and_edges(world: World) -> None:
    system = {
        "FileSystemId": "fs-1",
        "FileSystemArn": "arn:fs-1",
        "Name": "shared",
        "LifeCycleState": "updating",
        "SizeInBytes": {"Value": 2 * 1024**3, "Timestamp": "2026-11-01T00:00:00Z"},
        "Encrypted": True,
        "KmsKeyId": "arn:key/k-1",
        "ProvisionedThroughputInMibps": 10.0,
        "Tags": [{"Key": "owner", "Value": "ada"}],
    }
    reported = world.add("aws_efs_file_system", system)
    assert [reported[key] for key in ("id", "name", "arn", "share_status")] == ["fs-1", "shared", "arn:fs-1", "busy"]
    assert [reported[key] for key in ("share_size", "share_encrypted", "share_throughput")] == [2, True, 10.0]
    assert reported["size_in_bytes"] == {"value": 2 * 1024**3}
    assert (reported["life_cycle_state"], reported["provisioned_throughput_in_mibps"]) == ("updating", 10.0)
    target = {"MountTargetId": "fsmt-1", "FileSystemId": "fs-1", "SubnetId": "subnet-1", "SecurityGroups": ["sg-1"]}
    world.add("aws_efs_mount_target", {**target, "NetworkInterfaceId": "eni-1"})
    world.add("aws_efs_access_point", {"AccessPointId": "fsap-1", "FileSystemId": "fs-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_ec2_network_interface", {"NetworkInterfaceId": "eni-1"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    waits = {"fs-1 > fsmt-1", "fs-1 > fsap-1", "subnet-1 > fsmt-1", "sg-1 > fsmt-1", "eni-1 > fsmt-1"}
    assert world.edges("default") == waits | {"fs-1 > k-1"}
    assert world.edges("delete") == waits | {"k-1 > fs-1"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    efs = cloud.client("efs")
    subnet = cloud.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    system = efs.create_file_system(CreationToken=name, Tags=[{"Key": "Name", "Value": name}])["FileSystemId"]
    policy = {"Version": "2012-10-17", "Statement": []}
    efs.put_file_system_policy(FileSystemId=system, Policy=json.dumps(policy))
    target = efs.create_mount_target(FileSystemId=system, SubnetId=subnet)["MountTargetId"]
    point = efs.create_access_point(ClientToken=name, FileSystemId=system)["AccessPointId"]
    listed = {system["FileSystemId"] for system in efs.describe_file_systems()["FileSystems"]}
    assert {document["reported"]["id"] for document in cloud.documents("aws_efs_file_system")} == listed
    file_system = cloud.find("aws_efs_file_system", system)
    assert file_system["reported"]["file_system_policy"] == policy
    with pytest.raises(CallFailed, match="mount targets"):
        cloud.provider.delete(file_system)
    for kind, id in (("aws_efs_access_point", point), ("aws_efs_mount_target", target), ("aws_efs_file_system", system)):
        document = cloud.find(kind, id)
        assert cloud.looks_the_same(document)
        assert kind == "aws_efs_mount_target" or cloud.takes_tags(document)
        assert cloud.goes(document)
