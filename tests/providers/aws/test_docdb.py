"""DocumentDB and Neptune, which RDS lists among its own: as it describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import UsageError
from resh.model.scope import Status
from resh.providers.aws.catalogs import catalog
from resh.providers.aws.shapes import Models
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted, refused
from tests.providers.aws.test_declarations import MODELS

each_engine = pytest.mark.parametrize("engine", ["docdb", "neptune"])
TAGS = [{"Key": "owner", "Value": "ada"}]


def cluster(**more: Any) -> dict[str, Any]:
    return {"DBClusterIdentifier": "carts", "DBClusterArn": "arn:carts", "Status": "available", **more}


@each_engine
def test_properties(world: World, engine: str) -> None:
    where = {"Endpoint": "carts.example", "Port": 27017, "LatestRestorableTime": "2026-11-01T10:00:00Z", "DBSubnetGroup": "main"}
    reported = world.add(f"aws_{engine}_cluster", cluster(Engine=engine, EngineVersion="5.0", TagList=TAGS, **where))
    names = ("id", "name", "arn", "tags", "db_status")
    assert [reported[name] for name in names] == ["carts", "carts", "arn:carts", {"owner": "ada"}, "available"]
    assert [reported[key] for key in ("db_type", "db_version", "db_endpoint")] == [engine, "5.0", "carts.example:27017"]
    assert [reported[f"{engine}_{key}"] for key in ("port", "db_subnet_group_name", "latest_restorable_time")] == [
        27017, "main", "2026-11-01T00:00:00Z",
    ]  # fmt: skip
    one = {"DBInstanceIdentifier": "carts-1", "DBInstanceClass": "db.r6g.large", "DBInstanceStatus": "available", "PromotionTier": 1}
    reported = world.add(f"aws_{engine}_instance", one)
    assert [reported[key] for key in ("id", "name", "instance_type", "db_status")] == ["carts-1", "carts-1", "db.r6g.large", "available"]
    assert not [name for name in reported if name.startswith("rds_")]
    snapshot = {"DBClusterSnapshotIdentifier": "s-1", "Status": "available", "SnapshotType": "manual", "StorageEncrypted": True}
    reported = world.add(f"aws_{engine}_cluster_snapshot", snapshot)
    assert [reported[key] for key in ("id", "snapshot_status", "encrypted", f"{engine}_snapshot_type")] == [
        "s-1",
        "available",
        True,
        "manual",
    ]


@each_engine
def test_a_cluster_waits_for_its_instances_and_what_it_is_set_up_with_for_it(world: World, engine: str) -> None:
    groups = [{"VpcSecurityGroupId": "sg-1"}]
    members = [{"DBInstanceIdentifier": "carts-1"}]
    setup = {"DBSubnetGroup": "main", "DBClusterParameterGroup": "tuned", "VpcSecurityGroups": groups, "KmsKeyId": "arn:key/k-1"}
    world.add(f"aws_{engine}_cluster", cluster(DBClusterMembers=members, **setup))
    world.add(f"aws_{engine}_instance", {"DBInstanceIdentifier": "carts-1", "DBSubnetGroup": {"DBSubnetGroupName": "main"}})
    world.add(f"aws_{engine}_cluster_snapshot", {"DBClusterSnapshotIdentifier": "s-1", "DBClusterIdentifier": "carts"})
    world.add(f"aws_{engine}_cluster_parameter_group", {"DBClusterParameterGroupName": "tuned"})
    world.add("aws_rds_subnet_group", {"DBSubnetGroupName": "main", "VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]})
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    waits = {"carts > carts-1", "main > carts", "main > carts-1", "tuned > carts", "sg-1 > carts"}
    assert world.edges("default") == waits | {"carts > s-1", "carts > k-1", "vpc-1 > main", "subnet-1 > main"}
    assert world.edges("delete") == waits | {"k-1 > carts"}


def test_a_database_of_neptune_has_parameters_of_its_own(world: World) -> None:
    world.add("aws_neptune_instance", {"DBInstanceIdentifier": "one", "DBParameterGroups": [{"DBParameterGroupName": "fast"}]})
    world.add("aws_neptune_parameter_group", {"DBParameterGroupName": "fast", "DBParameterGroupFamily": "neptune1.3"})
    assert world.edges("delete") == {"fast > one"}


def test_properties_are_described_as_those_of_rds() -> None:
    (kind,) = (resource for resource in catalog().resources if resource.kind == "aws_docdb_cluster")
    properties = {prop.name: prop for prop in Models(MODELS).properties(kind)}
    assert properties["docdb_port"].type == "int64"
    assert "encrypted" in properties["volume_encrypted"].description


def test_each_resource_is_of_one_kind(cloud: Cloud, scripted: Scripted) -> None:
    """Whatever is asked for, the answer has everything: an endpoint may know no filter by engine."""
    engines = {"docdb": "aws_docdb", "neptune": "aws_neptune", "aurora-mysql": "aws_rds"}
    scripted("rds", "describe_db_clusters", {"DBClusters": [cluster(DBClusterIdentifier=f"c-{one}", Engine=one) for one in engines]})
    instances = [{"DBInstanceIdentifier": f"i-{one}", "Engine": one} for one in engines]
    scripted("rds", "describe_db_instances", {"DBInstances": instances})
    snapshots = [{"DBClusterSnapshotIdentifier": f"s-{one}", "Engine": one} for one in engines]
    scripted("rds", "describe_db_cluster_snapshots", {"DBClusterSnapshots": snapshots})
    scripted("rds", "describe_db_cluster_snapshot_attributes", {"DBClusterSnapshotAttributesResult": {}})
    expected = {
        f"{letter}-{one}": f"{service}_{what}"
        for one, service in engines.items()
        for letter, what in (("c", "cluster"), ("i", "instance"), ("s", "cluster_snapshot"))
    }
    found = cloud.collect(*expected.values()).all_nodes
    assert sorted((node.reported["id"], node.kind) for node in found if node.kind in expected.values()) == sorted(expected.items())
    asked = [call.get("Filters") for call in scripted.asked("rds", "describe_db_clusters")]
    assert {"docdb", "neptune"} == {one["Values"][0] for filters in asked for one in filters or ()}


def test_documents_are_deleted_as_documentdb_wants_it(cloud: Cloud, scripted: Scripted) -> None:
    for operation in ("delete_db_cluster", "delete_db_instance", "delete_db_cluster_snapshot"):
        scripted("docdb", operation, {})
        cloud.provider.delete(cloud.placed({"kind": operation.replace("delete_db", "aws_docdb"), "reported": {"id": "x", "name": "x"}}))
    assert scripted.asked("docdb", "delete_db_cluster") == [{"DBClusterIdentifier": "x", "SkipFinalSnapshot": True}]
    assert scripted.asked("docdb", "delete_db_instance") == [{"DBInstanceIdentifier": "x"}]
    assert scripted.asked("docdb", "delete_db_cluster_snapshot") == [{"DBClusterSnapshotIdentifier": "x"}]


def test_neptune_on_a_server(cloud: Cloud, name: str) -> None:
    neptune = cloud.client("neptune")
    neptune.create_db_cluster(DBClusterIdentifier=name, Engine="neptune", Tags=TAGS)
    one = {"DBInstanceIdentifier": name, "DBClusterIdentifier": name, "DBInstanceClass": "db.r5.large"}
    neptune.create_db_instance(**one, Engine="neptune", Tags=TAGS)
    neptune.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier=name, Tags=TAGS)
    group = {"DBClusterParameterGroupName": name, "DBParameterGroupFamily": "neptune1.3", "Description": "x"}
    neptune.create_db_cluster_parameter_group(**group, Tags=TAGS)
    kinds = [f"aws_neptune_{what}" for what in ("cluster_snapshot", "instance", "cluster", "cluster_parameter_group")]
    found = cloud.collect("aws_rds_*", "aws_docdb_*", "aws_neptune_*")
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    assert sorted(node.kind for node in found.all_nodes if node.reported["id"] == name) == sorted(kinds)
    for kind in kinds:
        document = cloud.find(kind, name)
        assert document["reported"]["tags"] == {"owner": "ada"}
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        assert cloud.goes(document)


def test_groups_on_a_server(cloud: Cloud, name: str) -> None:
    rds = cloud.client("rds")
    subnets = [document["reported"]["id"] for document in cloud.documents("aws_ec2_subnet")][:2]
    rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription="x", SubnetIds=subnets, Tags=TAGS)
    rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily="neptune1.3", Description="x", Tags=TAGS)
    rds.create_db_parameter_group(DBParameterGroupName=f"{name}-sql", DBParameterGroupFamily="mysql8.0", Description="x")
    assert f"{name}-sql" not in [document["reported"]["id"] for document in cloud.documents("aws_neptune_parameter_group")]
    for kind in ("aws_neptune_parameter_group", "aws_rds_subnet_group"):
        document = cloud.find(kind, name)
        assert document["reported"]["tags"] == {"owner": "ada"}
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        assert cloud.goes(document)


def test_where_an_engine_is_not_offered(cloud: Cloud, scripted: Scripted) -> None:
    scripted("rds", "describe_db_clusters", refused("InvalidParameterValue", "Unrecognized engine name: docdb"))
    (report,) = (report for report in cloud.collect("aws_docdb_cluster").reports if report.scope.kind == "aws_docdb_cluster")
    assert (report.status, report.code) == (Status.SKIPPED, "NotInRegion")


@pytest.mark.parametrize(
    ("kind", "property", "why"),
    [
        ("aws_docdb_cluster", {"docdb_deletion_protection": True}, "deletion protection"),
        ("aws_neptune_instance", {"neptune_deletion_protection": True}, "deletion protection"),
        ("aws_docdb_cluster_snapshot", {"docdb_snapshot_type": "automated"}, "AWS made it"),
        ("aws_neptune_cluster_parameter_group", {"name": "default.neptune1.3"}, "AWS made it"),
    ],
)
def test_what_stays(cloud: Cloud, kind: str, property: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        cloud.provider.delete(cloud.placed({"kind": kind, "reported": {"id": "x", "name": "x", **property}}))
