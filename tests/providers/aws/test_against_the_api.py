"""A collect held against what the API itself says: direct calls, made here, list what there is, and every catalog is left out of it.

Ids, tags, times, sizes and the like are compared for each row of `LISTED`, edges for each row of `JOINED`. A text that an answer holds has
to be somewhere in the node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from secrets import token_hex
from typing import Any, NamedTuple

import jmespath
import pytest

from resh.model.node import Node
from resh.model.scope import Status
from tests.providers.aws.mock_account import REGION, Cloud, Found

Item = dict[str, Any]
OWN = {"OwnerIds": ["self"]}
TAGS = [{"Key": "owner", "Value": "ada"}, {"Key": "Name", "Value": "judged"}]


class Listed(NamedTuple):
    kind: str
    service: str
    operation: str
    items: str
    id: str
    same: Mapping[str, str]
    """Properties with the JMESPath to what they have to be."""
    params: Mapping[str, Any] = {}
    tags: tuple[str, str, str, str] | str = "Tags"
    """The JMESPath in an item; or another operation, its parameter, the JMESPath to that in an item, and the one to the tags."""
    left_out: tuple[str, ...] = ()
    """Members that the node does not repeat."""


LISTED = (
    Listed("aws_ec2_instance", "ec2", "describe_instances", "Reservations[].Instances[]", "InstanceId",
           {"instance_type": "InstanceType", "ctime": "LaunchTime", "instance_key_name": "KeyName", "instance_status": "State.Name"}),
    Listed("aws_ec2_volume", "ec2", "describe_volumes", "Volumes", "VolumeId",
           {"volume_size": "Size", "volume_type": "VolumeType", "volume_status": "State", "ctime": "CreateTime"}),
    Listed("aws_ec2_snapshot", "ec2", "describe_snapshots", "Snapshots", "SnapshotId",
           {"volume_size": "VolumeSize", "volume_id": "VolumeId", "ctime": "StartTime"}, OWN),
    Listed("aws_ec2_image", "ec2", "describe_images", "Images", "ImageId", {"name": "Name", "ctime": "CreationDate"}, {"Owners": ["self"]}),
    Listed("aws_ec2_keypair", "ec2", "describe_key_pairs", "KeyPairs", "KeyPairId", {"name": "KeyName"}),
    Listed("aws_vpc", "ec2", "describe_vpcs", "Vpcs", "VpcId", {"vpc_cidr_block": "CidrBlock", "vpc_is_default": "IsDefault"}),
    Listed("aws_ec2_subnet", "ec2", "describe_subnets", "Subnets", "SubnetId", {"subnet_cidr_block": "CidrBlock"}),
    Listed("aws_ec2_security_group", "ec2", "describe_security_groups", "SecurityGroups", "GroupId", {"name": "GroupName"}),
    Listed("aws_ec2_network_interface", "ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId",
           {"network_interface_status": "Status", "mac": "MacAddress"}, tags="TagSet"),
    Listed("aws_ec2_route_table", "ec2", "describe_route_tables", "RouteTables", "RouteTableId", {}),
    Listed("aws_ec2_internet_gateway", "ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId", {}),
    Listed("aws_ec2_nat_gateway", "ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId", {"ctime": "CreateTime"}),
    Listed("aws_ec2_elastic_ip", "ec2", "describe_addresses", "Addresses", "PublicIp", {"ip_address": "PublicIp"}),
    Listed("aws_autoscaling_group", "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName",
           {"min_size": "MinSize", "max_size": "MaxSize", "arn": "AutoScalingGroupARN"}),
    Listed("aws_alb", "elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName",
           {"arn": "LoadBalancerArn", "lb_type": "Type", "ctime": "CreatedTime"},
           tags=("describe_tags", "ResourceArns", "[LoadBalancerArn]", "TagDescriptions[].Tags[]")),
    Listed("aws_alb_target_group", "elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName", {"arn": "TargetGroupArn"},
           tags=("describe_tags", "ResourceArns", "[TargetGroupArn]", "TagDescriptions[].Tags[]")),
    Listed("aws_rds_instance", "rds", "describe_db_instances",
           "DBInstances[?Engine != 'docdb' && Engine != 'neptune']", "DBInstanceIdentifier",
           {"db_type": "Engine", "volume_size": "AllocatedStorage", "instance_type": "DBInstanceClass", "ctime": "InstanceCreateTime"},
           tags="TagList"),
    Listed("aws_lambda_function", "lambda", "list_functions", "Functions", "FunctionName",
           {"function_memory_size": "MemorySize", "function_runtime": "Runtime", "arn": "FunctionArn"},
           tags=("list_tags", "Resource", "FunctionArn", "Tags")),
    Listed("aws_cloudwatch_alarm", "cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName", {"arn": "AlarmArn"},
           tags=("list_tags_for_resource", "ResourceARN", "AlarmArn", "Tags")),
    Listed("aws_cloudwatch_log_group", "logs", "describe_log_groups", "logGroups", "logGroupName",
           {"group_retention_in_days": "retentionInDays", "group_log_group_arn": "logGroupArn"},
           tags=("list_tags_log_group", "logGroupName", "logGroupName", "tags")),
    Listed("aws_sns_topic", "sns", "list_topics", "Topics", "TopicArn", {"arn": "TopicArn"},
           tags=("list_tags_for_resource", "ResourceArn", "TopicArn", "Tags")),
    Listed("aws_sns_subscription", "sns", "list_subscriptions", "Subscriptions[?starts_with(SubscriptionArn, 'arn:')]", "SubscriptionArn",
           {"subscription_protocol": "Protocol"}, tags=""),
    Listed("aws_sqs_queue", "sqs", "list_queues", "QueueUrls[].{QueueUrl: @}", "QueueUrl", {"sqs_queue_url": "QueueUrl"},
           tags=("list_queue_tags", "QueueUrl", "QueueUrl", "Tags")),
    Listed("aws_dynamodb_table", "dynamodb", "list_tables", "TableNames[].{TableName: @}", "TableName", {"name": "TableName"},
           tags=""),
    Listed("aws_kms_key", "kms", "list_keys", "Keys", "KeyId", {"arn": "KeyArn"}, tags=("list_resource_tags", "KeyId", "KeyId", "Tags")),
    Listed("aws_secretsmanager_secret", "secretsmanager", "list_secrets", "SecretList", "Name", {"arn": "ARN", "ctime": "CreatedDate"}),
    Listed("aws_iam_user", "iam", "list_users", "Users", "UserId", {"name": "UserName", "ctime": "CreateDate"},
           tags=("list_user_tags", "UserName", "UserName", "Tags")),
    Listed("aws_iam_role", "iam", "list_roles", "Roles", "RoleId", {"arn": "Arn", "role_max_session_duration": "MaxSessionDuration"},
           tags=("list_role_tags", "RoleName", "RoleName", "Tags")),
    Listed("aws_iam_group", "iam", "list_groups", "Groups", "GroupId", {"arn": "Arn"}, tags=""),
    Listed("aws_iam_instance_profile", "iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileId", {"arn": "Arn"},
           left_out=("Roles",)),
    Listed("aws_s3_bucket", "s3", "list_buckets", "Buckets", "Name", {"ctime": "CreationDate"}, tags=""),
)  # fmt: skip


class Api:
    """The API of AWS itself, asked without resh."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = cache(client)
        self._rows = {row.kind: row for row in LISTED}

    @cache  # noqa: B019 - it lives as long as this module's tests
    def items(self, kind: str) -> list[Item]:
        row = self._rows[kind]
        client = self._client(row.service)
        if client.can_paginate(row.operation):
            pages = client.get_paginator(row.operation).paginate(**row.params)
        else:
            pages = [getattr(client, row.operation)(**row.params)]
        return [item for page in pages for item in jmespath.search(row.items, page) or ()]

    def id(self, kind: str, item: Item) -> str:
        found: str = jmespath.search(self._rows[kind].id, item)
        return found.rpartition("/")[2] if kind == "aws_sqs_queue" else found

    def tags(self, kind: str, item: Item) -> dict[str, str]:
        row = self._rows[kind]
        found = jmespath.search(row.tags, item) if isinstance(row.tags, str) else self._told(row.service, *row.tags, item)
        return (
            found
            if isinstance(found, dict)
            else {tag.get("Key") or tag["TagKey"]: tag.get("Value") or tag.get("TagValue", "") for tag in found or ()}
        )

    def targets(self, group: str) -> list[str]:
        health = self._client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return [one["Target"]["Id"] for one in health]

    def role_id(self, arn: str) -> str:
        return next((role["RoleId"] for role in self.items("aws_iam_role") if role["Arn"] == arn), "")

    def home(self, bucket: str) -> str:
        return self._client("s3").get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1"

    def _told(self, service: str, operation: str, parameter: str, of: str, path: str, item: Item) -> Any:
        return jmespath.search(path, getattr(self._client(service), operation)(**{parameter: jmespath.search(of, item)}))


