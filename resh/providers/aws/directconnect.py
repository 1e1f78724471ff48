"""Direct Connect: lines from people's own rooms to AWS, what runs over them, and gateways. The catalog of `aws/provider.py`.

Lines and interfaces live in regions, gateways and their associations in none. Keys of BGP are left out; an interface has them once more in
the configuration for the router at the other end.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Link, Resource

TAG = Action("tag_resource", {"resourceArn": "{arn}", "tags": [{"key": "{key}", "value": "{value}"}]})
UNTAG = Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]})
GONE = ("ResourceNotFound",)
MAC_SEC = Link("aws_secretsmanager_secret", "macSecKeys[].secretARN", by="arn", child=True, delete="reverse")

LAG = Resource(
    kind="aws_directconnect_lag",
    description="Lines of the same bandwidth that are used as one (link aggregation group).",
    call=Call("directconnect", "describe_lags", "lags"),
    id="lagId",
    name="lagName",
    arn="arn:{partition}:directconnect:{region}:{account}:dxlag/{id}",
    tags="tags",
    fields={"lag_region": "region", "connections": "connections[].connectionId"},
    edges=(MAC_SEC,),
    read={"lagId": "{id}"},
    gone=GONE,
    ended="lag_state == 'deleted'",
    released={"connections": "!connections", "number_of_connections": "!connections"},
    delete=Action("delete_lag", {"lagId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

CONNECTION = Resource(
    kind="aws_directconnect_connection",
    description="A line from a place of Direct Connect to AWS.",
    call=Call("directconnect", "describe_connections", "connections"),
    id="connectionId",
    name="connectionName",
    arn="arn:{partition}:directconnect:{region}:{account}:dxcon/{id}",
    tags="tags",
    fields={"connection_region": "region"},
    edges=(Link(LAG.kind, "lagId"), MAC_SEC),
    read={"connectionId": "{id}"},
    gone=GONE,
    ended="connection_state == 'deleted' || connection_state == 'rejected'",
    awaited="connection_state == 'deleted'",
    delete=Action("delete_connection", {"connectionId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

GATEWAY = Resource(
    kind="aws_directconnect_gateway",
    bases=("gateway",),
    description="Lets interfaces of any region reach VPCs and transit gateways of any region.",
    call=Call("directconnect", "describe_direct_connect_gateways", "directConnectGateways"),
    id="directConnectGatewayId",
    name="directConnectGatewayName",
    arn="arn:{partition}:directconnect::{account}:dx-gateway/{id}",
    tags="tags",
    is_global=True,
    read={"directConnectGatewayId": "{id}"},
    gone=GONE,
    ended="direct_connect_gateway_state == 'deleted'",
    delete=Action("delete_direct_connect_gateway", {"directConnectGatewayId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

ASSOCIATION = Resource(
    kind="aws_directconnect_gateway_association",
    description="A VPN gateway or a transit gateway that can be reached through a gateway of Direct Connect.",
    call=Call(
        "directconnect",
        "describe_direct_connect_gateway_associations",
        "directConnectGatewayAssociations",
        {"directConnectGatewayId": "{id}"},
    ),
    each=GATEWAY.kind,
    id="associationId",
    tags="",
    is_global=True,
    edges=(
        Link(GATEWAY.kind, "directConnectGatewayId", delete=True),
        Link("aws_ec2_vpn_gateway", "[virtualGatewayId, associatedGateway.id]", delete=True),
        Link("aws_ec2_transit_gateway", "associatedGateway.id", delete=True),
    ),
    read=Call(
        "directconnect",
        "describe_direct_connect_gateway_associations",
        "directConnectGatewayAssociations",
        {"associationId": "{id}"},
    ),
    gone=GONE,
    ended="association_state == 'disassociated'",
    awaited="association_state == 'disassociated'",
    delete=Action("delete_direct_connect_gateway_association", {"associationId": "{id}"}),
)

INTERFACE = Resource(
    kind="aws_directconnect_virtual_interface",
    description="What runs over a line: to a VPC, to gateways, or to the public services of AWS; without its keys.",
    call=Call("directconnect", "describe_virtual_interfaces", "virtualInterfaces"),
    id="virtualInterfaceId",
    name="virtualInterfaceName",
    arn="arn:{partition}:directconnect:{region}:{account}:dxvif/{id}",
    tags="tags",
    fields={"virtual_interface_region": "region"},
    secret=("authKey", "customerRouterConfig"),
    edges=(
        Link(CONNECTION.kind, "connectionId", delete=True),
        Link(LAG.kind, "connectionId", delete=True),
        Link("aws_ec2_vpn_gateway", "virtualGatewayId", delete=True),
        Link(GATEWAY.kind, "directConnectGatewayId", delete=True),
    ),
    read={"virtualInterfaceId": "{id}"},
    gone=GONE,
    ended="virtual_interface_state == 'deleted'",
    awaited="virtual_interface_state == 'deleted'",
    delete=Action("delete_virtual_interface", {"virtualInterfaceId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (LAG, CONNECTION, GATEWAY, ASSOCIATION, INTERFACE)
