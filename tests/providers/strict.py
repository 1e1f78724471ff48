"""Refuses what AWS refuses and the mock lets through, with AWS's own codes. Each is a fault for the proxy.

be_strict(proxy, client)
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from tests.providers.faults import Answer, Asked, Fault, FaultProxy, error


def be_strict(proxy: FaultProxy, client: Any) -> None:
    """For EC2 of the region of the client, which must not go through the proxy."""
    for operation, refusal in (
        ("DeleteSecurityGroup", _group),
        ("DeleteSubnet", _subnet),
        ("DeleteNetworkInterface", _card),
        ("ReleaseAddress", _address),
        ("DeleteVpc", _network),
    ):
        proxy.fault(operation, _unless(refusal, client))


def _unless(refusal: Any, client: Any) -> Fault:
    def answer(handler: Any, asked: Asked) -> Answer | None:
        params = {name: values[0] for name, values in parse_qs(asked.text).items()}
        code = refusal(client, params)
        return error(400, code, "it has dependencies")(handler, asked) if code else handler.forward()

    return answer


def _instances(client: Any) -> list[dict[str, Any]]:
    found = [one for each in client.describe_instances()["Reservations"] for one in each["Instances"]]
    return [one for one in found if one["State"]["Name"] != "terminated"]


def _group(client: Any, params: dict[str, str]) -> str:
    id = params.get("GroupId", "")
    members = any(id in {group["GroupId"] for group in one["SecurityGroups"]} for one in _instances(client))
    cards = client.describe_network_interfaces()["NetworkInterfaces"]
    members |= any(id in {group["GroupId"] for group in card["Groups"]} for card in cards)
    named = any(
        pair.get("GroupId") == id
        for group in client.describe_security_groups()["SecurityGroups"]
        if group["GroupId"] != id
        for rule in (*group["IpPermissions"], *group["IpPermissionsEgress"])
        for pair in rule["UserIdGroupPairs"]
    )
    return "DependencyViolation" if members or named else ""


def _subnet(client: Any, params: dict[str, str]) -> str:
    inside = any(one.get("SubnetId") == params["SubnetId"] for one in _instances(client))
    gateways = client.describe_nat_gateways()["NatGateways"]
    inside |= any(one["SubnetId"] == params["SubnetId"] and one["State"] != "deleted" for one in gateways)
    cards = client.describe_network_interfaces()["NetworkInterfaces"]
    inside |= any(card["SubnetId"] == params["SubnetId"] and not card.get("RequesterManaged") for card in cards)
    return "DependencyViolation" if inside else ""


def _card(client: Any, params: dict[str, str]) -> str:
    cards = client.describe_network_interfaces(NetworkInterfaceIds=[params["NetworkInterfaceId"]])["NetworkInterfaces"]
    living = {one["InstanceId"] for one in _instances(client)}
    return "InvalidNetworkInterface.InUse" if any((card.get("Attachment") or {}).get("InstanceId") in living for card in cards) else ""


def _address(client: Any, params: dict[str, str]) -> str:
    address = client.describe_addresses(AllocationIds=[params["AllocationId"]])["Addresses"][0]
    return "InvalidIPAddress.InUse" if address.get("AssociationId") or address.get("InstanceId") else ""


def _network(client: Any, params: dict[str, str]) -> str:
    of_it = [{"Name": "vpc-id", "Values": [params["VpcId"]]}]
    inside = client.describe_subnets(Filters=of_it)["Subnets"]
    inside += [group for group in client.describe_security_groups(Filters=of_it)["SecurityGroups"] if group["GroupName"] != "default"]
    return "DependencyViolation" if inside else ""
