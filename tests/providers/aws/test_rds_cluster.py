"""Clusters and snapshots of databases: as RDS describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

CLUSTER, SNAPSHOT, CLUSTER_SNAPSHOT = "aws_rds_cluster", "aws_rds_snapshot", "aws_rds_cluster_snapshot"


def cluster(**more: Any) -> dict[str, Any]:
    return {"DBClusterIdentifier": "orders", "DBClusterArn": "arn:orders", "Status": "available", **more}


def test_a_cluster(world: World) -> None:
    where = {"Endpoint": "orders.rds", "Port": 3306, "LatestRestorableTime": "2026-11-01T10:00:00Z", "DBSubnetGroup": "main"}
    reported = world.add(CLUSTER, cluster(Engine="aurora-mysql", EngineVersion="8.0", AllocatedStorage=10, StorageEncrypted=True, **where))
    assert [reported[key] for key in ("id", "name", "arn", "db_status")] == ["orders", "orders", "arn:orders", "available"]
    assert [reported[key] for key in ("db_type", "db_version", "db_endpoint")] == ["aurora-mysql", "8.0", "orders.rds:3306"]
    assert [reported[key] for key in ("rds_endpoint", "rds_port", "rds_allocated_storage")] == ["orders.rds", 3306, 10]
    assert [reported[key] for key in ("volume_encrypted", "rds_db_subnet_group_name")] == [True, "main"]
    assert reported["rds_latest_restorable_time"] == "2026-11-01T00:00:00Z"
    assert world.add(CLUSTER, cluster(Status="failing-over"))["db_status"] == "busy"


def test_a_cluster_waits_for_its_databases_and_its_key_for_it(world: World) -> None:
    groups = [{"VpcSecurityGroupId": "sg-1"}]
    world.add(CLUSTER, cluster(DBClusterMembers=[{"DBInstanceIdentifier": "one"}], VpcSecurityGroups=groups, KmsKeyId="arn:key/k-1"))
    world.add("aws_rds_instance", {"DBInstanceIdentifier": "one"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert world.edges("default") == {"orders > one", "sg-1 > orders", "orders > k-1"}
    assert world.edges("delete") == {"orders > one", "sg-1 > orders", "k-1 > orders"}


def test_snapshots(world: World) -> None:
    shared = [{"AttributeName": "restore", "AttributeValues": ["all"]}]
    snapshot = {"DBSnapshotIdentifier": "s-1", "DBInstanceIdentifier": "one", "Status": "available", "AllocatedStorage": 10}
    reported = world.add(SNAPSHOT, {**snapshot, "Encrypted": True, "Attributes": shared, "SnapshotType": "manual"})
    assert [reported[key] for key in ("snapshot_status", "volume_size", "encrypted")] == ["available", 10, True]
    assert (reported["rds_db_instance_identifier"], reported["rds_attributes"]) == ("one", {"restore": ["all"]})
    world.add(CLUSTER_SNAPSHOT, {"DBClusterSnapshotIdentifier": "s-2", "DBClusterIdentifier": "orders"})
    world.add("aws_rds_instance", {"DBInstanceIdentifier": "one"})
    world.add(CLUSTER, cluster())
    assert (world.edges("default"), world.edges("delete")) == ({"one > s-1", "orders > s-2"}, set())


def test_on_a_server(cloud: Cloud, name: str) -> None:
    rds = cloud.client("rds")
    user = {"MasterUsername": "shop", "MasterUserPassword": "not-a-secret"}
    tags = [{"Key": "owner", "Value": "ada"}]
    rds.create_db_cluster(DBClusterIdentifier=name, Engine="aurora-mysql", Tags=tags, **user)
    rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier=name)
    rds.create_db_instance(DBInstanceIdentifier=name, Engine="mysql", DBInstanceClass="db.t3.micro", AllocatedStorage=20, **user)
    rds.create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=name, Tags=tags)
    listed = {one["DBClusterIdentifier"] for one in rds.describe_db_clusters()["DBClusters"]}
    assert {document["reported"]["id"] for document in cloud.documents(CLUSTER)} == listed
    for kind in (SNAPSHOT, CLUSTER_SNAPSHOT, CLUSTER):
        document = cloud.find(kind, name)
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        assert cloud.goes(document)


@pytest.mark.parametrize(
    ("kind", "property", "why"),
    [
        (CLUSTER, {"rds_deletion_protection": True}, "deletion protection"),
        (SNAPSHOT, {"rds_snapshot_type": "automated"}, "AWS made it"),
        (CLUSTER_SNAPSHOT, {"rds_snapshot_type": "awsbackup"}, "AWS Backup made it"),
    ],
)
def test_what_stays(cloud: Cloud, kind: str, property: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        cloud.provider.delete(cloud.placed({"kind": kind, "reported": {"id": "x", **property}}))
