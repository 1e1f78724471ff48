"""Transit gateways and what is attached to them: as EC2 describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

VPC, PEERING, ANY = (
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_ec2_transit_gateway_peering_attachment",
    "aws_ec2_transit_gateway_attachment",
)
TABLE = "aws_ec2_transit_gateway_route_table"


def attached(id: str, **more: Any) -> dict[str, Any]:
    return {"TransitGatewayAttachmentId": id, "TransitGatewayId": "tgw-1", "State": "available", **more}


@pytest.fixture
def around(world: World) -> World:
    """With a gateway, a VPC and one of its subnets."""
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_transit_gateway", {"TransitGatewayId": "tgw-1"})
    return world


def test_a_gateway(world: World) -> None:
    gateway = {
        "TransitGatewayId": "tgw-1", "TransitGatewayArn": "arn:tgw-1", "State": "available", "OwnerId": "123456789012",
        "Description": "of all", "CreationTime": "2026-01-02T03:04:05Z", "Tags": [{"Key": "Name", "Value": "hub"}],
        "Options": {"AmazonSideAsn": 64512, "VpnEcmpSupport": "enable"},
    }  # fmt: skip
    assert world.add("aws_ec2_transit_gateway", gateway) == {
        "id": "tgw-1", "kind": "aws_ec2_transit_gateway", "name": "hub", "arn": "arn:tgw-1", "ctime": "2026-01-02T03:04:05Z",
        "tags": {"Name": "hub"}, "state": "available", "owner_id": "123456789012", "description": "of all",
        "options": {"amazon_side_asn": 64512, "vpn_ecmp_support": "enable"},
    }  # fmt: skip


def test_a_gateway_and_a_vpc_wait_for_what_connects_them(around: World) -> None:
    reported = around.add(VPC, attached("a-1", VpcId="vpc-1", SubnetIds=["subnet-1"], Options={"DnsSupport": "enable"}))
    assert reported["arn"] == "arn:aws:ec2:eu-west-1:123456789012:transit-gateway-attachment/a-1"
    assert reported["options"] == {"dns_support": "enable"}
    waits = {"tgw-1 > a-1", "vpc-1 > a-1", "subnet-1 > a-1"}
    assert around.edges("default") == around.edges("delete") == waits


def test_appliances_behind_an_attachment(around: World) -> None:
    around.add(VPC, attached("a-1"))
    around.add("aws_ec2_transit_gateway_connect", attached("a-2", TransportTransitGatewayAttachmentId="a-1"))
    peer = {
        "TransitGatewayConnectPeerId": "p-1",
        "TransitGatewayAttachmentId": "a-2",
        "ConnectPeerConfiguration": {"PeerAddress": "10.0.0.1"},
    }
    assert around.add("aws_ec2_transit_gateway_connect_peer", peer)["connect_peer_configuration"] == {"peer_address": "10.0.0.1"}
    assert {"a-1 > a-2", "a-2 > p-1"} <= around.edges("default")
    assert around.edges("delete") == {"tgw-1 > a-1", "tgw-1 > a-2", "a-1 > a-2", "a-2 > p-1"}


def test_a_gateway_waits_for_a_vpn_connection_and_not_for_what_goes_with_it(around: World) -> None:
    around.add("aws_ec2_vpn_connection", {"VpnConnectionId": "vpn-1", "TransitGatewayId": "tgw-1"})
    around.add(ANY, attached("a-3", ResourceType="vpn", ResourceId="vpn-1"))
    assert around.edges("default") == {"tgw-1 > vpn-1", "tgw-1 > a-3", "vpn-1 > a-3"}
    assert around.edges("delete") == {"tgw-1 > vpn-1"}


def test_both_gateways_wait_for_their_peering(around: World) -> None:
    around.add("aws_ec2_transit_gateway", {"TransitGatewayId": "tgw-2"})
    sides = {"RequesterTgwInfo": {"TransitGatewayId": "tgw-1", "Region": "eu-west-1"}, "AccepterTgwInfo": {"TransitGatewayId": "tgw-2"}}
    item = {"TransitGatewayAttachmentId": "a-4", "State": "available", **sides}
    assert around.add(PEERING, item)["requester_tgw_info"] == {"transit_gateway_id": "tgw-1", "region": "eu-west-1"}
    assert around.edges("default") == around.edges("delete") == {"tgw-1 > a-4", "tgw-2 > a-4"}


@pytest.mark.parametrize("state", ["deleted", "failed", "rejected"])
def test_nothing_waits_for_an_attachment_that_has_ended(around: World, state: str) -> None:
    around.add(VPC, {**attached("a-1", VpcId="vpc-1"), "State": state})
    assert around.edges("default") == {"tgw-1 > a-1", "vpc-1 > a-1"}
    assert around.edges("delete") == set()


def test_a_table_has_its_attachments_below_it(around: World) -> None:
    around.add(VPC, attached("a-1"))
    around.add(ANY, attached("a-3", ResourceType="vpn"))
    table = {
        "TransitGatewayRouteTableId": "rt-1", "TransitGatewayId": "tgw-1", "DefaultAssociationRouteTable": True,
        "Associations": [{"TransitGatewayAttachmentId": id, "State": "associated"} for id in ("a-1", "a-3")],
        "Propagations": [{"TransitGatewayAttachmentId": "a-1", "State": "enabled"}],
    }  # fmt: skip
    reported = around.add(TABLE, table)
    assert reported["propagations"] == [{"transit_gateway_attachment_id": "a-1", "state": "enabled"}]
    assert {"tgw-1 > rt-1", "rt-1 > a-1", "rt-1 > a-3"} <= around.edges("default")
    assert not any("rt-1" in edge for edge in around.edges("delete"))


def test_a_multicast_domain(around: World) -> None:
    around.add(VPC, attached("a-1"))
    domain = {
        "TransitGatewayMulticastDomainId": "d-1", "TransitGatewayMulticastDomainArn": "arn:d-1", "TransitGatewayId": "tgw-1",
        "Options": {"Igmpv2Support": "enable"},
        "Associations": [{"TransitGatewayAttachmentId": "a-1", "Subnet": {"SubnetId": "subnet-1", "State": "associated"}}],
    }  # fmt: skip
    assert around.add("aws_ec2_transit_gateway_multicast_domain", domain)["arn"] == "arn:d-1"
    assert {"tgw-1 > d-1", "subnet-1 > d-1", "a-1 > d-1"} <= around.edges("default")
    assert "tgw-1 > d-1" in around.edges("delete")


def test_the_attachment_of_a_vpn_connection_is_not_deleted_by_itself(cloud: Cloud) -> None:
    with pytest.raises(UsageError, match="goes with the VPN connection"):
        cloud.provider.delete(cloud.placed({"kind": ANY, "reported": {"id": "a-3"}}))


def test_on_a_server(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    gateway = ec2.create_transit_gateway(Description="of all")["TransitGateway"]["TransitGatewayId"]
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.77.1.0/24")["Subnet"]["SubnetId"]
    made = ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=vpc, SubnetIds=[subnet])
    attachment = made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    table = ec2.create_transit_gateway_route_table(TransitGatewayId=gateway)["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    ec2.associate_transit_gateway_route_table(TransitGatewayRouteTableId=table, TransitGatewayAttachmentId=attachment)
    ec2.enable_transit_gateway_route_table_propagation(TransitGatewayRouteTableId=table, TransitGatewayAttachmentId=attachment)
    tables = cloud.find(TABLE, table)
    assert [one["transit_gateway_attachment_id"] for one in tables["reported"]["associations"]] == [attachment]
    assert [one["transit_gateway_attachment_id"] for one in tables["reported"]["propagations"]] == [attachment]
    assert cloud.documents(ANY) == []  # one of a VPC is a kind of its own
    for document in (tables, cloud.find(VPC, attachment), cloud.find("aws_ec2_transit_gateway", gateway)):
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
    cloud.provider.delete(tables)
    assert ec2.get_transit_gateway_route_table_associations(TransitGatewayRouteTableId=table)["Associations"] == []
    assert cloud.is_gone(tables)
    for document in (cloud.find(VPC, attachment), cloud.find("aws_ec2_transit_gateway", gateway)):
        cloud.provider.delete(document)
        assert cloud.is_gone(document)
