"""Streams: as Kinesis describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_kinesis_stream"


def test_properties_and_key(world: World) -> None:
    stream = {"StreamName": "clicks", "StreamARN": "arn:clicks", "StreamStatus": "ACTIVE", "StreamModeDetails": {"StreamMode": "ON_DEMAND"}}
    reported = world.add(KIND, {**stream, "KeyId": "arn:key/k-1", "RetentionPeriodHours": 24, "Shards": [{"ShardId": "s-0"}]})
    assert [reported[key] for key in ("id", "name", "arn", "kinesis_stream_name")] == ["clicks", "clicks", "arn:clicks", "clicks"]
    assert [reported[key] for key in ("kinesis_stream_status", "kinesis_stream_mode_details")] == ["ACTIVE", "ON_DEMAND"]
    assert (reported["kinesis_retention_period_hours"], reported["kinesis_shards"]) == (24, [{"shard_id": "s-0"}])
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert (world.edges("default"), world.edges("delete")) == ({"clicks > k-1"}, {"k-1 > clicks"})


def test_on_a_server(cloud: Cloud, name: str) -> None:
    kinesis = cloud.client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=2, Tags={"owner": "ada"})
    assert {document["reported"]["id"] for document in cloud.documents(KIND)} == set(kinesis.list_streams()["StreamNames"])
    document = cloud.find(KIND, name)
    assert len(document["reported"]["kinesis_shards"]) == 2
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    assert cloud.goes(document)
