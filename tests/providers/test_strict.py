"""The mock with its strict layer refuses what AWS refuses: each case is tried, and tried again when nothing speaks against it any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.providers.aws_world import World
from tests.providers.faults import FaultProxy
from tests.providers.strict import be_strict

REGION = "sa-east-1"
IMAGE = "ami-12c6146b"
TRUST = (
    '{"Version": "2012-10-17", "Statement": '
    '[{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}'
)
RIGHTS = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
Case = Callable[["Account"], tuple[Callable[[], Any], Callable[[], Any]]]
"""Makes something that cannot be deleted; gives its deletion, and what takes the obstacle out of the way."""


class Account:
    """Clients of the mock: `through` the strict layer, and past it by name."""

    def __init__(self, past: str, through: str) -> None:
        self._past, self._through = past, through
        self.network = self.ec2.create_vpc(CidrBlock="10.3.0.0/16")["Vpc"]["VpcId"]
        self.subnet = self.ec2.create_subnet(VpcId=self.network, CidrBlock="10.3.1.0/24")["Subnet"]["SubnetId"]

    def __getattr__(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION, endpoint_url=self._past)  # type: ignore[call-overload]

    def through(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION, endpoint_url=self._through)  # type: ignore[call-overload]

    def group(self, name: str) -> str:
        return str(self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.network)["GroupId"])

    def instance(self, **more: Any) -> str:
        run = self.ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=self.subnet, **more)
        return str(run["Instances"][0]["InstanceId"])

    def terminate(self, id: str) -> Callable[[], Any]:
        return lambda: self.ec2.terminate_instances(InstanceIds=[id])

    def gateway(self) -> tuple[str, str]:
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        made = self.ec2.create_nat_gateway(SubnetId=self.subnet, AllocationId=address)
        return made["NatGateway"]["NatGatewayId"], address


@pytest.fixture
def account(aws: World, proxy: FaultProxy, credentials: pytest.MonkeyPatch) -> Account:
    account = Account(aws.url, proxy.url)
    be_strict(proxy, lambda service: getattr(account, service))
    return account


def group_of_an_instance(account: Account) -> Any:
    group = account.group("web")
    instance = account.instance(SecurityGroupIds=[group])
    return lambda: account.through("ec2").delete_security_group(GroupId=group), account.terminate(instance)


def group_that_another_names(account: Account) -> Any:
    web, data = account.group("named"), account.group("names")
    rule = [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": web}]}]
    account.ec2.authorize_security_group_ingress(GroupId=data, IpPermissions=rule)
    return (
        lambda: account.through("ec2").delete_security_group(GroupId=web),
        lambda: account.ec2.delete_security_group(GroupId=data),
    )


def card_of_an_instance(account: Account) -> Any:
    card = account.ec2.create_network_interface(SubnetId=account.subnet)["NetworkInterface"]["NetworkInterfaceId"]
    instance = account.instance()
    tie = account.ec2.attach_network_interface(DeviceIndex=1, InstanceId=instance, NetworkInterfaceId=card)["AttachmentId"]
    return (
        lambda: account.through("ec2").delete_network_interface(NetworkInterfaceId=card),
        lambda: account.ec2.detach_network_interface(AttachmentId=tie, Force=True),
    )


def address_of_an_instance(account: Account) -> Any:
    address = account.ec2.allocate_address(Domain="vpc")["AllocationId"]
    tie = account.ec2.associate_address(AllocationId=address, InstanceId=account.instance())["AssociationId"]
    return (
        lambda: account.through("ec2").release_address(AllocationId=address),
        lambda: account.ec2.disassociate_address(AssociationId=tie),
    )


def address_of_a_gateway(account: Account) -> Any:
    gateway, address = account.gateway()

    def free() -> None:
        account.ec2.delete_nat_gateway(NatGatewayId=gateway)
        tie = account.ec2.describe_addresses(AllocationIds=[address])["Addresses"][0].get("AssociationId")
        if tie:
            account.ec2.disassociate_address(AssociationId=tie)

    return lambda: account.through("ec2").release_address(AllocationId=address), free


def subnet_with_an_instance(account: Account) -> Any:
    instance = account.instance()
    return lambda: account.through("ec2").delete_subnet(SubnetId=account.subnet), account.terminate(instance)


def subnet_with_a_gateway(account: Account) -> Any:
    gateway, _ = account.gateway()
    return (
        lambda: account.through("ec2").delete_subnet(SubnetId=account.subnet),
        lambda: account.ec2.delete_nat_gateway(NatGatewayId=gateway),
    )


def scaling_group_with_instances(account: Account) -> Any:
    account.autoscaling.create_launch_configuration(LaunchConfigurationName="lc", ImageId=IMAGE, InstanceType="t3.micro")
    sizes = {"MinSize": 1, "MaxSize": 1, "DesiredCapacity": 1}
    account.autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="asg", LaunchConfigurationName="lc", VPCZoneIdentifier=account.subnet, **sizes
    )
    empty = {"MinSize": 0, "MaxSize": 0, "DesiredCapacity": 0}
    return (
        lambda: account.through("autoscaling").delete_auto_scaling_group(AutoScalingGroupName="asg"),
        lambda: account.autoscaling.update_auto_scaling_group(AutoScalingGroupName="asg", **empty),
    )


def protected_load_balancer(account: Account) -> Any:
    arn = account.elbv2.create_load_balancer(Name="kept", Type="network", Subnets=[account.subnet])["LoadBalancers"][0]["LoadBalancerArn"]

    def protect(value: str) -> None:
        attributes = [{"Key": "deletion_protection.enabled", "Value": value}]
        account.elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)

    protect("true")
    return lambda: account.through("elbv2").delete_load_balancer(LoadBalancerArn=arn), lambda: protect("false")


def subnet_group_of_a_database(account: Account) -> Any:
    account.rds.create_db_subnet_group(DBSubnetGroupName="dbs", DBSubnetGroupDescription="dbs", SubnetIds=[account.subnet])
    account.rds.create_db_instance(
        DBInstanceIdentifier="db", Engine="mysql", DBInstanceClass="db.t3.micro", AllocatedStorage=20, DBSubnetGroupName="dbs"
    )
    return (
        lambda: account.through("rds").delete_db_subnet_group(DBSubnetGroupName="dbs"),
        lambda: account.rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True),
    )


def attached_policy(account: Account) -> Any:
    arn = account.iam.create_policy(PolicyName="attached", PolicyDocument=RIGHTS)["Policy"]["Arn"]
    account.iam.create_role(RoleName="holder", AssumeRolePolicyDocument=TRUST)
    account.iam.attach_role_policy(RoleName="holder", PolicyArn=arn)
    return (
        lambda: account.through("iam").delete_policy(PolicyArn=arn),
        lambda: account.iam.detach_role_policy(RoleName="holder", PolicyArn=arn),
    )


def user_with_a_key(account: Account) -> Any:
    account.iam.create_user(UserName="keyed")
    key = account.iam.create_access_key(UserName="keyed")["AccessKey"]["AccessKeyId"]
    return (
        lambda: account.through("iam").delete_user(UserName="keyed"),
        lambda: account.iam.delete_access_key(UserName="keyed", AccessKeyId=key),
    )


def _membership(account: Account, user: str, group: str) -> Callable[[], Any]:
    account.iam.create_user(UserName=user)
    account.iam.create_group(GroupName=group)
    account.iam.add_user_to_group(UserName=user, GroupName=group)
    return lambda: account.iam.remove_user_from_group(UserName=user, GroupName=group)


def user_in_a_group(account: Account) -> Any:
    leave = _membership(account, "member", "club")
    return lambda: account.through("iam").delete_user(UserName="member"), leave


def group_with_members(account: Account) -> Any:
    leave = _membership(account, "fellow", "crowd")
    return lambda: account.through("iam").delete_group(GroupName="crowd"), leave


def cluster_with_services(account: Account) -> Any:
    ecs = account.ecs
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(family="web", containerDefinitions=[{"name": "web", "image": "web", "memory": 1}])
    ecs.create_service(cluster="shop", serviceName="web", taskDefinition="web", desiredCount=0)
    return (
        lambda: account.through("ecs").delete_cluster(cluster="shop"),
        lambda: ecs.delete_service(cluster="shop", service="web", force=True),
    )


def enabled_distribution(account: Account) -> Any:
    origin = {
        "Id": "o",
        "DomainName": "example.com",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"},
    }
    config = {
        "CallerReference": "1", "Comment": "", "Enabled": True, "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
    }  # fmt: skip
    made = account.cloudfront.create_distribution(DistributionConfig=config)
    id = made["Distribution"]["Id"]

    def disable() -> None:
        now = account.cloudfront.get_distribution_config(Id=id)
        config = {**now["DistributionConfig"], "Enabled": False}
        account.cloudfront.update_distribution(Id=id, IfMatch=now["ETag"], DistributionConfig=config)

    def delete() -> None:
        account.through("cloudfront").delete_distribution(Id=id, IfMatch=account.cloudfront.get_distribution_config(Id=id)["ETag"])

    return delete, disable


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (group_of_an_instance, "DependencyViolation"),
        (group_that_another_names, "DependencyViolation"),
        (card_of_an_instance, "InvalidNetworkInterface.InUse"),
        (address_of_an_instance, "InvalidIPAddress.InUse"),
        (address_of_a_gateway, "InvalidIPAddress.InUse"),
        (subnet_with_an_instance, "DependencyViolation"),
        (subnet_with_a_gateway, "DependencyViolation"),
        (scaling_group_with_instances, "ResourceInUse"),
        (protected_load_balancer, "OperationNotPermitted"),
        (subnet_group_of_a_database, "InvalidDBSubnetGroupStateFault"),
        (attached_policy, "DeleteConflict"),
        (user_with_a_key, "DeleteConflict"),
        (user_in_a_group, "DeleteConflict"),
        (group_with_members, "DeleteConflict"),
        (cluster_with_services, "ClusterContainsServicesException"),
        (enabled_distribution, "DistributionNotDisabled"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_aws_refuses(account: Account, case: Case, code: str) -> None:
    delete, make_way = case(account)
    with pytest.raises(ClientError) as refused:
        delete()
    assert refused.value.response["Error"]["Code"] == code
    make_way()
    delete()
