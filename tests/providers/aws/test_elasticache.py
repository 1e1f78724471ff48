"""Caches: as ElastiCache describes them, and on a moto server."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

CLUSTER, GROUP = "aws_elasticache_cache_cluster", "aws_elasticache_replication_group"


def test_properties_and_edges(world: World) -> None:
    logs = [{"DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "slow"}}}]
    node = {"CacheClusterId": "c-1", "ARN": "arn:c-1", "CacheClusterStatus": "available", "LogDeliveryConfigurations": logs}
    reported = world.add(CLUSTER, {**node, "SecurityGroups": [{"SecurityGroupId": "sg-1"}], "ReplicationGroupId": "g"})
    assert [reported[key] for key in ("id", "name", "arn", "cluster_cache_cluster_status")] == ["c-1", "c-1", "arn:c-1", "available"]
    group = {"ReplicationGroupId": "g", "ARN": "arn:g", "Status": "available", "MultiAZ": "enabled", "KmsKeyId": "k-1"}
    reported = world.add(GROUP, {**group, "MemberClusters": ["c-1"]})
    assert (reported["replication_group_status"], reported["replication_group_multi_az"]) == ("available", "enabled")
    assert (reported["arn"], reported["replication_group_arn"]) == ("arn:g", "arn:g")
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "slow"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert world.edges("default") == {"sg-1 > c-1", "c-1 > slow", "g > c-1", "g > k-1"}
    assert world.edges("delete") == {"sg-1 > c-1", "c-1 > g", "k-1 > g"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    elasticache = cloud.client("elasticache")
    tags = [{"Key": "owner", "Value": "ada"}]
    elasticache.create_cache_cluster(CacheClusterId=name, Engine="memcached", CacheNodeType="cache.t3.micro", NumCacheNodes=1, Tags=tags)
    elasticache.create_replication_group(ReplicationGroupId=name, ReplicationGroupDescription="of a test", Engine="redis", Tags=tags)
    listed = {one["CacheClusterId"] for one in elasticache.describe_cache_clusters()["CacheClusters"]}
    assert {document["reported"]["id"] for document in cloud.documents(CLUSTER)} == listed
    for kind in (GROUP, CLUSTER):
        document = cloud.find(kind, name)
        assert document["reported"]["tags"] == {"owner": "ada"}
        assert cloud.looks_the_same(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)


def test_a_member_goes_with_its_group(cloud: Cloud) -> None:
    document = cloud.placed({"kind": CLUSTER, "reported": {"id": "c-1", "cluster_replication_group_id": "g"}})
    with pytest.raises(UsageError, match="replication group"):
        cloud.provider.delete(document)
    group = cloud.placed({"kind": GROUP, "reported": {"id": "g", "replication_group_member_clusters": ["c-1"]}})
    assert [loss.name for loss in cloud.provider.losses(group)] == [f"{CLUSTER} c-1"]
