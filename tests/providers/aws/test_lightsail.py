"""Machines, disks, databases and their snapshots: as Lightsail describes them. Moto does not have it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted, refused

ARN = "arn:aws:lightsail:eu-west-1:123456789012"
THEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
WHERE = {"availabilityZone": "eu-west-1a", "regionName": "eu-west-1"}
TAGS = [{"key": "owner", "value": "ada"}]


def item(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "arn": f"{ARN}:X/{name}", "createdAt": THEN, "location": WHERE, **more}


def test_an_instance(world: World) -> None:
    hardware = {"cpuCount": 2, "ramSizeInGb": 1.0, "disks": [{"name": "system", "sizeInGb": 40, "isSystemDisk": True}]}
    more = {"bundleId": "micro_3_0", "state": {"code": 16, "name": "running"}, "publicIpAddress": "198.51.100.7", "tags": TAGS}
    reported = world.add("aws_lightsail_instance", item("web", hardware=hardware, **more))
    names = ("id", "name", "arn", "ctime", "tags", "lightsail_public_ip_address")
    assert [reported[name] for name in names] == [
        "web", "web", f"{ARN}:X/web", "2026-11-01T10:00:00Z", {"owner": "ada"}, "198.51.100.7",
    ]  # fmt: skip
    assert [reported[f"instance_{name}"] for name in ("type", "cores", "memory", "status")] == ["micro_3_0", 2, 1.0, "running"]


def test_a_database(world: World) -> None:
    endpoint = {"address": "orders.example", "port": 3306}
    more = {"engine": "mysql", "engineVersion": "8.0", "state": "available", "masterEndpoint": endpoint, "publiclyAccessible": False}
    size = {"relationalDatabaseBundleId": "micro_2_0", "hardware": {"cpuCount": 2, "diskSizeInGb": 40, "ramSizeInGb": 1.0}}
    reported = world.add("aws_lightsail_database", item("orders", latestRestorableTime=THEN, **more, **size))
    names = ("type", "version", "status", "endpoint", "publicly_accessible")
    assert [reported[f"db_{name}"] for name in names] == ["mysql", "8.0", "available", "orders.example:3306", False]
    assert (reported["instance_type"], reported["volume_size"]) == ("micro_2_0", 40)
    assert reported["lightsail_latest_restorable_time"] == "2026-11-01T00:00:00Z"
    assert world.add("aws_lightsail_database", item("new", state="creating"))["db_status"] == "busy"


def test_what_belongs_to_an_instance(world: World) -> None:
    world.add("aws_lightsail_instance", item("web"))
    reported = world.add("aws_lightsail_disk", item("data", sizeInGb=64, iops=100, state="in-use", attachedTo="web", isAttached=True))
    assert [reported[f"volume_{name}"] for name in ("size", "iops", "status")] == [64, 100, "in-use"]
    reported = world.add("aws_lightsail_static_ip", item("front", ipAddress="198.51.100.7", attachedTo="web", isAttached=True))
    assert [reported[name] for name in ("ip_address", "ip_address_family", "lightsail_attached_to")] == ["198.51.100.7", "ipv4", "web"]
    health = [{"instanceName": "web", "instanceHealth": "healthy"}]
    assert world.add("aws_lightsail_load_balancer", item("shared", instanceHealthSummary=health))["backends"] == ["web"]
    assert world.edges("default") == {"web > data", "web > front", "shared > web"}
    assert world.edges("delete") == {"data > web", "front > web"}


def test_snapshots_know_what_they_are_of_by_arn_for_a_name_may_be_used_again(world: World) -> None:
    for kind, of in (("instance", "web"), ("disk", "data"), ("database", "orders")):
        world.add(f"aws_lightsail_{kind}", item(of))
    reported = world.add("aws_lightsail_instance_snapshot", item("s-1", fromInstanceArn=f"{ARN}:X/web", state="available", sizeInGb=40))
    assert (reported["snapshot_status"], reported["volume_size"]) == ("available", 40)
    reported = world.add("aws_lightsail_disk_snapshot", item("s-2", fromDiskArn=f"{ARN}:X/data", fromDiskName="data", state="completed"))
    assert (reported["snapshot_status"], reported["volume_id"]) == ("completed", "data")
    world.add("aws_lightsail_database_snapshot", item("s-3", fromRelationalDatabaseArn=f"{ARN}:X/orders", state="available"))
    world.add("aws_lightsail_instance_snapshot", item("s-4", fromInstanceName="web", fromInstanceArn=f"{ARN}:Instance/before"))
    assert (world.edges("default"), world.edges("delete")) == ({"web > s-1", "data > s-2", "orders > s-3"}, set())


@pytest.mark.parametrize(
    ("kind", "listing", "single", "delete", "params"),
    [
        ("instance", "instances", "instance", "delete_instance", {"instanceName": "it"}),
        ("disk", "disks", "disk", "delete_disk", {"diskName": "it"}),
        (
            "database",
            "relationalDatabases",
            "relationalDatabase",
            "delete_relational_database",
            {"relationalDatabaseName": "it", "skipFinalSnapshot": True},
        ),
        ("load_balancer", "loadBalancers", "loadBalancer", "delete_load_balancer", {"loadBalancerName": "it"}),
        ("static_ip", "staticIps", "staticIp", "release_static_ip", {"staticIpName": "it"}),
        ("instance_snapshot", "instanceSnapshots", "instanceSnapshot", "delete_instance_snapshot", {"instanceSnapshotName": "it"}),
        ("disk_snapshot", "diskSnapshots", "diskSnapshot", "delete_disk_snapshot", {"diskSnapshotName": "it"}),
        (
            "database_snapshot",
            "relationalDatabaseSnapshots",
            "relationalDatabaseSnapshot",
            "delete_relational_database_snapshot",
            {"relationalDatabaseSnapshotName": "it"},
        ),
    ],
)
def test_read_and_deleted(
    cloud: Cloud, scripted: Scripted, kind: str, listing: str, single: str, delete: str, params: dict[str, Any]
) -> None:
    operation = f"get_{''.join(f'_{letter.lower()}' if letter.isupper() else letter for letter in single)}"
    scripted("lightsail", f"{operation}s", {listing: [item("it")], "nextPageToken": "more"}, {listing: [item("other")]})
    scripted("lightsail", operation, {single: item("it")}, refused("NotFoundException"))
    scripted("lightsail", delete, {})
    found = cloud.collect(f"aws_lightsail_{kind}")
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    documents = {node.reported["id"]: cloud.document_of(node) for node in found.all_nodes if node.kind == f"aws_lightsail_{kind}"}
    assert documents.keys() == {"it", "other"}
    assert cloud.looks_the_same(documents["it"])
    assert cloud.goes(documents["it"])
    assert scripted.asked("lightsail", delete) == [params, params]


def test_tags_are_set_by_name(cloud: Cloud, scripted: Scripted) -> None:
    scripted("lightsail", "tag_resource", {})
    scripted("lightsail", "untag_resource", {})
    document = cloud.placed({"kind": "aws_lightsail_disk", "reported": {"id": "data", "name": "data", "tags": {}}})
    cloud.provider.tag(document, "reviewed", "yes")
    cloud.provider.untag(document, "reviewed")
    assert scripted.asked("lightsail", "tag_resource") == [{"resourceName": "data", "tags": [{"key": "reviewed", "value": "yes"}]}]
    assert scripted.asked("lightsail", "untag_resource") == [{"resourceName": "data", "tagKeys": ["reviewed"]}]
