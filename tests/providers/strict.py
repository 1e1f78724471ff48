"""Refuses what AWS refuses and the mock lets through, with AWS's own codes. Each is a fault for the proxy.

    be_strict(proxy, lambda service: boto3.client(service, region_name="eu-west-1", endpoint_url=aws.url))

Codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, and the errors of each operation in the reference of its
service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from tests.providers.faults import Answer, Asked, Fault, FaultProxy, error

Clients = Callable[[str], Any]
"""Clients of a service, past the proxy."""
Params = Mapping[str, str]
Refusal = Callable[[Clients, Params], str]
"""The code of the error; empty where AWS would do it."""


def be_strict(proxy: FaultProxy, clients: Clients) -> None:
    for (service, operation), (refusal, status) in REFUSALS.items():
        proxy.fault(operation, _unless(refusal, status, service, cache(clients)))


def _unless(refusal: Refusal, status: int, service: str, clients: Clients) -> Fault:
    def answer(handler: Any, asked: Asked) -> Answer | None:
        code = refusal(clients, _params(asked)) if asked.service == service else ""
        return error(status, code, "it has dependencies")(handler, asked) if code else handler.forward()

    return answer


def _params(asked: Asked) -> Params:
    if asked.text.startswith("{"):
        return {name: str(value) for name, value in json.loads(asked.text).items()}
    return {name: values[0] for name, values in parse_qs(asked.text).items()} or {"path": asked.operation}


def _instances(clients: Clients) -> list[dict[str, Any]]:
    found = [one for each in clients("ec2").describe_instances()["Reservations"] for one in each["Instances"]]
    return [one for one in found if one["State"]["Name"] != "terminated"]


def _cards(clients: Clients) -> list[dict[str, Any]]:
    """Network interfaces, without those that AWS deletes with a terminated instance or a gateway, and the mock forgets."""
    living = {one["InstanceId"] for one in _instances(clients)}
    gateways = (one for one in clients("ec2").describe_nat_gateways()["NatGateways"] if one["State"] == "deleted")
    left = {each.get("NetworkInterfaceId") for one in gateways for each in one["NatGatewayAddresses"]}
    cards = clients("ec2").describe_network_interfaces()["NetworkInterfaces"]
    owners = [(card, (card.get("Attachment") or {}).get("InstanceId")) for card in cards if card["NetworkInterfaceId"] not in left]
    return [card for card, owner in owners if owner is None or owner in living]


def _security_group(clients: Clients, params: Params) -> str:
    id, ec2 = params.get("GroupId", ""), clients("ec2")
    members = any(id in {group["GroupId"] for group in one["SecurityGroups"]} for one in _instances(clients))
    members |= any(id in {group["GroupId"] for group in card["Groups"]} for card in _cards(clients))
    named = any(
        pair.get("GroupId") == id
        for group in ec2.describe_security_groups()["SecurityGroups"]
        if group["GroupId"] != id
        for rule in (*group["IpPermissions"], *group["IpPermissionsEgress"])
        for pair in rule["UserIdGroupPairs"]
    )
    return "DependencyViolation" if members or named else ""


def _subnet(clients: Clients, params: Params) -> str:
    ec2, id = clients("ec2"), params["SubnetId"]
    inside = any(one.get("SubnetId") == id for one in _instances(clients))
    inside |= any(one["SubnetId"] == id and one["State"] != "deleted" for one in ec2.describe_nat_gateways()["NatGateways"])
    inside |= any(card["SubnetId"] == id and not card.get("RequesterManaged") for card in _cards(clients))
    balanced = clients("elbv2").describe_load_balancers()["LoadBalancers"]
    inside |= any(zone["SubnetId"] == id for one in balanced for zone in one["AvailabilityZones"])
    groups = clients("rds").describe_db_subnet_groups()["DBSubnetGroups"]
    used = {
        one["DBSubnetGroup"]["DBSubnetGroupName"]
        for one in clients("rds").describe_db_instances()["DBInstances"]
        if one.get("DBSubnetGroup")
    }
    inside |= any(one["DBSubnetGroupName"] in used and id in {each["SubnetIdentifier"] for each in one["Subnets"]} for one in groups)
    return "DependencyViolation" if inside else ""


def _network_interface(clients: Clients, params: Params) -> str:
    cards = {card["NetworkInterfaceId"]: card for card in _cards(clients)}
    used = (cards.get(params["NetworkInterfaceId"], {}).get("Attachment") or {}).get("InstanceId")
    return "InvalidNetworkInterface.InUse" if used else ""


def _address(clients: Clients, params: Params) -> str:
    id, ec2 = params["AllocationId"], clients("ec2")
    address = ec2.describe_addresses(AllocationIds=[id])["Addresses"][0]
    living = {one["InstanceId"] for one in _instances(clients)}
    used = address.get("AssociationId") or address.get("InstanceId") in living
    gateways = (one for one in ec2.describe_nat_gateways()["NatGateways"] if one["State"] != "deleted")
    used = used or any(id == each.get("AllocationId") for one in gateways for each in one["NatGatewayAddresses"])
    return "InvalidIPAddress.InUse" if used else ""


def _vpc(clients: Clients, params: Params) -> str:
    ec2, of_it = clients("ec2"), [{"Name": "vpc-id", "Values": [params["VpcId"]]}]
    inside = ec2.describe_subnets(Filters=of_it)["Subnets"]
    inside += [group for group in ec2.describe_security_groups(Filters=of_it)["SecurityGroups"] if group["GroupName"] != "default"]
    attached = [{"Name": "attachment.vpc-id", "Values": [params["VpcId"]]}]
    inside += ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]
    return "DependencyViolation" if inside else ""


def _snapshot(clients: Clients, params: Params) -> str:
    images = clients("ec2").describe_images(Owners=["self"])["Images"]
    behind = {device.get("Ebs", {}).get("SnapshotId") for image in images for device in image.get("BlockDeviceMappings", ())}
    return "InvalidSnapshot.InUse" if params["SnapshotId"] in behind else ""


def _auto_scaling_group(clients: Clients, params: Params) -> str:
    if params.get("ForceDelete") == "true":
        return ""
    (group,) = clients("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[params["AutoScalingGroupName"]])[
        "AutoScalingGroups"
    ]
    return "ResourceInUse" if group["Instances"] else ""


def _load_balancer(clients: Clients, params: Params) -> str:
    if "LoadBalancerArn" not in params:  # a classic one
        return ""
    found = clients("elbv2").describe_load_balancer_attributes(LoadBalancerArn=params["LoadBalancerArn"])["Attributes"]
    protected = {"Key": "deletion_protection.enabled", "Value": "true"} in found
    return "OperationNotPermitted" if protected else ""


def _target_group(clients: Clients, params: Params) -> str:
    (group,) = clients("elbv2").describe_target_groups(TargetGroupArns=[params["TargetGroupArn"]])["TargetGroups"]
    living = {one["LoadBalancerArn"] for one in clients("elbv2").describe_load_balancers()["LoadBalancers"]}
    return "ResourceInUse" if living & {*group["LoadBalancerArns"]} else ""


def _db_subnet_group(clients: Clients, params: Params) -> str:
    databases = clients("rds").describe_db_instances()["DBInstances"]
    used = {one["DBSubnetGroup"]["DBSubnetGroupName"] for one in databases if one.get("DBSubnetGroup")}
    return "InvalidDBSubnetGroupStateFault" if params["DBSubnetGroupName"] in used else ""


def _policy(clients: Clients, params: Params) -> str:
    held = clients("iam").list_entities_for_policy(PolicyArn=params["PolicyArn"])
    return "DeleteConflict" if held["PolicyGroups"] or held["PolicyUsers"] or held["PolicyRoles"] else ""


def _role(clients: Clients, params: Params) -> str:
    name = {"RoleName": params["RoleName"]}
    iam = clients("iam")
    held = [*iam.list_attached_role_policies(**name)["AttachedPolicies"], *iam.list_role_policies(**name)["PolicyNames"]]
    return "DeleteConflict" if held or iam.list_instance_profiles_for_role(**name)["InstanceProfiles"] else ""


def _instance_profile(clients: Clients, params: Params) -> str:
    found = clients("iam").get_instance_profile(InstanceProfileName=params["InstanceProfileName"])
    return "DeleteConflict" if found["InstanceProfile"]["Roles"] else ""


def _user(clients: Clients, params: Params) -> str:
    name, iam = {"UserName": params["UserName"]}, clients("iam")
    tied = [*iam.list_access_keys(**name)["AccessKeyMetadata"], *iam.list_groups_for_user(**name)["Groups"]]
    return "DeleteConflict" if tied else ""


def _group(clients: Clients, params: Params) -> str:
    return "DeleteConflict" if clients("iam").get_group(GroupName=params["GroupName"])["Users"] else ""


def _ecs_cluster(clients: Clients, params: Params) -> str:
    ecs, within = clients("ecs"), {"cluster": params["cluster"]}
    found = ecs.list_services(**within)["serviceArns"]
    alive = [one for one in (ecs.describe_services(**within, services=found)["services"] if found else ()) if one["status"] != "INACTIVE"]
    return "ClusterContainsServicesException" if alive else ""


def _distribution(clients: Clients, params: Params) -> str:
    found = re.search(r"/distribution/([^/?]+)", params["path"])
    assert found is not None
    enabled = clients("cloudfront").get_distribution(Id=found[1])["Distribution"]["DistributionConfig"]["Enabled"]
    return "DistributionNotDisabled" if enabled else ""


REFUSALS: Mapping[tuple[str, str], tuple[Refusal, int]] = {
    ("ec2", "DeleteSecurityGroup"): (_security_group, 400),
    ("ec2", "DeleteSubnet"): (_subnet, 400),
    ("ec2", "DeleteNetworkInterface"): (_network_interface, 400),
    ("ec2", "ReleaseAddress"): (_address, 400),
    ("ec2", "DeleteVpc"): (_vpc, 400),
    ("ec2", "DeleteSnapshot"): (_snapshot, 400),
    ("autoscaling", "DeleteAutoScalingGroup"): (_auto_scaling_group, 400),
    ("elasticloadbalancing", "DeleteLoadBalancer"): (_load_balancer, 400),
    ("elasticloadbalancing", "DeleteTargetGroup"): (_target_group, 400),
    ("rds", "DeleteDBSubnetGroup"): (_db_subnet_group, 400),
    ("iam", "DeletePolicy"): (_policy, 409),
    ("iam", "DeleteRole"): (_role, 409),
    ("iam", "DeleteInstanceProfile"): (_instance_profile, 409),
    ("iam", "DeleteUser"): (_user, 409),
    ("iam", "DeleteGroup"): (_group, 409),
    ("ecs", "DeleteCluster"): (_ecs_cluster, 400),
    ("cloudfront", "DELETE /[^/]+/distribution/.*"): (_distribution, 409),
}
