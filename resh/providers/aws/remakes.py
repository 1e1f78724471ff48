"""How kinds are made again after their deletion, where the name of their deletion and the parameters' own do not tell. For `recreate.py`.

Values are templates over the reported properties; `Path` is a JMESPath over them, whose answer takes the form that the parameter wants.
`{new}` is the id of what the first call makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Path(NamedTuple):
    path: str


class Then(NamedTuple):
    """A call behind the first one, for each of the values at `each`, which are `each` of its paths and `{each}` of its templates."""

    operation: str
    params: Mapping[str, Any]
    each: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Remake:
    """`operation` is empty where the deletion's name tells it. `leave` are parameters that must not be taken over by name.

    `restore` is made instead when there is a last snapshot, which is `{snapshot}`. `lost` is what no call brings back.
    """

    operation: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    leave: tuple[str, ...] = ()
    then: tuple[Then, ...] = ()
    restore: Remake | None = None
    lost: tuple[str, ...] = ()


_ALL_OUT = "(ip_protocol == '-1' && ip_ranges[0].cidr_ip == '0.0.0.0/0')"
_PASSWORD = ("MasterUserPassword", "ManageMasterUserPassword", "MasterUserSecretKmsKeyId")
_POLICY = {"PolicyName": Path("policy_name"), "PolicyDocument": Path("policy_document")}


def _policies(holder: str) -> tuple[Then, ...]:
    """The inline and the attached policies of a user, group or role."""
    name, member = f"{holder.capitalize()}Name", {f"{holder.capitalize()}Name": "{name}"}
    return (
        Then(f"put_{holder}_policy", {**member, **_POLICY}, f"{holder}_policies[?policy_document]"),
        Then(f"attach_{holder}_policy", {name: "{name}", "PolicyArn": Path("policy_arn")}, f"{holder}_attached_managed_policies"),
    )


REMAKES: Mapping[str, Remake] = {
    "aws_ec2_instance": Remake(
        "run_instances",
        {"MinCount": 1, "MaxCount": 1, "SecurityGroupIds": Path("instance_security_groups[].group_id")},
        leave=("SecurityGroups", "BlockDeviceMappings", "NetworkInterfaces", "PrivateIpAddress", "Ipv6Addresses", "KernelId", "RamdiskId"),
        lost=("its volumes with their data, but for the image", "its addresses", "what had been set by hand within it", "its user data"),
    ),
    "aws_ec2_volume": Remake(
        params={"SnapshotId": "{volume_snapshot_id?}"},
        restore=Remake(params={"SnapshotId": "{snapshot}"}),
        then=(
            Then("attach_volume", {"VolumeId": "{new}", "InstanceId": Path("instance_id"), "Device": Path("device")}, "volume_attachments"),
        ),
    ),
    "aws_ec2_elastic_ip": Remake(
        params={"Domain": "vpc", "Address": "{public_ip}"}, lost=("its address, when AWS has given it to others",)
    ),
    "aws_ec2_keypair": Remake("import_key_pair", {"KeyName": "{name}", "PublicKeyMaterial": "<the public key>"}, lost=("the private key",)),
    "aws_ec2_security_group": Remake(
        params={"GroupName": "{name}", "Description": Path("group_description || description || 'created again'")},
        then=(
            Then("authorize_security_group_ingress", {"GroupId": "{new}", "IpPermissions": Path("[@]")}, "group_ip_permissions"),
            Then(
                "authorize_security_group_egress",
                {"GroupId": "{new}", "IpPermissions": Path("[@]")},
                f"group_ip_permissions_egress[?!{_ALL_OUT}]",
            ),
            # AWS gives each new group a rule that lets everything out.
            Then(
                "revoke_security_group_egress",
                {"GroupId": "{new}", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]},
                f"!(group_ip_permissions_egress[?{_ALL_OUT}]) && `[1]`",
            ),
        ),
        lost=("rules of other groups that named it",),
    ),
    "aws_ec2_network_interface": Remake(params={"Groups": Path("nic_groups[].group_id")}, leave=("PrivateIpAddresses", "Ipv6Addresses")),
    "aws_ec2_internet_gateway": Remake(
        then=(Then("attach_internet_gateway", {"InternetGatewayId": "{new}", "VpcId": Path("vpc_id")}, "gateway_attachments"),)
    ),
    "aws_ec2_nat_gateway": Remake(params={"AllocationId": Path("nat_gateway_addresses[0].allocation_id")}),
    "aws_ec2_route_table": Remake(
        then=(
            Then(
                "create_route",
                {
                    "RouteTableId": "{new}",
                    "DestinationCidrBlock": Path("destination_cidr_block"),
                    "GatewayId": Path("gateway_id"),
                    "NatGatewayId": Path("nat_gateway_id"),
                    "TransitGatewayId": Path("transit_gateway_id"),
                    "VpcPeeringConnectionId": Path("vpc_peering_connection_id"),
                },
                "route_table_routes[?origin=='CreateRoute']",
            ),
            Then("associate_route_table", {"RouteTableId": "{new}", "SubnetId": Path("subnet_id")}, "route_table_associations[?subnet_id]"),
        )
    ),
    "aws_vpc_endpoint": Remake("create_vpc_endpoint", {"SecurityGroupIds": Path("endpoint_groups[].group_id")}),
    "aws_ec2_vpn_gateway": Remake(
        then=(Then("attach_vpn_gateway", {"VpnGatewayId": "{new}", "VpcId": Path("vpc_id")}, "vpc_attachments"),)
    ),
    "aws_alb": Remake(
        params={"Name": "{name}", "Subnets": Path("alb_availability_zones[].subnet_id")},
        leave=("SubnetMappings",),
        then=(
            Then(
                "create_listener",
                {
                    "LoadBalancerArn": "{new}",
                    "Protocol": Path("protocol"),
                    "Port": Path("port"),
                    "Certificates": Path("certificates"),
                    "DefaultActions": Path("default_actions"),
                },
                "alb_listener",
            ),
        ),
        lost=("its DNS name", "rules of its listeners beside the default ones"),
    ),
    "aws_alb_target_group": Remake(
        params={"Name": "{name}"},
        then=(Then("register_targets", {"TargetGroupArn": "{new}", "Targets": Path("[target]")}, "alb_target_health"),),
    ),
    "aws_elb": Remake(
        params={"LoadBalancerName": "{name}", "Listeners": Path("elb_listener_descriptions[].listener")},
        leave=("AvailabilityZones",),
        then=(
            Then(
                "register_instances_with_load_balancer",
                {"LoadBalancerName": "{name}", "Instances": Path("[{instance_id: @}]")},
                "backends",
            ),
        ),
        lost=("its DNS name",),
    ),
    "aws_rds_instance": Remake(
        leave=_PASSWORD,
        params={"VpcSecurityGroupIds": Path("rds_vpc_security_groups[].vpc_security_group_id")},
        restore=Remake(
            "restore_db_instance_from_db_snapshot",
            {
                "DBSnapshotIdentifier": "{snapshot}",
                "VpcSecurityGroupIds": Path("rds_vpc_security_groups[].vpc_security_group_id"),
                "DBSubnetGroupName": Path("rds_db_subnet_group.db_subnet_group_name"),
            },
        ),
    ),
    "aws_rds_cluster": Remake(
        leave=_PASSWORD,
        restore=Remake("restore_db_cluster_from_snapshot", {"SnapshotIdentifier": "{snapshot}"}),
        lost=("the databases in it: each has calls of its own",),
    ),
    "aws_redshift_cluster": Remake(leave=_PASSWORD, restore=Remake("restore_from_cluster_snapshot", {"SnapshotIdentifier": "{snapshot}"})),
    "aws_dynamodb_table": Remake(
        params={"TableName": "{name}"},
        leave=("ProvisionedThroughput",),
        restore=Remake("restore_table_from_backup", {"TargetTableName": "{name}", "BackupArn": "{snapshot}"}),
    ),
    "aws_elasticache_cache_cluster": Remake(restore=Remake(params={"SnapshotName": "{snapshot}"})),
    "aws_elasticache_replication_group": Remake(restore=Remake(params={"SnapshotName": "{snapshot}"})),
    "aws_s3_bucket": Remake(
        params={"Bucket": "{name}", "CreateBucketConfiguration": {"LocationConstraint": "{region}"}},
        then=(
            Then(
                "put_bucket_versioning",
                {"Bucket": "{name}", "VersioningConfiguration": {"Status": "Enabled"}},
                "bucket_versioning && `[1]`",
            ),
            Then("put_bucket_policy", {"Bucket": "{name}", "Policy": Path("@")}, "[bucket_policy][?@]"),
        ),
        lost=("its objects", "its name, when somebody has taken it"),
    ),
    "aws_iam_user": Remake(then=_policies("user"), lost=("its password, keys and MFA devices",)),
    "aws_iam_group": Remake(then=_policies("group")),
    "aws_iam_role": Remake(then=_policies("role"), lost=("its unique id: policies that name it must be written anew",)),
    "aws_iam_instance_profile": Remake(
        then=(
            Then(
                "add_role_to_instance_profile", {"InstanceProfileName": "{name}", "RoleName": Path("role_name")}, "instance_profile_roles"
            ),
        )
    ),
    "aws_iam_access_key": Remake(params={"UserName": "{name}"}, lost=("the key: the new one has another id and another secret",)),
    "aws_cloudwatch_alarm": Remake("put_metric_alarm", {"AlarmName": "{name}"}),
    "aws_eventbridge_rule": Remake(
        "put_rule",
        {"Name": "{name}"},
        then=(Then("put_targets", {"Rule": "{name}", "EventBusName": "{rule_event_bus_name}", "Targets": Path("[@]")}, "rule_targets"),),
    ),
    "aws_lambda_function": Remake(params={"Code": {"S3Bucket": "<bucket>", "S3Key": "<key>"}}, lost=("its code",)),
    "aws_beanstalk_environment": Remake("create_environment"),
    "aws_emr_cluster": Remake("run_job_flow"),
}
