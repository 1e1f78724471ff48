"""The catalog of EC2's networks: VPCs and everything in them.

`provider.py` collects `RESOURCES` region by region; machines are in `ec2.py`. Delete edges say what AWS refuses: a VPC waits for all that
people put into it, a subnet for every network interface, a security group for everything that uses or names it. What AWS makes and
deletes together with a VPC (its default security group, main route table, default network ACL) holds nothing back.
"""

from __future__ import annotations

from resh.providers.aws.ec2 import TAG, UNTAG
from resh.providers.aws.service_quotas import GATEWAYS, limited_by
from resh.providers.catalog import Action, Call, Link, Resource
from resh.providers.ending import Detach, PartOf

VPC = Resource(
    kind="aws_vpc",
    bases=("network",),
    description="A private network (VPC).",
    call=Call("ec2", "describe_vpcs", "Vpcs"),
    id="VpcId",
    console="vpcconsole/home?region={region}#VpcDetails:VpcId={id}",
    prefix="vpc",
    arn="arn:{partition}:ec2:{region}:{account}:vpc/{id}",
    fields={"cidr_blocks": "CidrBlockAssociationSet[].CidrBlock"},
    edges=(limited_by(GATEWAYS),),
    read={"VpcIds": ["{id}"]},
    gone=("InvalidVpcID.NotFound",),
    fixed={"vpc_is_default": "services expect the default VPC of a region to exist"},
    delete=Action("delete_vpc", {"VpcId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

SUBNET = Resource(
    kind="aws_ec2_subnet",
    bases=("subnet",),
    description="A range of a VPC's addresses in one availability zone.",
    call=Call("ec2", "describe_subnets", "Subnets"),
    id="SubnetId",
    console="vpcconsole/home?region={region}#SubnetDetails:subnetId={id}",
    prefix="subnet",
    arn="arn:{partition}:ec2:{region}:{account}:subnet/{id}",
    zone="AvailabilityZone",
    fields={"cidr_block": "CidrBlock", "subnet_cidr_block": "CidrBlock"},
    edges=(Link("aws_vpc", "VpcId", delete=True),),
    read={"SubnetIds": ["{id}"]},
    volatile=("subnet_available_ip_address_count",),
    gone=("InvalidSubnetID.NotFound",),
    delete=Action("delete_subnet", {"SubnetId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

_RULE = {"GroupId": "{id}", "SecurityGroupRuleIds": ["{each}"]}
_NO_RULE = ("InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound")


def _who(operation: str, ids: str, names: str) -> Call:
    """Ids of those that name the group."""
    return Call("ec2", operation, ids, {"Filters": [{"Name": names, "Values": ["{id}"]}]})


SECURITY_GROUP = Resource(
    kind="aws_ec2_security_group",
    bases=("security_group",),
    description="Rules that let traffic in and out of whatever belongs to the group.",
    call=Call("ec2", "describe_security_groups", "SecurityGroups"),
    id="GroupId",
    console="ec2/home?region={region}#SecurityGroup:groupId={id}",
    prefix="group",
    name="GroupName",
    arn="arn:{partition}:ec2:{region}:{account}:security-group/{id}",
    fields={"description": "Description"},
    edges=(
        Link("aws_vpc", "VpcId"),
        Link("aws_vpc", "GroupName != 'default' && VpcId", only_delete=True),
        # A group that another group's rules name cannot be deleted before that other group.
        Link("aws_ec2_security_group", "[IpPermissions, IpPermissionsEgress][].UserIdGroupPairs[].GroupId", only_delete=True),
    ),
    read={"GroupIds": ["{id}"]},
    gone=("InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound"),
    fixed={"name == 'default'": "the default security group goes with its VPC"},
    part_of=PartOf("aws_vpc", "name == 'default' && group_vpc_id"),
    # https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html: not while a rule of another group names it.
    detach=Detach(
        kinds=("aws_ec2_security_group",),
        call=Call("ec2", "describe_security_group_rules", "SecurityGroupRules", {"Filters": [{"Name": "group-id", "Values": ["{id}"]}]}),
        users=(
            _who("describe_network_interfaces", "NetworkInterfaces[].NetworkInterfaceId", "group-id"),
            _who("describe_security_groups", "SecurityGroups[].GroupId", "ip-permission.group-id"),
            _who("describe_security_groups", "SecurityGroups[].GroupId", "egress.ip-permission.group-id"),
        ),
        of="GroupId",
        names="ReferencedGroupInfo.GroupId",
        id="SecurityGroupRuleId",
        actions={
            "IsEgress == `false`": Action("revoke_security_group_ingress", _RULE, absent=_NO_RULE),
            "IsEgress == `true`": Action("revoke_security_group_egress", _RULE, absent=_NO_RULE),
        },
    ),
    delete=Action("delete_security_group", {"GroupId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

# A card that goes with its instance or service needs no deletion of its own: its owner's edges say what waits for it.
_STAYS = "!(RequesterManaged || Attachment.DeleteOnTermination) && "

NETWORK_INTERFACE = Resource(
    kind="aws_ec2_network_interface",
    bases=("network_interface",),
    description="A virtual network card of an instance, a load balancer, an endpoint or another service.",
    call=Call("ec2", "describe_network_interfaces", "NetworkInterfaces"),
    id="NetworkInterfaceId",
    console="ec2/home?region={region}#NetworkInterface:networkInterfaceId={id}",
    prefix="nic",
    arn="arn:{partition}:ec2:{region}:{account}:network-interface/{id}",
    tags="TagSet",
    zone="AvailabilityZone",
    fields={
        "network_interface_type": "InterfaceType",
        "network_interface_status": "Status",
        "description": "Description",
        "mac": "MacAddress",
        "private_ips": "PrivateIpAddresses[].PrivateIpAddress",
        "public_ips": "PrivateIpAddresses[].Association.PublicIp",
        "v6_ips": "Ipv6Addresses[].Ipv6Address",
        "nic_ipv4_prefixes": "Ipv4Prefixes[].Ipv4Prefix",
        "nic_ipv6_prefixes": "Ipv6Prefixes[].Ipv6Prefix",
    },
    edges=(
        Link("aws_vpc", "VpcId"),
        Link("aws_vpc", _STAYS + "VpcId", only_delete=True),
        Link("aws_ec2_subnet", "SubnetId"),
        Link("aws_ec2_subnet", _STAYS + "SubnetId", only_delete=True),
        Link("aws_ec2_security_group", "Groups[].GroupId"),
        Link("aws_ec2_security_group", _STAYS + "Groups[].GroupId", only_delete=True),
        Link("aws_ec2_instance", "Attachment.InstanceId", delete="reverse"),
    ),
    read={"NetworkInterfaceIds": ["{id}"]},
    released=dict.fromkeys(
        ("network_interface_status", "nic_attachment", "nic_association", "nic_private_ip_addresses", "public_ips"),
        "network_interface_status == 'available'",
    ),
    gone=("InvalidNetworkInterfaceID.NotFound",),
    fixed={"nic_requester_managed && network_interface_status != 'available'": "it goes with the service that made it"},
    delete=Action("delete_network_interface", {"NetworkInterfaceId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

ROUTE_TABLE = Resource(
    kind="aws_ec2_route_table",
    bases=("routing_table",),
    description="Where the traffic of subnets goes.",
    call=Call("ec2", "describe_route_tables", "RouteTables"),
    id="RouteTableId",
    console="vpcconsole/home?region={region}#RouteTableDetails:RouteTableId={id}",
    prefix="route_table",
    arn="arn:{partition}:ec2:{region}:{account}:route-table/{id}",
    fields={"owner_id": "OwnerId", "route_table_propagating_vgws": "PropagatingVgws[].GatewayId"},
    edges=(
        Link("aws_vpc", "VpcId"),
        Link("aws_vpc", "!(Associations[?Main]) && VpcId", only_delete=True),
        Link("aws_ec2_subnet", "Associations[].SubnetId", child=True, delete=True),
    ),
    read={"RouteTableIds": ["{id}"]},
    # Routes to a gateway that has gone stay, as black holes.
    released=dict.fromkeys(("route_table_associations", "route_table_routes"), "!route_table_associations"),
    gone=("InvalidRouteTableID.NotFound",),
    fixed={"route_table_associations[?main]": "the main route table goes with its VPC"},
    before_delete=(
        Action(
            "disassociate_route_table",
            {"AssociationId": "{each}"},
            each="route_table_associations[?!main].route_table_association_id",
            absent=("InvalidAssociationID.NotFound",),
        ),
    ),
    delete=Action("delete_route_table", {"RouteTableId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

INTERNET_GATEWAY = Resource(
    kind="aws_ec2_internet_gateway",
    bases=("gateway",),
    description="The way between a VPC and the internet.",
    call=Call("ec2", "describe_internet_gateways", "InternetGateways"),
    id="InternetGatewayId",
    console="vpcconsole/home?region={region}#InternetGateway:internetGatewayId={id}",
    prefix="gateway",
    arn="arn:{partition}:ec2:{region}:{account}:internet-gateway/{id}",
    edges=(Link("aws_vpc", "Attachments[].VpcId", delete=True),),
    read={"InternetGatewayIds": ["{id}"]},
    gone=("InvalidInternetGatewayID.NotFound",),
    before_delete=(
        Action(
            "detach_internet_gateway",
            {"InternetGatewayId": "{id}", "VpcId": "{each}"},
            each="gateway_attachments[].vpc_id",
            absent=("Gateway.NotAttached",),
        ),
    ),
    delete=Action("delete_internet_gateway", {"InternetGatewayId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

NAT_GATEWAY = Resource(
    kind="aws_ec2_nat_gateway",
    bases=("gateway",),
    description="Lets instances without public addresses reach the internet; listed for about an hour after its deletion.",
    call=Call("ec2", "describe_nat_gateways", "NatGateways"),
    id="NatGatewayId",
    console="vpcconsole/home?region={region}#NatGatewayDetails:natGatewayId={id}",
    prefix="nat",
    ctime="CreateTime",
    arn="arn:{partition}:ec2:{region}:{account}:natgateway/{id}",
    edges=(
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_ec2_subnet", "SubnetId", delete=True),
        Link("aws_ec2_network_interface", "NatGatewayAddresses[].NetworkInterfaceId", child=True, delete="reverse"),
        Link("aws_ec2_elastic_ip", "NatGatewayAddresses[].PublicIp", child=True, delete="reverse"),
    ),
    read={"NatGatewayIds": ["{id}"]},
    gone=("NatGatewayNotFound", "InvalidNatGatewayID.NotFound"),
    ended="nat_state == 'deleted'",
    awaited="nat_state == 'deleted'",
    broken="nat_state == 'failed' && (nat_failure_message || `true`)",
    delete=Action("delete_nat_gateway", {"NatGatewayId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

VPC_ENDPOINT = Resource(
    kind="aws_vpc_endpoint",
    bases=("endpoint",),
    description="A private way from a VPC to a service.",
    call=Call("ec2", "describe_vpc_endpoints", "VpcEndpoints"),
    id="VpcEndpointId",
    console="vpcconsole/home?region={region}#EndpointDetails:vpcEndpointId={id}",
    prefix="endpoint",
    ctime="CreationTimestamp",
    arn="arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{id}",
    fields={
        "vpc_endpoint_type": "VpcEndpointType",
        "endpoint_dns_options": "DnsOptions.DnsRecordIpType",
        "endpoint_creation_timestamp": "CreationTimestamp",
    },
    edges=(
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_ec2_subnet", "SubnetIds", delete=True),
        Link("aws_ec2_route_table", "RouteTableIds"),
        Link("aws_ec2_security_group", "Groups[].GroupId", delete=True),
        Link("aws_ec2_network_interface", "NetworkInterfaceIds", child=True, delete="reverse"),
    ),
    read={"VpcEndpointIds": ["{id}"]},
    gone=("InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"),
    fixed={"endpoint_requester_managed": "it goes with the service that made it"},
    ended="endpoint_state == 'deleted' || endpoint_state == 'Deleted'",
    awaited="endpoint_state == 'deleted' || endpoint_state == 'Deleted'",
    broken="(endpoint_state == 'failed' || endpoint_state == 'Failed') && (endpoint_last_error.message || `true`)",
    delete=Action("delete_vpc_endpoints", {"VpcEndpointIds": ["{id}"]}),
    tag=TAG,
    untag=UNTAG,
)

NETWORK_ACL = Resource(
    kind="aws_ec2_network_acl",
    bases=("network_acl",),
    description="Rules that let traffic in and out of subnets.",
    call=Call("ec2", "describe_network_acls", "NetworkAcls"),
    id="NetworkAclId",
    console="vpcconsole/home?region={region}#NetworkAclDetails:networkAclId={id}",
    prefix="acl",
    arn="arn:{partition}:ec2:{region}:{account}:network-acl/{id}",
    fields={
        "acl_entries": "Entries[].merge(@, {PortRange: PortRange && {FromRange: PortRange.From, ToRange: PortRange.To}})",
        "is_default": "IsDefault",
        "owner_id": "OwnerId",
    },
    edges=(
        Link("aws_vpc", "VpcId"),
        Link("aws_vpc", "!IsDefault && VpcId", only_delete=True),
        Link("aws_ec2_subnet", "Associations[].SubnetId", delete="reverse"),
    ),
    read={"NetworkAclIds": ["{id}"]},
    released={"acl_associations": "!acl_associations"},
    gone=("InvalidNetworkAclID.NotFound",),
    fixed={"is_default": "the default network ACL goes with its VPC"},
    delete=Action("delete_network_acl", {"NetworkAclId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

VPC_PEERING_CONNECTION = Resource(
    kind="aws_vpc_peering_connection",
    bases=("peering_connection",),
    description="A connection between two VPCs, in one account or two; listed for a while after its end.",
    call=Call("ec2", "describe_vpc_peering_connections", "VpcPeeringConnections"),
    id="VpcPeeringConnectionId",
    console="vpcconsole/home?region={region}#PeeringConnectionDetails:vpcPeeringConnectionId={id}",
    prefix="connection",
    arn="arn:{partition}:ec2:{region}:{account}:vpc-peering-connection/{id}",
    fields={"peering_connection_status": "Status"},
    edges=(Link("aws_vpc", "[RequesterVpcInfo, AccepterVpcInfo][].VpcId", delete=True),),
    read={"VpcPeeringConnectionIds": ["{id}"]},
    gone=("InvalidVpcPeeringConnectionID.NotFound",),
    ended="""contains(`["deleted", "expired", "failed", "rejected"]`, peering_connection_status.code)""",
    delete=Action("delete_vpc_peering_connection", {"VpcPeeringConnectionId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

FLOW_LOG = Resource(
    kind="aws_ec2_flow_log",
    description="A record of the traffic in a VPC, a subnet or a network interface.",
    call=Call("ec2", "describe_flow_logs", "FlowLogs"),
    id="FlowLogId",
    prefix="flow_log",
    ctime="CreationTime",
    arn="arn:{partition}:ec2:{region}:{account}:vpc-flow-log/{id}",
    edges=(
        *(Link(kind, "ResourceId") for kind in ("aws_vpc", "aws_ec2_subnet", "aws_ec2_network_interface")),
        Link("aws_s3_bucket", "split(LogDestination, '/')[0]", by="arn", child=True),
        Link("aws_cloudwatch_log_group", "LogGroupName", by="name", child=True),
    ),
    read={"FlowLogIds": ["{id}"]},
    gone=("InvalidFlowLogId.NotFound",),
    delete=Action("delete_flow_logs", {"FlowLogIds": ["{id}"]}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (
    VPC,
    SUBNET,
    SECURITY_GROUP,
    NETWORK_INTERFACE,
    ROUTE_TABLE,
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    VPC_ENDPOINT,
    NETWORK_ACL,
    VPC_PEERING_CONNECTION,
    FLOW_LOG,
)
