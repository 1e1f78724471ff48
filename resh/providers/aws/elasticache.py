"""ElastiCache clusters and replication groups. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource
from resh.providers.ending import Snapshot, Takes

TAG = Action("add_tags_to_resource", {"ResourceName": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("remove_tags_from_resource", {"ResourceName": "{arn}", "TagKeys": ["{key}"]})
TAGS = Detail(Call("elasticache", "list_tags_for_resource", "TagList", {"ResourceName": "{arn}"}), into="Tags")

LOGS = Link(
    "aws_cloudwatch_log_group", "LogDeliveryConfigurations[].DestinationDetails.CloudWatchLogsDetails.LogGroup", by="name", child=True
)

CLUSTER = Resource(
    kind="aws_elasticache_cache_cluster",
    description="A cache in memory of one node or several, alone or part of a replication group.",
    call=Call("elasticache", "describe_cache_clusters", "CacheClusters", {"ShowCacheNodeInfo": True}),
    id="CacheClusterId",
    name="CacheClusterId",
    ctime="CacheClusterCreateTime",
    arn="ARN",
    zone="PreferredAvailabilityZone",
    prefix="cluster",
    fields={"cluster_cache_cluster_create_time": "CacheClusterCreateTime"},
    details=(TAGS,),
    edges=(
        Link("aws_ec2_security_group", "SecurityGroups[].SecurityGroupId", delete=True),
        Link("aws_sns_topic", "NotificationConfiguration.TopicArn", by="arn", child=True),
        LOGS,
    ),
    read={"CacheClusterId": "{id}", "ShowCacheNodeInfo": True},
    gone=("CacheClusterNotFound", "CacheClusterNotFoundFault"),
    ended="cluster_cache_cluster_status == 'deleting' || cluster_cache_cluster_status == 'deleted'",
    fixed={"cluster_replication_group_id": "it goes with its replication group"},
    snapshot=Snapshot(
        Action("delete_cache_cluster", {"CacheClusterId": "{id}", "FinalSnapshotIdentifier": "{snapshot}"}),
        when="cluster_engine != 'memcached'",
    ),
    awaited="cluster_cache_cluster_status == 'deleted'",
    delete=Action("delete_cache_cluster", {"CacheClusterId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

REPLICATION_GROUP = Resource(
    kind="aws_elasticache_replication_group",
    description="Cache clusters that hold the same data, or shares of it; they go with it.",
    call=Call("elasticache", "describe_replication_groups", "ReplicationGroups"),
    id="ReplicationGroupId",
    name="ReplicationGroupId",
    ctime="ReplicationGroupCreateTime",
    arn="ARN",
    prefix="replication_group",
    fields={"replication_group_arn": "ARN"},
    details=(TAGS,),
    edges=(
        Link("aws_elasticache_cache_cluster", "MemberClusters", child=True, delete="reverse"),
        encrypted_by("KmsKeyId"),
        LOGS,
    ),
    read={"ReplicationGroupId": "{id}"},
    gone=("ReplicationGroupNotFoundFault",),
    ended="replication_group_status == 'deleting'",
    takes=(Takes("aws_elasticache_cache_cluster", "replication_group_member_clusters"),),
    snapshot=Snapshot(
        Action(
            "delete_replication_group",
            {"ReplicationGroupId": "{id}", "RetainPrimaryCluster": False, "FinalSnapshotIdentifier": "{snapshot}"},
        ),
    ),
    awaited="",
    delete=Action("delete_replication_group", {"ReplicationGroupId": "{id}", "RetainPrimaryCluster": False}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (CLUSTER, REPLICATION_GROUP)
