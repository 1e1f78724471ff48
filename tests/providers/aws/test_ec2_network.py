"""What the catalog of networks makes of items as EC2 lists them: what a VPC waits for, and what goes by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jmespath
import pytest

from resh.cancel import Cancel
from resh.errors import CallFailed
from resh.providers.aws import ec2_network
from resh.providers.aws.session import AwsSession
from resh.providers.catalog import Call
from tests.providers.aws.catalog_world import World

IN_VPC = {"VpcId": "vpc-1"}


@pytest.fixture
def vpc(world: World) -> World:
    """A world with one VPC and one subnet."""
    world.add("aws_vpc", {**IN_VPC, "CidrBlock": "10.0.0.0/16", "IsDefault": False})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1", **IN_VPC})
    return world


def card(**more: Any) -> dict[str, Any]:
    return {"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", **IN_VPC, "Groups": [{"GroupId": "sg-1"}], **more}


def test_a_vpc_has_the_properties_that_queries_use(world: World) -> None:
    blocks = [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.1.0.0/16"}]
    item = {**IN_VPC, "CidrBlock": "10.0.0.0/16", "IsDefault": True, "State": "available", "CidrBlockAssociationSet": blocks}
    assert world.add("aws_vpc", item) == {
        "id": "vpc-1",
        "kind": "aws_vpc",
        "name": "vpc-1",
        "tags": {},
        "arn": "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1",
        "vpc_cidr_block": "10.0.0.0/16",
        "vpc_is_default": True,
        "vpc_state": "available",
        "vpc_cidr_block_association_set": [{"cidr_block": "10.0.0.0/16"}, {"cidr_block": "10.1.0.0/16"}],
        "cidr_blocks": ["10.0.0.0/16", "10.1.0.0/16"],
    }


def test_rules_of_a_security_group(world: World) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    found = world.add("aws_ec2_security_group", {"GroupId": "sg-1", "GroupName": "web", "Description": "front", "IpPermissions": [rule]})
    assert (found["name"], found["description"]) == ("web", "front")
    assert found["group_ip_permissions"] == [
        {
            "ip_protocol": "tcp",
            "from_port": 22,
            "to_port": 22,
            "ip_ranges": [{"cidr_ip": "0.0.0.0/0"}],
        }
    ]


def test_addresses_of_a_network_interface(world: World) -> None:
    addresses = [{"PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": "192.0.2.7"}}, {"PrivateIpAddress": "10.0.0.5"}]
    tags = [{"Key": "Name", "Value": "front"}]
    found = world.add("aws_ec2_network_interface", card(PrivateIpAddresses=addresses, MacAddress="02:00", Status="in-use", TagSet=tags))
    assert (found["name"], found["mac"], found["network_interface_status"]) == ("front", "02:00", "in-use")
    assert (found["private_ips"], found["public_ips"]) == (["10.0.0.4", "10.0.0.5"], ["192.0.2.7"])


def test_ports_of_a_network_acl(world: World) -> None:
    entries = [{"RuleNumber": 100, "PortRange": {"From": 22, "To": 23}, "RuleAction": "allow", "Egress": False}, {"RuleNumber": 32767}]
    found = world.add("aws_ec2_network_acl", {"NetworkAclId": "acl-1", "IsDefault": False, "Entries": entries})
    assert found["acl_entries"] == [
        {"rule_number": 100, "port_range": {"from_range": 22, "to_range": 23}, "rule_action": "allow", "egress": False},
        {"rule_number": 32767},
    ]


def test_a_vpc_waits_for_all_that_people_put_into_it(vpc: World) -> None:
    vpc.add("aws_ec2_security_group", {"GroupId": "sg-1", "GroupName": "web", **IN_VPC})
    vpc.add("aws_ec2_network_interface", card())
    vpc.add("aws_ec2_route_table", {"RouteTableId": "rtb-1", **IN_VPC, "Associations": [{"SubnetId": "subnet-1", "Main": False}]})
    vpc.add("aws_ec2_internet_gateway", {"InternetGatewayId": "igw-1", "Attachments": [IN_VPC]})
    vpc.add("aws_ec2_nat_gateway", {"NatGatewayId": "nat-1", **IN_VPC, "SubnetId": "subnet-1", "State": "available"})
    vpc.add("aws_vpc_endpoint", {"VpcEndpointId": "vpce-1", **IN_VPC, "State": "available", "RouteTableIds": ["rtb-1"]})
    vpc.add("aws_ec2_network_acl", {"NetworkAclId": "acl-1", **IN_VPC, "IsDefault": False, "Associations": [{"SubnetId": "subnet-1"}]})
    peering = {
        "VpcPeeringConnectionId": "pcx-1",
        "RequesterVpcInfo": IN_VPC,
        "AccepterVpcInfo": {"VpcId": "vpc-2"},
        "Status": {"Code": "active"},
    }
    vpc.add("aws_vpc_peering_connection", peering)
    inside = ("subnet-1", "sg-1", "eni-1", "rtb-1", "igw-1", "nat-1", "vpce-1", "acl-1", "pcx-1")
    within_subnet = {"subnet-1 > eni-1", "subnet-1 > nat-1"}
    assert vpc.edges("delete") == {
        *(f"vpc-1 > {id}" for id in inside),
        *within_subnet,
        "sg-1 > eni-1",
        "rtb-1 > subnet-1",
        "acl-1 > subnet-1",
    }
    assert vpc.edges("default") == {
        *(f"vpc-1 > {id}" for id in inside),
        *within_subnet,
        "sg-1 > eni-1",
        "rtb-1 > subnet-1",
        "rtb-1 > vpce-1",
        "subnet-1 > acl-1",
    }


def test_a_vpc_does_not_wait_for_what_goes_with_it(vpc: World) -> None:
    vpc.add("aws_ec2_security_group", {"GroupId": "sg-1", "GroupName": "default", **IN_VPC})
    vpc.add("aws_ec2_route_table", {"RouteTableId": "rtb-1", **IN_VPC, "Associations": [{"Main": True}]})
    vpc.add("aws_ec2_network_acl", {"NetworkAclId": "acl-1", **IN_VPC, "IsDefault": True})
    assert vpc.edges("delete") == {"vpc-1 > subnet-1"}
    assert vpc.edges("default") >= {"vpc-1 > sg-1", "vpc-1 > rtb-1", "vpc-1 > acl-1"}


@pytest.mark.parametrize("owner", [{"RequesterManaged": True}, {"Attachment": {"InstanceId": "i-1", "DeleteOnTermination": True}}])
def test_nothing_waits_for_a_card_that_goes_with_its_owner(vpc: World, owner: dict[str, Any]) -> None:
    vpc.add("aws_ec2_security_group", {"GroupId": "sg-1", "GroupName": "web"})
    vpc.add("aws_ec2_network_interface", card(**owner))
    assert vpc.edges("delete") == {"vpc-1 > subnet-1"}
    assert vpc.edges("default") == {"vpc-1 > subnet-1", "vpc-1 > eni-1", "subnet-1 > eni-1", "sg-1 > eni-1"}


def test_a_group_waits_for_the_groups_whose_rules_name_it(world: World) -> None:
    def group(id: str, named: str) -> dict[str, Any]:
        return {"GroupId": id, "GroupName": id, "IpPermissions": [{"UserIdGroupPairs": [{"GroupId": named}]}]}

    world.add("aws_ec2_security_group", group("sg-db", "sg-web"))
    world.add("aws_ec2_security_group", group("sg-web", "sg-web"))
    assert world.edges("delete") == {"sg-web > sg-db"}
    assert world.edges("default") == set()


def test_an_address_waits_for_the_gateway_that_uses_it(world: World) -> None:
    world.add("aws_ec2_elastic_ip", {"PublicIp": "192.0.2.7", "AllocationId": "eipalloc-1"})
    world.add("aws_ec2_nat_gateway", {"NatGatewayId": "nat-1", "State": "available", "NatGatewayAddresses": [{"PublicIp": "192.0.2.7"}]})
    assert (world.edges("default"), world.edges("delete")) == ({"nat-1 > 192.0.2.7"}, {"192.0.2.7 > nat-1"})


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("aws_ec2_nat_gateway", {"NatGatewayId": "nat-1", **IN_VPC, "State": "deleted"}),
        ("aws_vpc_endpoint", {"VpcEndpointId": "vpce-1", **IN_VPC, "State": "deleted"}),
        ("aws_vpc_peering_connection", {"VpcPeeringConnectionId": "pcx-1", "RequesterVpcInfo": IN_VPC, "Status": {"Code": "rejected"}}),
    ],
)
def test_a_vpc_does_not_wait_for_what_is_only_still_listed(vpc: World, kind: str, item: dict[str, Any]) -> None:
    vpc.add(kind, item)
    assert vpc.edges("delete") == {"vpc-1 > subnet-1"}


@pytest.mark.parametrize(
    ("resource", "reported", "stays"),
    [
        (ec2_network.VPC, {"vpc_is_default": True}, True),
        (ec2_network.VPC, {"vpc_is_default": False}, False),
        (ec2_network.SECURITY_GROUP, {"name": "default"}, True),
        (ec2_network.SECURITY_GROUP, {"name": "web"}, False),
        (ec2_network.ROUTE_TABLE, {"route_table_associations": [{"main": True}]}, True),
        (ec2_network.ROUTE_TABLE, {"route_table_associations": [{"main": False}]}, False),
        (ec2_network.NETWORK_ACL, {"is_default": True}, True),
        (ec2_network.NETWORK_INTERFACE, {"nic_requester_managed": True, "network_interface_status": "in-use"}, True),
        (ec2_network.NETWORK_INTERFACE, {"nic_requester_managed": True, "network_interface_status": "available"}, False),
    ],
    ids=lambda value: value.kind if hasattr(value, "kind") else "",
)
def test_what_cannot_be_deleted_by_itself(resource: Any, reported: dict[str, Any], stays: bool) -> None:
    assert any(jmespath.search(path, reported) for path in resource.fixed) is stays


def test_before_a_route_table_goes_its_subnets_leave_it() -> None:
    associations = [{"main": True, "route_table_association_id": "a-1"}, {"route_table_association_id": "a-2"}]
    each = ec2_network.ROUTE_TABLE.before_delete[0].each
    assert jmespath.search(each, {"route_table_associations": associations}) == ["a-2"]


class OneAnswer(AwsSession):
    """A session whose every call has the same answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self._cancel = Cancel()

    def pages(self, call: Call, region: str, params: Mapping[str, Any]) -> Iterator[Any]:
        yield self.answer


