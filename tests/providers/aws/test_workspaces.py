"""Desktops and their directories: as WorkSpaces describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

DIRECTORY, WORKSPACE = "aws_workspaces_directory", "aws_workspaces_workspace"


def test_properties_and_edges(world: World) -> None:
    directory = {
        "DirectoryId": "d-1", "DirectoryName": "corp.example.com", "SubnetIds": ["subnet-1"], "WorkspaceSecurityGroupId": "sg-1",
        "IamRoleId": "arn:role", "State": "REGISTERED", "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = world.add(DIRECTORY, directory)
    assert [reported[name] for name in ("name", "state", "tags")] == ["corp.example.com", "REGISTERED", {"owner": "ada"}]
    desktop = {
        "WorkspaceId": "ws-1", "DirectoryId": "d-1", "UserName": "ada", "State": "STOPPED", "SubnetId": "subnet-1",
        "VolumeEncryptionKey": "arn:aws:kms:eu-west-1:1:key/k-1", "WorkspaceProperties": {"RunningMode": "AUTO_STOP"},
    }  # fmt: skip
    reported = world.add(WORKSPACE, desktop)
    assert [reported[name] for name in ("name", "user_name", "arn", "workspace_properties")] == [
        "ada", "ada", "arn:aws:workspaces:eu-west-1:123456789012:workspace/ws-1", {"running_mode": "AUTO_STOP"},
    ]  # fmt: skip
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    waits = {"subnet-1 > d-1", "d-1 > ws-1", "subnet-1 > ws-1"}
    assert world.edges("default") == waits | {"d-1 > sg-1", "role > d-1", "ws-1 > k-1"}
    assert world.edges("delete") == waits | {"sg-1 > d-1", "k-1 > ws-1"}


def test_on_a_server(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.79.0.0/16")["Vpc"]["VpcId"]
    places = enumerate(("eu-west-1a", "eu-west-1b"))
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.79.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for number, zone in places
    ]
    settings = {"VpcId": vpc, "SubnetIds": subnets}
    id = cloud.client("ds").create_directory(Name="corp.example.com", Password="Not-a-secret-1", Size="Small", VpcSettings=settings)
    workspaces, tags = cloud.client("workspaces"), [{"Key": "owner", "Value": "ada"}]
    workspaces.register_workspace_directory(DirectoryId=id["DirectoryId"], Tags=tags)
    document = cloud.find(DIRECTORY, id["DirectoryId"])
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