class Joined(NamedTuple):
    """Edges that the items of `of` tell of: pairs of ids, the upper one first."""

    above: str
    below: str
    of: str
    pairs: Callable[[Api, Item], list[tuple[str, str]]]


JOINED = (
    Joined("aws_ec2_instance", "aws_ec2_volume", "aws_ec2_volume",
           lambda api, volume: [(at["InstanceId"], volume["VolumeId"]) for at in volume["Attachments"]]),
    Joined("aws_ec2_volume", "aws_ec2_snapshot", "aws_ec2_snapshot", lambda api, copy: [(copy["VolumeId"], copy["SnapshotId"])]),
    Joined("aws_vpc", "aws_ec2_subnet", "aws_ec2_subnet", lambda api, subnet: [(subnet["VpcId"], subnet["SubnetId"])]),
    Joined("aws_vpc", "aws_ec2_security_group", "aws_ec2_security_group", lambda api, group: [(group["VpcId"], group["GroupId"])]),
    Joined("aws_vpc", "aws_ec2_route_table", "aws_ec2_route_table", lambda api, table: [(table["VpcId"], table["RouteTableId"])]),
    Joined("aws_vpc", "aws_ec2_internet_gateway", "aws_ec2_internet_gateway",
           lambda api, gateway: [(at["VpcId"], gateway["InternetGatewayId"]) for at in gateway["Attachments"]]),
    Joined("aws_ec2_subnet", "aws_ec2_nat_gateway", "aws_ec2_nat_gateway", lambda api, nat: [(nat["SubnetId"], nat["NatGatewayId"])]),
    Joined("aws_ec2_subnet", "aws_ec2_instance", "aws_ec2_instance", lambda api, one: [(one.get("SubnetId", ""), one["InstanceId"])]),
    Joined("aws_ec2_security_group", "aws_ec2_instance", "aws_ec2_instance",
           lambda api, one: [(group["GroupId"], one["InstanceId"]) for group in one.get("SecurityGroups", ())]),
    Joined("aws_ec2_subnet", "aws_ec2_network_interface", "aws_ec2_network_interface",
           lambda api, card: [(card["SubnetId"], card["NetworkInterfaceId"])]),
    Joined("aws_ec2_subnet", "aws_autoscaling_group", "aws_autoscaling_group",
           lambda api, group: [(subnet, group["AutoScalingGroupName"]) for subnet in group.get("VPCZoneIdentifier", "").split(",")]),
    Joined("aws_ec2_subnet", "aws_alb", "aws_alb",
           lambda api, balancer: [(zone["SubnetId"], balancer["LoadBalancerName"]) for zone in balancer["AvailabilityZones"]]),
    Joined("aws_alb", "aws_alb_target_group", "aws_alb_target_group",
           lambda api, group: [(arn.split("/")[-2], group["TargetGroupName"]) for arn in group["LoadBalancerArns"]]),
    Joined("aws_alb_target_group", "aws_ec2_instance", "aws_alb_target_group",
           lambda api, group: [(group["TargetGroupName"], id) for id in api.targets(group["TargetGroupArn"])]),
    Joined("aws_iam_role", "aws_iam_instance_profile", "aws_iam_instance_profile",
           lambda api, profile: [(role["RoleId"], profile["InstanceProfileId"]) for role in profile["Roles"]]),
    Joined("aws_iam_role", "aws_lambda_function", "aws_lambda_function",
           lambda api, function: [(api.role_id(function["Role"]), function["FunctionName"])]),
    Joined("aws_ec2_instance", "aws_cloudwatch_alarm", "aws_cloudwatch_alarm",
           lambda api, alarm: [(at["Value"], alarm["AlarmName"]) for at in alarm["Dimensions"] if at["Name"] == "InstanceId"]),
    Joined("aws_sns_topic", "aws_sns_subscription", "aws_sns_subscription", lambda api, one: [(one["TopicArn"], one["SubscriptionArn"])]),
    Joined("aws_region", "aws_s3_bucket", "aws_s3_bucket", lambda api, bucket: [(api.home(bucket["Name"]), bucket["Name"])]),
)  # fmt: skip


