"""Zones, record sets and records: as Route 53 lists them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

ZONE, RECORD_SET, RECORD = "aws_route53_zone", "aws_route53_resource_record_set", "aws_route53_resource_record"
PARENT = {"id": "Z1"}


def test_zones_and_record_sets(world: World) -> None:
    zone = {"Id": "/hostedzone/Z1", "Name": "example.com.", "Config": {"PrivateZone": True, "Comment": "shop"}, "CallerReference": "r"}
    reported = world.add(ZONE, zone)
    assert [reported[key] for key in ("id", "name", "arn")] == ["Z1", "example.com.", "arn:aws:route53:::hostedzone/Z1"]
    assert (reported["private_zone"], reported["zone_caller_reference"]) == (True, "r")
    assert reported["zone_config"] == {"private_zone": True, "comment": "shop"}
    records = {"Name": "www.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "1.2.3.4"}]}
    one = world.add(RECORD_SET, {**records, "SetIdentifier": "blue", "Failover": "PRIMARY", "_parent": PARENT})
    assert (one["id"], one["name"]) == ("Z1/www.example.com./A/blue", "www.example.com.")
    assert (one["record_type"], one["record_ttl"], one["record_values"]) == ("A", 60, ["1.2.3.4"])
    assert (one["record_set_identifier"], one["record_fail_over"], one["record_zone_id"]) == ("blue", "PRIMARY", "Z1")
    alias = {"HostedZoneId": "Z2", "DNSName": "alb.", "EvaluateTargetHealth": False}
    two = world.add(RECORD_SET, {"Name": "www.example.com.", "Type": "AAAA", "AliasTarget": alias, "_parent": PARENT})
    assert two["record_alias_target"] == {"hosted_zone_id": "Z2", "dns_name": "alb.", "evaluate_target_health": False}
    assert world.edges("default") == {f"Z1 > {one['id']}", f"Z1 > {two['id']}"}


@pytest.mark.parametrize(
    ("type", "value", "more"),
    [
        ("A", "1.2.3.4", {}),
        ("MX", "10 mail.example.com.", {"record_priority": 10}),
        ("SRV", "1 2 80 www.example.com.", {"record_priority": 1, "record_weight": 2, "record_port": 80}),
    ],
)
def test_records(world: World, type: str, value: str, more: dict[str, Any]) -> None:
    parent = {"id": f"Z1/www./{type}/", "name": "www.", "record_type": type, "record_ttl": 60}
    reported = world.add(RECORD, {"record_value": value, "_parent": parent})
    assert (reported["id"], reported["name"]) == (f"Z1/www./{type}//{value}", "www.")
    expected = {"record_type": type, "record_ttl": 60, "record_value": value, **more}
    assert {key: text for key, text in reported.items() if key.startswith("record_")} == expected


def test_on_a_server(cloud: Cloud, name: str) -> None:
    route53 = cloud.client("route53")
    id = route53.create_hosted_zone(Name=f"{name}.com", CallerReference=name)["HostedZone"]["Id"]
    records = {"Name": f"www.{name}.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "1.2.3.4"}, {"Value": "1.2.3.5"}]}
    change = {"Action": "CREATE", "ResourceRecordSet": records}
    route53.change_resource_record_sets(HostedZoneId=id, ChangeBatch={"Changes": [change]})
    assert {one["reported"]["id"] for one in cloud.documents(ZONE)} == {
        zone["Id"].rpartition("/")[2] for zone in route53.list_hosted_zones()["HostedZones"]
    }
    zone = cloud.document(ZONE, f"{name}.com.")
    assert cloud.looks_the_same(zone)
    assert cloud.takes_tags(zone)
    found = cloud.document(RECORD_SET, f"www.{name}.com.")
    assert found["reported"]["record_values"] == ["1.2.3.4", "1.2.3.5"]
    assert cloud.looks_the_same(found)
    mine = [one["reported"] for one in cloud.documents(RECORD) if one["reported"]["name"] == f"www.{name}.com."]
    assert [one["record_value"] for one in mine] == ["1.2.3.4", "1.2.3.5"]
    change["Action"] = "DELETE"
    route53.change_resource_record_sets(HostedZoneId=id, ChangeBatch={"Changes": [change]})
    assert cloud.is_gone(found)
    assert cloud.goes(zone)
