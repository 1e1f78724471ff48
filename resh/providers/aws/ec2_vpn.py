"""The catalog of EC2's VPNs: gateways on either side, the connections between them, and endpoints that people dial in to.

`provider.py` collects `RESOURCES` region by region. Keys of tunnels are left out: an answer has them twice, the second time in the
configuration for the device at the other end (https://docs.aws.amazon.com/vpn/latest/s2svpn/VPC_VPN.html).
"""

from __future__ import annotations

from resh.providers.aws.ec2 import TAG, UNTAG
from resh.providers.catalog import Action, Call, Detail, Link, Resource

VPN_GATEWAY = Resource(
    kind="aws_ec2_vpn_gateway",
    bases=("gateway",),
    description="The end of VPN connections at a VPC, or of Direct Connect (virtual private gateway); listed for a while after its end.",
    call=Call("ec2", "describe_vpn_gateways", "VpnGateways"),
    id="VpnGatewayId",
    arn="arn:{partition}:ec2:{region}:{account}:vpn-gateway/{id}",
    zone="AvailabilityZone",
    edges=(Link("aws_vpc", "VpcAttachments[?State != 'detached'].VpcId", delete=True),),
    read={"VpnGatewayIds": ["{id}"]},
    gone=("InvalidVpnGatewayID.NotFound",),
    ended="state == 'deleted'",
    before_delete=(
        Action(
            "detach_vpn_gateway",
            {"VpnGatewayId": "{id}", "VpcId": "{each}"},
            each="vpc_attachments[?state == 'attached'].vpc_id",
            absent=("InvalidVpnGatewayAttachment.NotFound",),
        ),
    ),
    awaited="state == 'deleted'",
    delete=Action("delete_vpn_gateway", {"VpnGatewayId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

CUSTOMER_GATEWAY = Resource(
    kind="aws_ec2_customer_gateway",
    bases=("gateway",),
    description="The end of VPN connections that is not at AWS; listed for a while after its end.",
    call=Call("ec2", "describe_customer_gateways", "CustomerGateways"),
    id="CustomerGatewayId",
    arn="arn:{partition}:ec2:{region}:{account}:customer-gateway/{id}",
    edges=(Link("aws_acm_certificate", "CertificateArn", by="arn", child=True, delete="reverse"),),
    read={"CustomerGatewayIds": ["{id}"]},
    gone=("InvalidCustomerGatewayID.NotFound",),
    ended="state == 'deleted'",
    delete=Action("delete_customer_gateway", {"CustomerGatewayId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

_TUNNELS = "Options.TunnelOptions[]"

VPN_CONNECTION = Resource(
    kind="aws_ec2_vpn_connection",
    bases=("tunnel",),
    description="Two tunnels between a gateway of AWS and one of people's own, without their keys; listed for a while after its end.",
    call=Call("ec2", "describe_vpn_connections", "VpnConnections"),
    id="VpnConnectionId",
    arn="arn:{partition}:ec2:{region}:{account}:vpn-connection/{id}",
    secret=("CustomerGatewayConfiguration", "PreSharedKey"),
    edges=(
        Link("aws_ec2_vpn_gateway", "VpnGatewayId", delete=True),
        Link("aws_ec2_customer_gateway", "CustomerGatewayId", delete=True),
        Link("aws_ec2_transit_gateway", "TransitGatewayId", delete=True),
        Link("aws_ec2_transit_gateway_attachment", "Options.TransportTransitGatewayAttachmentId", delete=True),
        Link("aws_acm_certificate", "VgwTelemetry[].CertificateArn", by="arn", child=True, delete="reverse"),
        Link("aws_secretsmanager_secret", "PreSharedKeyArn", by="arn", child=True, delete="reverse"),
        Link(
            "aws_cloudwatch_log_group",
            f"{_TUNNELS}.LogOptions.CloudWatchLogOptions.[LogGroupArn, BgpLogGroupArn][] | [].last(@, ':')",
            by="name",
            child=True,
        ),
    ),
    read={"VpnConnectionIds": ["{id}"]},
    gone=("InvalidVpnConnectionID.NotFound",),
    ended="state == 'deleted'",
    volatile=("vgw_telemetry",),
    awaited="state == 'deleted'",
    delete=Action("delete_vpn_connection", {"VpnConnectionId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

_ENDPOINT = {"ClientVpnEndpointId": "{id}"}
_NO_ENDPOINT = ("InvalidClientVpnEndpointId.NotFound",)


def _of_endpoint(operation: str, items: str, into: str) -> Detail:
    return Detail(Call("ec2", f"describe_client_vpn_{operation}", items, _ENDPOINT), into=into, absent=_NO_ENDPOINT)


CLIENT_VPN_ENDPOINT = Resource(
    kind="aws_ec2_client_vpn_endpoint",
    bases=("gateway",),
    description="Where people dial in to a VPC, with who may reach what; listed for a while after its end.",
    call=Call("ec2", "describe_client_vpn_endpoints", "ClientVpnEndpoints"),
    id="ClientVpnEndpointId",
    ctime="CreationTime",
    arn="arn:{partition}:ec2:{region}:{account}:client-vpn-endpoint/{id}",
    details=(
        _of_endpoint("target_networks", "ClientVpnTargetNetworks", "TargetNetworks"),
        _of_endpoint("routes", "Routes", "Routes"),
        _of_endpoint("authorization_rules", "AuthorizationRules", "AuthorizationRules"),
    ),
    edges=(
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_ec2_subnet", "TargetNetworks[].TargetNetworkId", delete=True),
        Link("aws_ec2_security_group", "SecurityGroupIds", delete=True),
        Link("aws_ec2_transit_gateway", "TransitGatewayConfiguration.TransitGatewayId", delete=True),
        Link(
            "aws_acm_certificate",
            "[ServerCertificateArn, AuthenticationOptions[].MutualAuthentication.ClientRootCertificateChain]",
            by="arn",
            child=True,
            delete="reverse",
        ),
        Link("aws_cloudwatch_log_group", "ConnectionLogOptions.CloudwatchLogGroup", by="name", child=True),
        Link("aws_lambda_function", "ClientConnectOptions.LambdaFunctionArn", by="arn", child=True),
    ),
    read={"ClientVpnEndpointIds": ["{id}"]},
    released=dict.fromkeys(("target_networks", "routes", "status"), "!target_networks"),
    gone=_NO_ENDPOINT,
    ended="status.code == 'deleted'",
    before_delete=(
        Action(
            "disassociate_client_vpn_target_network",
            {**_ENDPOINT, "AssociationId": "{each}"},
            each="target_networks[?status.code == 'associated'].association_id",
            absent=("InvalidClientVpnAssociationIdNotFound", "InvalidClientVpnAssociationId.NotFound"),
        ),
    ),
    awaited="status.code == 'deleted'",
    delete=Action("delete_client_vpn_endpoint", _ENDPOINT),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (VPN_GATEWAY, CUSTOMER_GATEWAY, VPN_CONNECTION, CLIENT_VPN_ENDPOINT)
