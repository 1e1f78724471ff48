"""Alarms, from items as CloudWatch describes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.aws.catalog_world import World


def alarm(name: str = "alarm", **more: Any) -> dict[str, Any]:
    return {"AlarmName": name, "AlarmArn": f"arn:{name}", **more}


def dimension(name: str, value: str) -> dict[str, str]:
    return {"Name": name, "Value": value}


def test_properties(world: World) -> None:
    reported = world.add("aws_cloudwatch_alarm", alarm(Threshold=90.0, OKActions=[], Dimensions=[dimension("InstanceId", "i-1")]))
    assert (reported["id"], reported["name"], reported["arn"]) == ("alarm", "alarm", "arn:alarm")
    assert (reported["cloudwatch_threshold"], reported["cloudwatch_ok_actions"]) == (90.0, [])
    assert reported["cloudwatch_dimensions"] == [{"name": "InstanceId", "value": "i-1"}]


def test_it_hangs_below_what_it_watches_which_does_not_wait_for_it(world: World) -> None:
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    world.add("aws_cloudwatch_alarm", alarm("one", Dimensions=[dimension("InstanceId", "i-1"), dimension("ImageId", "ami-1")]))
    formula = [{"Expression": "a"}, {"MetricStat": {"Metric": {"Dimensions": [dimension("InstanceId", "i-1")]}}}]
    world.add("aws_cloudwatch_alarm", alarm("two", Dimensions=[], Metrics=formula))
    assert world.edges("default") == {"i-1 > one", "i-1 > two"}
    assert world.edges("delete") == set()


@pytest.mark.parametrize(
    ("kind", "item", "name", "value"),
    [
        ("aws_ec2_volume", {"VolumeId": "x"}, "VolumeId", "x"),
        ("aws_autoscaling_group", {"AutoScalingGroupName": "x"}, "AutoScalingGroupName", "x"),
        ("aws_elb", {"DNSName": "x", "LoadBalancerName": "legacy"}, "LoadBalancerName", "legacy"),
        ("aws_rds_instance", {"DBInstanceIdentifier": "x"}, "DBInstanceIdentifier", "x"),
        ("aws_lambda_function", {"FunctionName": "x"}, "FunctionName", "x"),
        ("aws_s3_bucket", {"Name": "x"}, "BucketName", "x"),
        ("aws_sqs_queue", {"QueueUrl": "https://sqs/1/x"}, "QueueName", "x"),
        ("aws_dynamodb_table", {"TableId": "x", "TableName": "orders"}, "TableName", "orders"),
        ("aws_kinesis_stream", {"StreamName": "x"}, "StreamName", "x"),
        ("aws_efs_file_system", {"FileSystemId": "x"}, "FileSystemId", "x"),
        ("aws_elasticache_cache_cluster", {"CacheClusterId": "x"}, "CacheClusterId", "x"),
        ("aws_rds_cluster", {"DBClusterIdentifier": "x"}, "DBClusterIdentifier", "x"),
        ("aws_redshift_cluster", {"ClusterIdentifier": "x"}, "ClusterIdentifier", "x"),
        ("aws_cloudfront_distribution", {"Id": "x"}, "DistributionId", "x"),
    ],
)
def test_it_watches_other_kinds_too(world: World, kind: str, item: dict[str, Any], name: str, value: str) -> None:
    world.add(kind, item)
    world.add("aws_cloudwatch_alarm", alarm(Dimensions=[dimension(name, value)]))
    assert world.edges("default") == {"x > alarm"}


def test_whom_it_tells_hangs_below_it(world: World) -> None:
    for topic in ("bad", "good", "unknown", "never"):
        world.add("aws_sns_topic", {"TopicArn": f"arn:aws:sns:eu-west-1:1:{topic}"})
    arn = "arn:aws:sns:eu-west-1:1:"
    actions = alarm(AlarmActions=[f"{arn}bad"], OKActions=[f"{arn}good"], InsufficientDataActions=[f"{arn}unknown"])
    world.add("aws_cloudwatch_alarm", actions)
    assert {edge.rpartition(":")[2] for edge in world.edges("default")} == {"bad", "good", "unknown"}
    assert all(edge.startswith("alarm > ") for edge in world.edges("default"))
    assert world.edges("delete") == set()