def make(cloud: Cloud) -> None:
    """What the example account lacks."""
    name = f"judged-{token_hex(4)}"
    queue = cloud.client("sqs").create_queue(QueueName=name, tags={"owner": "ada"})["QueueUrl"]
    topic = cloud.client("sns").create_topic(Name=name, Tags=TAGS)["TopicArn"]
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:123456789012:{queue.rpartition('/')[2]}")
    key = [{"AttributeName": "id", "KeyType": "HASH"}]
    cloud.client("dynamodb").create_table(
        TableName=name, KeySchema=key, AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST"
    )
    cloud.client("kms").create_key(Description=name, Tags=[{"TagKey": "owner", "TagValue": "ada"}])
    cloud.client("secretsmanager").create_secret(Name=name, SecretString="x", Tags=TAGS)
    cloud.client("logs").create_log_group(logGroupName=f"/{name}", tags={"owner": "ada"})
    cloud.client("logs").put_retention_policy(logGroupName=f"/{name}", retentionInDays=30)


@pytest.fixture(scope="module")
def api(cloud: Cloud) -> Api:
    make(cloud)
    return Api(cloud.client)


@pytest.fixture(scope="module")
def found(api: Api, cloud: Cloud) -> Found:
    """What is collected, and listed at the same time: tests change things afterwards."""
    collected = cloud.collect(*(row.kind for row in LISTED))
    for row in LISTED:
        api.items(row.kind)
    return collected


