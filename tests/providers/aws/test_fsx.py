"""File systems of FSx with what is in them: as it describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

SYSTEM, MACHINE, VOLUME, SNAPSHOT, BACKUP, CACHE, ASSOCIATION = (
    f"aws_fsx_{what}"
    for what in ("file_system", "storage_virtual_machine", "volume", "snapshot", "backup", "file_cache", "data_repository_association")
)
LOGS = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/fsx/windows:log-stream:shop"


@pytest.fixture
def around(world: World) -> World:
    """With what file systems and caches need."""
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_network_interface", {"NetworkInterfaceId": "eni-1"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    return world


def of(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "FileSystemId": "fs-1", "FileSystemType": kind, "Lifecycle": "AVAILABLE", "StorageCapacity": 1024, "ResourceARN": "arn:fs-1",
        "CreationTime": "2026-01-02T03:04:05Z", "Tags": [{"Key": "Name", "Value": "shop"}], **more,
    }  # fmt: skip


def test_a_file_system(around: World) -> None:
    windows = {
        "ThroughputCapacity": 32, "DiskIopsConfiguration": {"Mode": "AUTOMATIC", "Iops": 3072},
        "AuditLogConfiguration": {"AuditLogDestination": LOGS},
        "SelfManagedActiveDirectoryConfiguration": {"DomainJoinServiceAccountSecret": "arn:secret"},
    }  # fmt: skip
    place = {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "NetworkInterfaceIds": ["eni-1"], "KmsKeyId": "arn:aws:kms:eu-west-1:1:key/k-1"}
    change = {"AdministrativeActionType": "FILE_SYSTEM_UPDATE", "Status": "PENDING", "TargetFileSystemValues": {"StorageCapacity": 2048}}
    reported = around.add(SYSTEM, of("WINDOWS", WindowsConfiguration=windows, AdministrativeActions=[change], **place))
    shared = ("size", "type", "status", "iops", "throughput", "encrypted")
    assert [reported[f"share_{name}"] for name in shared] == [1024, "WINDOWS", "available", 3072, 32, True]
    assert [reported[name] for name in ("name", "arn", "storage_capacity", "file_system_type")] == ["shop", "arn:fs-1", 1024, "WINDOWS"]
    assert reported["administrative_actions"] == [{"administrative_action_type": "FILE_SYSTEM_UPDATE", "status": "PENDING"}]
    around.add("aws_cloudwatch_log_group", {"logGroupName": "/aws/fsx/windows"})
    around.add("aws_secretsmanager_secret", {"ARN": "arn:secret", "Name": "secret"})
    waits = {"vpc-1 > fs-1", "subnet-1 > fs-1"}
    assert around.edges("default") == waits | {f"fs-1 > {used}" for used in ("eni-1", "k-1", "/aws/fsx/windows", "secret")}
    assert around.edges("delete") == waits | {"eni-1 > fs-1", "k-1 > fs-1", "secret > fs-1"}


def test_a_password_is_not_kept(world: World) -> None:
    ontap = {"FsxAdminPassword": "open-sesame", "RouteTableIds": ["rtb-1"], "ThroughputCapacity": 128}
    reported = world.add(SYSTEM, of("ONTAP", OntapConfiguration=ontap))
    assert reported["ontap_configuration"] == {"route_table_ids": ["rtb-1"], "throughput_capacity": 128}
    world.add("aws_ec2_route_table", {"RouteTableId": "rtb-1"})
    assert world.edges("default") == {"rtb-1 > fs-1"}


def test_a_file_system_of_netapp_waits_for_its_machines_and_their_volumes(world: World) -> None:
    world.add(SYSTEM, of("ONTAP"))
    world.add(MACHINE, {"StorageVirtualMachineId": "svm-1", "Name": "files", "FileSystemId": "fs-1", "Lifecycle": "CREATED"})
    for id, is_root in (("fsvol-0", True), ("fsvol-1", False)):
        ontap = {"StorageVirtualMachineId": "svm-1", "StorageVirtualMachineRoot": is_root, "SizeInMegabytes": 1024}
        world.add(VOLUME, {"VolumeId": id, "Name": id, "VolumeType": "ONTAP", "FileSystemId": "fs-1", "OntapConfiguration": ontap})
    waits = {"fs-1 > svm-1", "fs-1 > fsvol-1", "svm-1 > fsvol-1"}
    assert world.edges("delete") == waits
    assert world.edges("default") == waits | {"fs-1 > fsvol-0", "svm-1 > fsvol-0"}


def test_volumes_of_openzfs_and_their_snapshots(world: World) -> None:
    world.add(SYSTEM, of("OPENZFS"))
    clone = {"ParentVolumeId": "fsvol-0", "OriginSnapshot": {"SnapshotARN": "arn:snapshot"}}
    for id, zfs in (("fsvol-0", {}), ("fsvol-1", {"ParentVolumeId": "fsvol-0"}), ("fsvol-2", clone)):
        world.add(VOLUME, {"VolumeId": id, "Name": id, "VolumeType": "OPENZFS", "FileSystemId": "fs-1", "OpenZFSConfiguration": zfs})
    snapshot = {
        "SnapshotId": "fsvolsnap-1",
        "Name": "before",
        "VolumeId": "fsvol-1",
        "Lifecycle": "AVAILABLE",
        "ResourceARN": "arn:snapshot",
    }
    reported = world.add(SNAPSHOT, snapshot)
    assert [reported[name] for name in ("name", "snapshot_status", "volume_id", "encrypted")] == ["before", "AVAILABLE", "fsvol-1", True]
    assert world.edges("delete") == {
        "fs-1 > fsvol-1", "fs-1 > fsvol-2", "fsvol-0 > fsvol-1", "fsvol-0 > fsvol-2", "fsvol-1 > fsvolsnap-1", "fsvolsnap-1 > fsvol-2",
    }  # fmt: skip


def test_a_backup_outlives_what_it_was_made_of(world: World) -> None:
    backup = {
        "BackupId": "backup-1", "Lifecycle": "AVAILABLE", "Type": "USER_INITIATED", "OwnerId": "123456789012", "ResourceARN": "arn:backup",
        "CreationTime": "2026-01-02T03:04:05Z", "ResourceType": "FILE_SYSTEM", "KmsKeyId": "k-1",
        "FileSystem": of("LUSTRE", LustreConfiguration={"MountName": "m"}),
    }  # fmt: skip
    reported = world.add(BACKUP, backup)
    names = ("snapshot_status", "volume_id", "volume_size", "encrypted", "owner_id", "type")
    assert [reported[name] for name in names] == ["AVAILABLE", "fs-1", 1024, True, "123456789012", "USER_INITIATED"]
    assert reported["file_system"] == {
        "file_system_id": "fs-1", "file_system_type": "LUSTRE", "storage_capacity": 1024, "resource_arn": "arn:fs-1",
    }  # fmt: skip
    world.add(SYSTEM, of("LUSTRE"))
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert world.edges("default") == {"fs-1 > backup-1", "backup-1 > k-1"}
    assert world.edges("delete") == {"k-1 > backup-1"}


def test_a_cache_and_where_its_files_lie(around: World) -> None:
    cache = {
        "FileCacheId": "fc-1", "FileCacheType": "LUSTRE", "Lifecycle": "CREATING", "StorageCapacity": 1200, "VpcId": "vpc-1",
        "SubnetIds": ["subnet-1"], "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = around.add(CACHE, cache)
    shared = ("size", "type", "status", "encrypted")
    assert [reported[f"share_{name}"] for name in shared] == [1200, "LUSTRE", "busy", True]
    around.add(SYSTEM, of("LUSTRE"))
    around.add("aws_s3_bucket", {"Name": "films"})
    for id, owner in (("dra-1", {"FileCacheId": "fc-1"}), ("dra-2", {"FileSystemId": "fs-1"})):
        around.add(ASSOCIATION, {"AssociationId": id, "DataRepositoryPath": "s3://films/new/", **owner})
    assert around.edges("default") == {
        "vpc-1 > fc-1", "subnet-1 > fc-1", "fc-1 > dra-1", "fs-1 > dra-2", "dra-1 > films", "dra-2 > films",
    }  # fmt: skip
    assert around.edges("delete") == {"vpc-1 > fc-1", "subnet-1 > fc-1"}


@pytest.mark.parametrize(
    ("kind", "properties", "why"),
    [
        (VOLUME, {"volume_type": "ONTAP", "ontap_configuration": {"storage_virtual_machine_root": True}}, "its storage virtual machine"),
        (VOLUME, {"volume_type": "OPENZFS", "open_zfs_configuration": {}}, "its file system"),
        (BACKUP, {"type": "AWS_BACKUP"}, "AWS Backup"),
        (ASSOCIATION, {"file_cache_id": "fc-1"}, "its cache"),
    ],
)
def test_what_does_not_go_by_itself(cloud: Cloud, kind: str, properties: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        cloud.provider.delete(cloud.placed({"kind": kind, "reported": {"id": "it", **properties}}))


def test_on_a_server(cloud: Cloud) -> None:
    fsx, tags = cloud.client("fsx"), [{"Key": "owner", "Value": "ada"}]
    made = fsx.create_file_system(FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=["subnet-0a11ce01"], Tags=tags)["FileSystem"]
    backup = fsx.create_backup(FileSystemId=made["FileSystemId"], Tags=tags)["Backup"]
    for document in (cloud.find(BACKUP, backup["BackupId"]), cloud.find(SYSTEM, made["FileSystemId"])):
        assert document["reported"]["tags"] == {"owner": "ada"}
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)
