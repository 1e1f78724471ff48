"""VPN connections, their gateways, and endpoints that people dial in to: as EC2 describes them, and on a moto server."""

from __future__ import annotations

import botocore.session

from resh.providers.aws.ec2_vpn import VPN_CONNECTION
from resh.providers.aws.shapes import Models
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

CONNECTION = "aws_ec2_vpn_connection"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:vpn"
DEVICE = "<?xml version='1.0'?><vpn_connection><ike><pre_shared_key>open-sesame</pre_shared_key></ike></vpn_connection>"


def test_a_connection_and_its_gateways(world: World) -> None:
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    attachments = [{"VpcId": "vpc-1", "State": "attached"}, {"VpcId": "vpc-2", "State": "detached"}]
    world.add("aws_ec2_vpn_gateway", {"VpnGatewayId": "vgw-1", "AmazonSideAsn": 64512, "VpcAttachments": attachments})
    customer = world.add(
        "aws_ec2_customer_gateway", {"CustomerGatewayId": "cgw-1", "IpAddress": "192.0.2.1", "CertificateArn": "arn:acm/c-1"}
    )
    assert (customer["ip_address"], customer["certificate_arn"]) == ("192.0.2.1", "arn:acm/c-1")
    tunnel = {"OutsideIpAddress": "198.51.100.1", "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True, "LogGroupArn": GROUP}}}
    connection = {
        "VpnConnectionId": "vpn-1", "VpnGatewayId": "vgw-1", "CustomerGatewayId": "cgw-1", "TransitGatewayId": "tgw-1",
        "State": "available", "Type": "ipsec.1", "Options": {"TunnelOptions": [tunnel]}, "PreSharedKeyArn": "arn:secret",
        "VgwTelemetry": [{"OutsideIpAddress": "198.51.100.1", "Status": "UP"}], "Tags": [{"Key": "Name", "Value": "office"}],
    }  # fmt: skip
    reported = world.add(CONNECTION, connection)
    assert [reported[name] for name in ("id", "name", "state", "type", "vgw_telemetry")] == [
        "vpn-1", "office", "available", "ipsec.1", [{"outside_ip_address": "198.51.100.1", "status": "UP"}],
    ]  # fmt: skip
    world.add("aws_acm_certificate", {"CertificateArn": "arn:acm/c-1"})
    world.add("aws_ec2_transit_gateway", {"TransitGatewayId": "tgw-1"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "vpn"})
    world.add("aws_secretsmanager_secret", {"ARN": "arn:secret", "Name": "key"})
    waits = {"vpc-1 > vgw-1", "vgw-1 > vpn-1", "cgw-1 > vpn-1", "tgw-1 > vpn-1"}
    assert world.edges("default") == waits | {"cgw-1 > c-1", "vpn-1 > vpn", "vpn-1 > key"}
    assert world.edges("delete") == waits | {"c-1 > cgw-1", "key > vpn-1"}


def test_keys_of_tunnels_are_not_kept(world: World) -> None:
    tunnels = [{"OutsideIpAddress": "198.51.100.1", "PreSharedKey": "open-sesame"}]
    item = {"VpnConnectionId": "vpn-1", "CustomerGatewayConfiguration": DEVICE, "Options": {"TunnelOptions": tunnels}}
    reported = world.add(CONNECTION, item)
    assert reported["options"] == {"tunnel_options": [{"outside_ip_address": "198.51.100.1"}]}
    assert "open-sesame" not in str(reported)
    names = {prop.name for prop in Models(botocore.session.Session().get_service_model).properties(VPN_CONNECTION)}
    assert "options.tunnel_options[].outside_ip_address" in names
    assert not {"customer_gateway_configuration", "options.tunnel_options[].pre_shared_key"} & names


def test_where_people_dial_in(world: World) -> None:
    endpoint = {
        "ClientVpnEndpointId": "cvpn-1", "CreationTime": "2026-01-02T03:04:05", "Status": {"Code": "available"}, "VpcId": "vpc-1",
        "SecurityGroupIds": ["sg-1"], "ServerCertificateArn": "arn:acm/c-1", "SplitTunnel": True,
        "AuthenticationOptions": [{"MutualAuthentication": {"ClientRootCertificateChain": "arn:acm/c-2"}}],
        "ConnectionLogOptions": {"Enabled": True, "CloudwatchLogGroup": "dials"},
        "ClientConnectOptions": {"LambdaFunctionArn": "arn:function"},
        "TargetNetworks": [{"AssociationId": "as-1", "TargetNetworkId": "subnet-1", "Status": {"Code": "associated"}}],
        "AuthorizationRules": [{"DestinationCidr": "0.0.0.0/0", "AccessAll": True}],
    }  # fmt: skip
    reported = world.add("aws_ec2_client_vpn_endpoint", endpoint)
    assert [reported[name] for name in ("ctime", "split_tunnel", "authorization_rules")] == [
        "2026-01-02T03:04:05Z", True, [{"destination_cidr": "0.0.0.0/0", "access_all": True}],
    ]  # fmt: skip
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_acm_certificate", {"CertificateArn": "arn:acm/c-1"})
    world.add("aws_acm_certificate", {"CertificateArn": "arn:acm/c-2"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "dials"})
    world.add("aws_lambda_function", {"FunctionName": "ask", "FunctionArn": "arn:function"})
    waits = {"vpc-1 > cvpn-1", "subnet-1 > cvpn-1", "sg-1 > cvpn-1"}
    assert world.edges("default") == waits | {f"cvpn-1 > {used}" for used in ("c-1", "c-2", "dials", "ask")}
    assert world.edges("delete") == waits | {"c-1 > cvpn-1", "c-2 > cvpn-1"}


def test_on_a_server(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    customer = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="192.0.2.7", BgpAsn=65000)["CustomerGateway"]["CustomerGatewayId"]
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    vpc = ec2.create_vpc(CidrBlock="10.78.0.0/16")["Vpc"]["VpcId"]
    ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=vpc)
    made = ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=customer, VpnGatewayId=gateway)["VpnConnection"]
    assert "pre_shared_key" in made["CustomerGatewayConfiguration"]
    documents = [
        cloud.find(CONNECTION, made["VpnConnectionId"]),
        cloud.find("aws_ec2_customer_gateway", customer),
        cloud.find("aws_ec2_vpn_gateway", gateway),
    ]
    assert "pre_shared_key" not in str(documents[0])
    for document in documents:
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)
    (left,) = ec2.describe_vpn_gateways(VpnGatewayIds=[gateway])["VpnGateways"]
    assert [attachment["State"] for attachment in left["VpcAttachments"]] == ["detached"]
