"""The services beside EC2 on a real API (a moto server): what is listed is collected, tagged, read again and deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from resh.errors import CallFailed, UsageError
from resh.model.scope import Status
from tests.providers.aws.mock_account import REGION, Cloud

ALLOW_LOGS = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:Get*", "Resource": "*"}]})

LISTED = {
    "aws_elb": ("elb", "describe_load_balancers", "LoadBalancerDescriptions", "DNSName"),
    "aws_alb": ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    "aws_alb_target_group": ("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    "aws_autoscaling_group": ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"),
    "aws_s3_bucket": ("s3", "list_buckets", "Buckets", "Name"),
    "aws_iam_user": ("iam", "list_users", "Users", "UserId"),
    "aws_iam_group": ("iam", "list_groups", "Groups", "GroupId"),
    "aws_iam_role": ("iam", "list_roles", "Roles", "RoleId"),
    "aws_iam_instance_profile": ("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileId"),
    "aws_rds_instance": ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    "aws_lambda_function": ("lambda", "list_functions", "Functions", "FunctionName"),
    "aws_cloudwatch_alarm": ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
}


@pytest.fixture
def policy(cloud: Cloud, name: str) -> str:
    """The ARN of a managed policy with two versions."""
    iam = cloud.client("iam")
    arn: str = iam.create_policy(PolicyName=name, PolicyDocument=ALLOW_LOGS)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=ALLOW_LOGS, SetAsDefault=True)
    return arn


def test_everything_that_is_listed_is_collected(cloud: Cloud) -> None:
    found = cloud.collect(*LISTED)
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    for kind, (service, operation, items, id) in LISTED.items():
        listed = {item[id] for page in cloud.client(service).get_paginator(operation).paginate() for item in page[items]}
        assert {node.reported["id"] for node in found.all_nodes if node.kind == kind} == listed != set(), kind


def test_keys_and_own_policies_are_collected(cloud: Cloud, policy: str) -> None:
    iam = cloud.client("iam")
    keys = {key["AccessKeyId"] for user in iam.list_users()["Users"] for key in iam.list_access_keys(**_named(user))["AccessKeyMetadata"]}
    assert {document["reported"]["id"] for document in cloud.documents("aws_iam_access_key")} == keys
    policies = {document["reported"]["arn"]: document["reported"] for document in cloud.documents("aws_iam_policy")}
    assert policies.keys() == {policy["Arn"] for policy in iam.list_policies(Scope="Local")["Policies"]}
    assert policies[policy]["policy_document"]["version_id"] == "v2"
    assert policies[policy]["policy_document"]["document"] == json.loads(ALLOW_LOGS)


def _named(user: dict[str, Any]) -> dict[str, str]:
    return {"UserName": user["UserName"]}


def test_buckets_live_where_they_are(cloud: Cloud, name: str) -> None:
    s3 = cloud.client("s3", "us-east-1")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_policy(Bucket=name, Policy=ALLOW_LOGS)
    document = cloud.document("aws_s3_bucket", name)
    assert document["ancestors"]["region"]["reported"]["id"] == document["reported"]["bucket_location"] == "us-east-1"
    assert document["reported"]["bucket_policy"] == json.loads(ALLOW_LOGS)


def test_a_load_balancer_knows_who_is_behind_it(cloud: Cloud) -> None:
    health = cloud.document("aws_alb_target_group", "shop")["reported"]["alb_target_health"]
    balancer = cloud.document("aws_alb", "shop")["reported"]
    assert sorted(balancer["backends"]) == sorted(target["target"]["id"] for target in health) != []
    assert [listener["port"] for listener in balancer["alb_listener"]] == [80]


@pytest.mark.parametrize("kind", [*LISTED, "aws_iam_policy", "aws_iam_access_key"])
def test_a_second_look_finds_no_change(cloud: Cloud, kind: str) -> None:
    document = cloud.documents(kind)[0]
    now = cloud.provider.read(document)
    assert now is not None
    assert {name: value for name, value in now.items() if document["reported"].get(name) != value} == {}


@pytest.mark.parametrize("kind", [kind for kind in (*LISTED, "aws_iam_policy") if kind != "aws_iam_group"])
def test_tags_are_set_and_removed_one_by_one(cloud: Cloud, kind: str) -> None:
    document = cloud.documents(kind)[0]
    before = document["reported"]["tags"]
    cloud.provider.tag(document, "reviewed", "yes")
    assert (cloud.provider.read(document) or {})["tags"] == {**before, "reviewed": "yes"}
    cloud.provider.untag(document, "reviewed")
    assert (cloud.provider.read(document) or {})["tags"] == before


def test_a_target_group_goes_after_its_load_balancer(cloud: Cloud, name: str) -> None:
    elbv2, network = cloud.client("elbv2"), cloud.document("aws_alb", "shop")["reported"]
    subnets = [zone["subnet_id"] for zone in network["alb_availability_zones"]]
    balancer = elbv2.create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    group = elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=network["alb_vpc_id"])["TargetGroups"][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    elbv2.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
    first, last = cloud.document("aws_alb", name), cloud.document("aws_alb_target_group", name)
    with pytest.raises(CallFailed, match="in use"):
        cloud.provider.delete(last)
    for document in (first, last):
        cloud.provider.delete(document)
        assert cloud.is_gone(document)


def test_a_protected_load_balancer_is_refused_before_any_call(cloud: Cloud) -> None:
    document = cloud.document("aws_alb", "shop")
    document["reported"]["alb_attributes"] = [{"key": "deletion_protection.enabled", "value": "true"}]
    with pytest.raises(UsageError, match="deletion protection"):
        cloud.provider.delete(document)


def test_a_classic_load_balancer_goes(cloud: Cloud, name: str) -> None:
    listener = {"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 80}
    cloud.client("elb").create_load_balancer(LoadBalancerName=name, Listeners=[listener], AvailabilityZones=[f"{REGION}a"])
    document = cloud.document("aws_elb", name)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_an_auto_scaling_group_goes_with_its_instances(cloud: Cloud, name: str) -> None:
    cloud.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name, LaunchConfigurationName="worker", MinSize=1, MaxSize=1, AvailabilityZones=[f"{REGION}a"]
    )
    document = cloud.document("aws_autoscaling_group", name)
    assert len(document["reported"]["autoscaling_instances"]) == 1
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_a_database_goes(cloud: Cloud, name: str) -> None:
    cloud.client("rds").create_db_instance(
        DBInstanceIdentifier=name, Engine="postgres", DBInstanceClass="db.t3.micro", AllocatedStorage=20,
        MasterUsername="shop", MasterUserPassword="not-a-secret",
    )  # fmt: skip
    (document,) = (document for document in cloud.documents("aws_rds_instance") if document["reported"]["id"] == name)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_an_alarm_goes(cloud: Cloud, name: str) -> None:
    cloud.client("cloudwatch").put_metric_alarm(
        AlarmName=name, Namespace="AWS/EC2", MetricName="CPUUtilization", Statistic="Average", Period=300, EvaluationPeriods=2,
        Threshold=90, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    document = cloud.document("aws_cloudwatch_alarm", name)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_a_function_goes(cloud: Cloud) -> None:
    document = cloud.document("aws_lambda_function", "send-invoices")
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_only_an_empty_bucket_goes(cloud: Cloud, name: str) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=name, Key="kept", Body=b"data")
    document = cloud.document("aws_s3_bucket", name)
    with pytest.raises(CallFailed) as refused:
        cloud.provider.delete(document)
    assert refused.value.error == "BucketNotEmpty"
    s3.delete_object(Bucket=name, Key="kept")
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_a_user_goes_with_all_that_is_its_own(cloud: Cloud, name: str, policy: str) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName=name)
    iam.create_login_profile(UserName=name, Password="Not-a-secret-1!")
    iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=ALLOW_LOGS)
    iam.attach_user_policy(UserName=name, PolicyArn=policy)
    iam.add_user_to_group(GroupName="engineers", UserName=name)
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(UserName=name, SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321")
    document = cloud.document("aws_iam_user", name)
    assert (document["reported"]["password_enabled"], document["reported"]["mfa_active"]) == (True, True)
    assert document["reported"]["user_groups"] == ["engineers"]
    assert document["reported"]["user_policies"] == [{"policy_name": "inline", "policy_document": json.loads(ALLOW_LOGS)}]
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
    assert iam.list_entities_for_policy(PolicyArn=policy)["PolicyUsers"] == []
    assert device not in [device["SerialNumber"] for device in iam.list_virtual_mfa_devices()["VirtualMFADevices"]]


def test_a_key_goes_and_so_does_one_that_is_gone_already(cloud: Cloud, name: str) -> None:
    cloud.client("iam").create_user(UserName=name)
    cloud.client("iam").create_access_key(UserName=name)
    document = cloud.document("aws_iam_access_key", name)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
    cloud.provider.delete(document)


def test_a_profile_a_role_and_a_policy_go_in_this_order(cloud: Cloud, name: str, policy: str) -> None:
    iam = cloud.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=ALLOW_LOGS)
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=ALLOW_LOGS)
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    for kind in ("aws_iam_instance_profile", "aws_iam_role", "aws_iam_policy"):
        document = cloud.document(kind, name)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)


def test_a_group_keeps_its_members_and_loses_its_policies(cloud: Cloud, name: str, policy: str) -> None:
    iam = cloud.client("iam")
    iam.create_group(GroupName=name)
    iam.put_group_policy(GroupName=name, PolicyName="inline", PolicyDocument=ALLOW_LOGS)
    iam.attach_group_policy(GroupName=name, PolicyArn=policy)
    document = cloud.document("aws_iam_group", name)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
    assert iam.list_entities_for_policy(PolicyArn=policy)["PolicyGroups"] == []