def test_an_endpoint_that_stays_is_a_failure_though_the_call_succeeds() -> None:
    refused = {"ResourceId": "vpce-1", "Error": {"Code": "OperationNotPermitted", "Message": "it is managed by a service"}}
    with pytest.raises(CallFailed, match="managed by a service") as caught:
        OneAnswer({"Unsuccessful": [refused]}).act("ec2", "delete_vpc_endpoints", "eu-west-1", {"VpcEndpointIds": ["vpce-1"]})
    assert (caught.value.operation, caught.value.error) == ("ec2:DeleteVpcEndpoints", "OperationNotPermitted")
    OneAnswer({"Unsuccessful": []}).act("ec2", "delete_vpc_endpoints", "eu-west-1", {"VpcEndpointIds": ["vpce-1"]})


def test_where_a_flow_log_writes_hangs_below_it(world: World) -> None:
    world.add("aws_s3_bucket", {"Name": "logs"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/vpc"})
    world.add("aws_ec2_flow_log", {"FlowLogId": "fl-1", "LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::logs/of/vpcs"})
    to_group = {"LogDestination": "arn:aws:logs:eu-west-1:1:log-group:/vpc", "LogGroupName": "/vpc"}
    world.add("aws_ec2_flow_log", {"FlowLogId": "fl-2", "LogDestinationType": "cloud-watch-logs", **to_group})
    assert world.edges("default") == {"fl-1 > logs", "fl-2 > /vpc"}
