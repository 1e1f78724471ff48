"""Lines to AWS, what runs over them, and gateways: as Direct Connect describes them, and on a moto server."""

from __future__ import annotations

import pytest

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

LAG, CONNECTION, INTERFACE = (f"aws_directconnect_{what}" for what in ("lag", "connection", "virtual_interface"))
GATEWAY, ASSOCIATION = "aws_directconnect_gateway", "aws_directconnect_gateway_association"


def test_lines(world: World) -> None:
    line = {
        "connectionId": "dxcon-1", "connectionName": "room", "connectionState": "available", "region": "eu-west-1", "location": "EqDA2",
        "bandwidth": "1Gbps", "lagId": "dxlag-1", "tags": [{"key": "owner", "value": "ada"}], "macSecKeys": [{"secretARN": "arn:key"}],
    }  # fmt: skip
    assert world.add(CONNECTION, line) == {
        "id": "dxcon-1", "kind": CONNECTION, "name": "room", "arn": "arn:aws:directconnect:eu-west-1:123456789012:dxcon/dxcon-1",
        "tags": {"owner": "ada"}, "connection_state": "available", "connection_region": "eu-west-1", "location": "EqDA2",
        "bandwidth": "1Gbps", "lag_id": "dxlag-1", "mac_sec_keys": [{"secret_arn": "arn:key"}],
    }  # fmt: skip
    lag = world.add(LAG, {"lagId": "dxlag-1", "lagName": "two", "lagState": "available", "region": "eu-west-1", "connections": [line]})
    assert [lag[name] for name in ("name", "lag_state", "lag_region", "connections")] == ["two", "available", "eu-west-1", ["dxcon-1"]]
    world.add("aws_secretsmanager_secret", {"ARN": "arn:key", "Name": "key"})
    assert world.edges("default") == {"dxlag-1 > dxcon-1", "dxcon-1 > key"}
    assert world.edges("delete") == {"key > dxcon-1"}


def test_what_runs_over_them_and_where_it_leads(world: World) -> None:
    world.add(CONNECTION, {"connectionId": "dxcon-1"})
    world.add(LAG, {"lagId": "dxlag-1"})
    gateway = {"directConnectGatewayId": "g-1", "directConnectGatewayName": "all", "directConnectGatewayState": "available"}
    assert world.add(GATEWAY, gateway)["arn"] == "arn:aws:directconnect::123456789012:dx-gateway/g-1"
    world.add("aws_ec2_vpn_gateway", {"VpnGatewayId": "vgw-1"})
    world.add("aws_ec2_transit_gateway", {"TransitGatewayId": "tgw-1"})
    world.add(INTERFACE, {"virtualInterfaceId": "dxvif-1", "connectionId": "dxcon-1", "virtualGatewayId": "vgw-1"})
    world.add(INTERFACE, {"virtualInterfaceId": "dxvif-2", "connectionId": "dxlag-1", "directConnectGatewayId": "g-1"})
    for id, other in (("as-1", "vgw-1"), ("as-2", "tgw-1")):
        association = {"associationId": id, "directConnectGatewayId": "g-1", "associatedGateway": {"id": other}}
        assert world.add(ASSOCIATION, association)["associated_gateway"] == {"id": other}
    attachment = {"TransitGatewayAttachmentId": "a-1", "ResourceType": "direct-connect-gateway", "ResourceId": "g-1"}
    world.add("aws_ec2_transit_gateway_attachment", attachment)
    interfaces = {"dxcon-1 > dxvif-1", "vgw-1 > dxvif-1", "dxlag-1 > dxvif-2", "g-1 > dxvif-2"}
    associations = {"g-1 > as-1", "vgw-1 > as-1", "g-1 > as-2", "tgw-1 > as-2"}
    assert world.edges("delete") == interfaces | associations
    assert world.edges("default") == interfaces | associations | {"g-1 > a-1"}


def test_keys_are_not_kept(world: World) -> None:
    interface = {
        "virtualInterfaceId": "dxvif-1", "virtualInterfaceType": "private", "vlan": 7, "authKey": "open-sesame",
        "customerRouterConfig": "<key>open-sesame</key>", "bgpPeers": [{"bgpPeerId": "p-1", "authKey": "open-sesame"}],
    }  # fmt: skip
    reported = world.add(INTERFACE, interface)
    assert [reported[name] for name in ("virtual_interface_type", "vlan", "bgp_peers")] == ["private", 7, [{"bgp_peer_id": "p-1"}]]
    assert "open-sesame" not in str(reported)


@pytest.mark.parametrize("what", ["connection", "lag"])
def test_on_a_server(cloud: Cloud, name: str, what: str) -> None:
    directconnect, tags = cloud.client("directconnect"), [{"key": "owner", "value": "ada"}]
    line = directconnect.create_connection(location="EqDA2", bandwidth="1Gbps", connectionName=name, tags=tags)
    lag = directconnect.create_lag(numberOfConnections=1, location="EqDA2", connectionsBandwidth="1Gbps", lagName=name, tags=tags)
    document = cloud.find(f"aws_directconnect_{what}", {"connection": line["connectionId"], "lag": lag["lagId"]}[what])
    assert (document["reported"]["name"], document["reported"]["tags"]) == (name, {"owner": "ada"})
    assert cloud.looks_the_same(document)


def test_a_line_goes_on_a_server(cloud: Cloud, name: str) -> None:
    line = cloud.client("directconnect").create_connection(location="EqDA2", bandwidth="1Gbps", connectionName=name)
    document = cloud.find(CONNECTION, line["connectionId"])
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
