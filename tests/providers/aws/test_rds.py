"""Databases, from items as RDS describes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.aws.catalog_world import World


def database(**more: Any) -> dict[str, Any]:
    return {"DBInstanceIdentifier": "orders", "DBInstanceArn": "arn:orders", "DBInstanceStatus": "available", **more}


def test_properties(world: World) -> None:
    reported = world.add(
        "aws_rds_instance",
        database(
            Engine="postgres",
            EngineVersion="16.3",
            DBInstanceClass="db.m5.large",
            Endpoint={"Address": "orders.rds.amazonaws.com", "Port": 5432},
            PubliclyAccessible=False,
            AllocatedStorage=100,
            Iops=3000,
            StorageEncrypted=True,
            MultiAZ=True,
            TagList=[{"Key": "owner", "Value": "ada"}],
        ),
    )
    unified = ("db_type", "db_version", "db_status", "db_endpoint", "db_publicly_accessible", "instance_type")
    assert [reported[name] for name in unified] == ["postgres", "16.3", "available", "orders.rds.amazonaws.com:5432", False, "db.m5.large"]
    assert [reported[name] for name in ("volume_size", "volume_iops", "volume_encrypted", "rds_multi_az")] == [100, 3000, True, True]
    assert reported["tags"] == {"owner": "ada"}


@pytest.mark.parametrize(
    ("status", "unified"),
    [
        ("stopped", "stopped"),
        ("backing-up", "busy"),
        ("incompatible-network", "failed"),
        ("deleting", "terminated"),
        ("new-to-us", "unknown"),
    ],
)
def test_status(world: World, status: str, unified: str) -> None:
    reported = world.add("aws_rds_instance", database(DBInstanceStatus=status))
    assert (reported["db_status"], reported["rds_db_instance_status"]) == (unified, status)


@pytest.mark.parametrize("endpoint", [None, {}, {"Address": "orders"}, {"Port": 5432}])
def test_a_database_that_is_being_made_has_no_endpoint(world: World, endpoint: dict[str, Any] | None) -> None:
    assert not world.add("aws_rds_instance", database(Endpoint=endpoint)).get("db_endpoint")


def test_it_goes_before_its_network(world: World) -> None:
    group = {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]}
    world.add("aws_rds_instance", database(DBSubnetGroup=group, VpcSecurityGroups=[{"VpcSecurityGroupId": "sg-1"}]))
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    assert world.edges("default") == world.edges("delete") == {"vpc-1 > orders", "subnet-1 > orders", "sg-1 > orders"}