@pytest.fixture(scope="module")
def nodes(found: Found) -> dict[tuple[str, str], Node]:
    """By kind and id."""
    return {(node.kind, node.reported["id"]): node for node in found.all_nodes}


def test_every_scope_was_read(found: Found) -> None:
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []


@pytest.mark.parametrize("kind", [row.kind for row in LISTED])
def test_what_the_api_lists_is_there_and_nothing_else(api: Api, nodes: dict[tuple[str, str], Node], kind: str) -> None:
    listed = [api.id(kind, item) for item in api.items(kind)]
    assert listed
    assert sorted(id for of, id in nodes if of == kind) == sorted(listed)


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row.kind)
def test_it_has_the_properties_and_the_tags_that_the_api_tells(api: Api, nodes: dict[tuple[str, str], Node], row: Listed) -> None:
    for item in api.items(row.kind):
        reported = nodes[row.kind, api.id(row.kind, item)].reported
        wanted = {name: plain(jmespath.search(path, item)) for name, path in row.same.items()}
        assert {name: reported.get(name) for name in row.same} == wanted
        if row.tags:
            assert reported["tags"] == api.tags(row.kind, item)


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row.kind)
def test_no_text_of_an_answer_is_lost(api: Api, nodes: dict[tuple[str, str], Node], row: Listed) -> None:
    for item in api.items(row.kind):
        told = {name: value for name, value in item.items() if name not in (row.tags, *row.left_out)}
        assert set(texts(told)) - set(texts(nodes[row.kind, api.id(row.kind, item)].reported)) == set()


@pytest.mark.parametrize("joined", JOINED, ids=lambda joined: f"{joined.above}-{joined.below}")
def test_edges_are_what_the_answers_say(api: Api, found: Found, nodes: dict[tuple[str, str], Node], joined: Joined) -> None:
    pairs = {pair for item in api.items(joined.of) for pair in joined.pairs(api, item)}
    there = {(above, below) for above, below in pairs if {(joined.above, above), (joined.below, below)} <= nodes.keys()}
    assert there
    names = {node.id: key for key, node in nodes.items()}
    edges = [(names.get(edge.source, ("", "")), names.get(edge.target, ("", ""))) for edge in found.all_edges if edge.type == "default"]
    assert {(above, below) for (of, above), (to, below) in edges if (of, to) == (joined.above, joined.below)} == there


def test_a_second_collect_finds_what_was_changed_and_nothing_else(api: Api, cloud: Cloud, nodes: dict[tuple[str, str], Node]) -> None:
    ec2, volume = cloud.client("ec2"), {"AvailabilityZone": f"{REGION}a", "Size": 1}
    kept, doomed = (ec2.create_volume(**volume)["VolumeId"] for _ in range(2))
    kinds = [row.kind for row in LISTED]
    before, again = by_node(cloud.collect(*kinds)), by_node(cloud.collect(*kinds))
    assert again == before
    ec2.create_tags(Resources=[kept], Tags=TAGS)
    ec2.delete_volume(VolumeId=doomed)
    after = by_node(cloud.collect(*kinds))
    changed = {before.get(id, {}).get("id") for id in before.keys() | after.keys() if before.get(id) != after.get(id)}
    assert changed == {kept, doomed}
    assert kept in {reported["id"] for reported in after.values()}


def by_node(found: Found) -> dict[str, dict[str, Any]]:
    return {node.id: node.reported for node in found.all_nodes}


def plain(value: Any) -> Any:
    """Times as the graph has them."""
    moment = value if isinstance(value, datetime) else time_of(value)
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else value


def time_of(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return None


def texts(value: Any) -> Iterator[str]:
    """Every text in it that is no time."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)
    elif isinstance(value, str) and value and not time_of(value):
        yield value
