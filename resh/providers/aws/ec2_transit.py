"""The catalog of EC2's transit gateways: what is attached to them, and where their traffic goes.

`provider.py` collects `RESOURCES` region by region. A gateway waits for its attachments, and an attachment for what goes through it; what
AWS makes and removes with a VPN connection or a Direct Connect gateway holds nothing back:
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
"""

from __future__ import annotations

from resh.providers.aws.ec2 import TAG, UNTAG
from resh.providers.catalog import Action, Call, Detail, Link, Resource

ATTACHMENT_ID = {"TransitGatewayAttachmentId": "{id}"}
ATTACHMENT_ARN = "arn:{partition}:ec2:{region}:{account}:transit-gateway-attachment/{id}"
NO_ATTACHMENT = ("InvalidTransitGatewayAttachmentID.NotFound", "InvalidTransitGatewayAttachmentId.NotFound")
ONE_ATTACHMENT = {"TransitGatewayAttachmentIds": ["{id}"]}
ENDED = """contains(`["deleted", "failed", "rejected"]`, state)"""
"""They are listed for some hours more."""

GATEWAY = Resource(
    kind="aws_ec2_transit_gateway",
    bases=("gateway",),
    description="A router between VPCs, VPN connections and other networks; those that other accounts share are listed too.",
    call=Call("ec2", "describe_transit_gateways", "TransitGateways"),
    id="TransitGatewayId",
    ctime="CreationTime",
    arn="TransitGatewayArn",
    read={"TransitGatewayIds": ["{id}"]},
    gone=("InvalidTransitGatewayID.NotFound", "InvalidTransitGatewayId.NotFound"),
    ended="state == 'deleted'",
    awaited="state == 'deleted'",
    delete=Action("delete_transit_gateway", {"TransitGatewayId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

ATTACHMENT = Resource(
    kind="aws_ec2_transit_gateway_attachment",
    description="What connects a transit gateway with a network; itself one of a VPN connection or a Direct Connect gateway.",
    call=Call("ec2", "describe_transit_gateway_attachments", "TransitGatewayAttachments"),
    keep="""!contains(`["vpc", "peering", "connect"]`, ResourceType)""",
    id="TransitGatewayAttachmentId",
    ctime="CreationTime",
    arn=ATTACHMENT_ARN,
    edges=(
        Link("aws_ec2_transit_gateway", "TransitGatewayId"),
        Link("aws_ec2_vpn_connection", "ResourceType == 'vpn' && ResourceId"),
        Link("aws_directconnect_gateway", "ResourceType == 'direct-connect-gateway' && ResourceId"),
    ),
    read=ONE_ATTACHMENT,
    gone=NO_ATTACHMENT,
    ended=ENDED,
    no_delete="it goes with the VPN connection or the association of the Direct Connect gateway that it is of",
    tag=TAG,
    untag=UNTAG,
)

VPC_ATTACHMENT = Resource(
    kind="aws_ec2_transit_gateway_vpc_attachment",
    bases=(ATTACHMENT.kind,),
    description="What connects a transit gateway with a VPC, through a network card in each subnet.",
    call=Call("ec2", "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments"),
    id="TransitGatewayAttachmentId",
    ctime="CreationTime",
    arn=ATTACHMENT_ARN,
    edges=(
        Link("aws_ec2_transit_gateway", "TransitGatewayId", delete=True),
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_ec2_subnet", "SubnetIds", delete=True),
    ),
    read=ONE_ATTACHMENT,
    gone=NO_ATTACHMENT,
    ended=ENDED,
    awaited="state == 'deleted'",
    delete=Action("delete_transit_gateway_vpc_attachment", ATTACHMENT_ID),
    tag=TAG,
    untag=UNTAG,
)

PEERING_ATTACHMENT = Resource(
    kind="aws_ec2_transit_gateway_peering_attachment",
    bases=(ATTACHMENT.kind, "peering_connection"),
    description="What connects two transit gateways, of two regions or accounts too; each side lists it under the same id.",
    call=Call("ec2", "describe_transit_gateway_peering_attachments", "TransitGatewayPeeringAttachments"),
    id="TransitGatewayAttachmentId",
    ctime="CreationTime",
    arn=ATTACHMENT_ARN,
    edges=(Link("aws_ec2_transit_gateway", "[RequesterTgwInfo, AccepterTgwInfo][].TransitGatewayId", delete=True),),
    read=ONE_ATTACHMENT,
    gone=NO_ATTACHMENT,
    ended=ENDED,
    awaited="state == 'deleted'",
    delete=Action("delete_transit_gateway_peering_attachment", ATTACHMENT_ID),
    tag=TAG,
    untag=UNTAG,
)

CONNECT = Resource(
    kind="aws_ec2_transit_gateway_connect",
    bases=(ATTACHMENT.kind,),
    description="What connects a transit gateway with appliances in another attachment's network, through tunnels.",
    call=Call("ec2", "describe_transit_gateway_connects", "TransitGatewayConnects"),
    id="TransitGatewayAttachmentId",
    ctime="CreationTime",
    arn=ATTACHMENT_ARN,
    edges=(
        Link("aws_ec2_transit_gateway", "TransitGatewayId", delete=True),
        Link(VPC_ATTACHMENT.kind, "TransportTransitGatewayAttachmentId", delete=True),
        Link(ATTACHMENT.kind, "TransportTransitGatewayAttachmentId", delete=True),
    ),
    read=ONE_ATTACHMENT,
    gone=NO_ATTACHMENT,
    ended=ENDED,
    awaited="state == 'deleted'",
    delete=Action("delete_transit_gateway_connect", ATTACHMENT_ID),
    tag=TAG,
    untag=UNTAG,
)

CONNECT_PEER = Resource(
    kind="aws_ec2_transit_gateway_connect_peer",
    bases=("tunnel",),
    description="The tunnel between a transit gateway and one appliance.",
    call=Call("ec2", "describe_transit_gateway_connect_peers", "TransitGatewayConnectPeers"),
    id="TransitGatewayConnectPeerId",
    ctime="CreationTime",
    arn="arn:{partition}:ec2:{region}:{account}:transit-gateway-connect-peer/{id}",
    edges=(Link(CONNECT.kind, "TransitGatewayAttachmentId", delete=True),),
    read={"TransitGatewayConnectPeerIds": ["{id}"]},
    gone=("InvalidTransitGatewayConnectPeerID.NotFound", "InvalidTransitGatewayConnectPeerId.NotFound"),
    ended="state == 'deleted'",
    awaited="state == 'deleted'",
    delete=Action("delete_transit_gateway_connect_peer", {"TransitGatewayConnectPeerId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

_ATTACHMENTS = (ATTACHMENT.kind, VPC_ATTACHMENT.kind, PEERING_ATTACHMENT.kind, CONNECT.kind)
_TABLE = {"TransitGatewayRouteTableId": "{id}"}
_NO_TABLE = ("InvalidRouteTableID.NotFound", "InvalidRouteTableId.NotFound", "InvalidTransitGatewayRouteTableId.NotFound")


def _of_table(operation: str, items: str, into: str) -> Detail:
    return Detail(Call("ec2", f"get_transit_gateway_route_table_{operation}", items, _TABLE), into=into, absent=_NO_TABLE)


ROUTE_TABLE = Resource(
    kind="aws_ec2_transit_gateway_route_table",
    bases=("routing_table",),
    description="Where a transit gateway sends what comes from the attachments that are associated with it.",
    call=Call("ec2", "describe_transit_gateway_route_tables", "TransitGatewayRouteTables"),
    id="TransitGatewayRouteTableId",
    ctime="CreationTime",
    arn="arn:{partition}:ec2:{region}:{account}:transit-gateway-route-table/{id}",
    details=(
        _of_table("associations", "Associations", "Associations"),
        _of_table("propagations", "TransitGatewayRouteTablePropagations", "Propagations"),
    ),
    edges=(
        Link("aws_ec2_transit_gateway", "TransitGatewayId"),
        *(Link(kind, "Associations[].TransitGatewayAttachmentId", child=True) for kind in _ATTACHMENTS),
    ),
    read={"TransitGatewayRouteTableIds": ["{id}"]},
    released={"associations": "!associations", "propagations": "!propagations"},
    gone=_NO_TABLE,
    ended="state == 'deleted'",
    before_delete=(
        Action(
            "disassociate_transit_gateway_route_table",
            {**_TABLE, "TransitGatewayAttachmentId": "{each}"},
            each="associations[?state == 'associated'].transit_gateway_attachment_id",
            absent=("InvalidAssociation.NotFound", *NO_ATTACHMENT),
        ),
    ),
    awaited="state == 'deleted'",
    delete=Action("delete_transit_gateway_route_table", _TABLE),
    tag=TAG,
    untag=UNTAG,
)

_DOMAIN = {"TransitGatewayMulticastDomainId": "{id}"}
_NO_DOMAIN = ("InvalidTransitGatewayMulticastDomainId.NotFound",)

MULTICAST_DOMAIN = Resource(
    kind="aws_ec2_transit_gateway_multicast_domain",
    description="Subnets that a transit gateway can send the same packets to.",
    call=Call("ec2", "describe_transit_gateway_multicast_domains", "TransitGatewayMulticastDomains"),
    id="TransitGatewayMulticastDomainId",
    ctime="CreationTime",
    arn="TransitGatewayMulticastDomainArn",
    details=(
        Detail(
            Call("ec2", "get_transit_gateway_multicast_domain_associations", "MulticastDomainAssociations", _DOMAIN),
            into="Associations",
            absent=_NO_DOMAIN,
        ),
    ),
    edges=(
        Link("aws_ec2_transit_gateway", "TransitGatewayId", delete=True),
        Link("aws_ec2_subnet", "Associations[].Subnet.SubnetId"),
        Link(VPC_ATTACHMENT.kind, "Associations[].TransitGatewayAttachmentId"),
    ),
    read={"TransitGatewayMulticastDomainIds": ["{id}"]},
    released={"associations": "!associations"},
    gone=_NO_DOMAIN,
    ended="state == 'deleted'",
    before_delete=(
        Action(
            "disassociate_transit_gateway_multicast_domain",
            {**_DOMAIN, "TransitGatewayAttachmentId": "{each.transit_gateway_attachment_id}", "SubnetIds": ["{each.subnet.subnet_id}"]},
            each="associations[?subnet.state == 'associated']",
            absent=("InvalidTransitGatewayMulticastDomainAssociation.NotFound", *NO_ATTACHMENT),
        ),
    ),
    awaited="state == 'deleted'",
    delete=Action("delete_transit_gateway_multicast_domain", _DOMAIN),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (
    GATEWAY,
    ATTACHMENT,
    VPC_ATTACHMENT,
    PEERING_ATTACHMENT,
    CONNECT,
    CONNECT_PEER,
    ROUTE_TABLE,
    MULTICAST_DOMAIN,
)
