"""Names of Cloud Map: as it describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

NAMESPACE, SERVICE = "aws_servicediscovery_namespace", "aws_servicediscovery_service"


def test_properties_and_edges(world: World) -> None:
    space = {
        "Id": "ns-1", "Arn": "arn:ns-1", "Name": "shop.local", "Type": "DNS_PRIVATE", "ServiceCount": 1,
        "CreateDate": "2026-01-02T03:04:05Z", "Properties": {"DnsProperties": {"HostedZoneId": "Z1"}}, "Tags": [{"Key": "a", "Value": "b"}],
    }  # fmt: skip
    reported = world.add(NAMESPACE, space)
    assert [reported[name] for name in ("name", "arn", "ctime", "type", "tags")] == [
        "shop.local", "arn:ns-1", "2026-01-02T03:04:05Z", "DNS_PRIVATE", {"a": "b"},
    ]  # fmt: skip
    service = {"Id": "srv-1", "Name": "cart", "DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 60}]}, "_parent": reported}
    assert world.add(SERVICE, service)["namespace_id"] == "ns-1"
    world.add("aws_route53_zone", {"Id": "/hostedzone/Z1", "Name": "shop.local."})
    assert world.edges("default") == {"ns-1 > Z1", "ns-1 > srv-1"}
    assert world.edges("delete") == {"Z1 > ns-1", "ns-1 > srv-1"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    names, tags = cloud.client("servicediscovery"), [{"Key": "owner", "Value": "ada"}]
    operation = names.create_http_namespace(Name=name, Tags=tags)["OperationId"]
    space = names.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
    service = names.create_service(Name=f"{name}-cart", NamespaceId=space, Tags=tags)["Service"]["Id"]
    found = cloud.find(SERVICE, service)
    assert found["reported"]["namespace_id"] == space
    for document in (found, cloud.find(NAMESPACE, space)):
        assert document["reported"]["tags"] == {"owner": "ada"}
        assert cloud.takes_tags(document)
        assert cloud.goes(document)
