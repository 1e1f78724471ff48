"""Trails: as CloudTrail describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import REGION, Cloud

KIND = "aws_cloud_trail"


def test_properties_and_edges(world: World) -> None:
    status = {"IsLogging": True, "StartLoggingTime": "2026-11-01T00:00:00Z", "LatestDeliveryTime": "2026-11-02T00:00:00Z"}
    targets = {"S3BucketName": "logs", "SnsTopicARN": "arn:topic", "CloudWatchLogsLogGroupArn": "arn:group:*", "KmsKeyId": "arn:key/k-1"}
    reported = world.add(KIND, {"Name": "audit", "TrailARN": "arn:audit", "IsMultiRegionTrail": True, "Status": status, **targets})
    assert [reported[key] for key in ("id", "name", "arn", "ctime")] == ["audit", "audit", "arn:audit", "2026-11-01T00:00:00Z"]
    assert (reported["mtime"], reported["trail_status"]["is_logging"]) == ("2026-11-02T00:00:00Z", True)
    assert (reported["trail_s3_bucket_name"], reported["trail_is_multi_region_trail"]) == ("logs", True)
    world.add("aws_s3_bucket", {"Name": "logs"})
    world.add("aws_sns_topic", {"TopicArn": "arn:topic"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "group", "arn": "arn:group:*"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert world.edges("default") == {"audit > logs", "audit > arn:topic", "audit > group", "audit > k-1"}
    assert world.edges("delete") == {"k-1 > audit"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    cloud.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    trails = cloud.client("cloudtrail")
    arn = trails.create_trail(Name=name, S3BucketName=name, IsMultiRegionTrail=True, TagsList=[{"Key": "owner", "Value": "ada"}])[
        "TrailARN"
    ]
    trails.start_logging(Name=arn)
    assert {document["reported"]["arn"] for document in cloud.documents(KIND)} == {
        trail["TrailARN"] for trail in trails.list_trails()["Trails"]
    }
    document = cloud.find(KIND, name)
    assert document["reported"]["trail_status"]["is_logging"] is True
    assert cloud.looks_the_same(document)
    assert "mtime" not in (cloud.provider.read(document) or {}), "it moves with every delivery of a trail that nobody touched"
    assert cloud.takes_tags(document)
    assert cloud.goes(document)
