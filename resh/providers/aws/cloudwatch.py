"""CloudWatch alarms. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource
from resh.providers.ending import Quarantine


def _watches(kind: str, dimension: str, by: str = "id") -> Link:
    """An alarm hangs below what it watches, be it about one metric or about several in a formula; it keeps nothing from being deleted."""
    dimensions = "[Dimensions, Metrics[].MetricStat.Metric.Dimensions[]][]"
    return Link(kind, f"{dimensions} | [?Name=='{dimension}'].Value", by=by)


ALARM = Resource(
    kind="aws_cloudwatch_alarm",
    description="An alarm that watches a metric, or a formula over metrics.",
    call=Call("cloudwatch", "describe_alarms", "MetricAlarms"),
    id="AlarmName",
    console="cloudwatch/home?region={region}#alarmsV2:alarm/{name}",
    name="AlarmName",
    arn="AlarmArn",
    prefix="cloudwatch",
    fields={"mtime": "AlarmConfigurationUpdatedTimestamp"},
    details=(
        Detail(
            Call("cloudwatch", "list_tags_for_resource", "Tags", {"ResourceARN": "{arn}"}),
            into="Tags",
            absent=("ResourceNotFoundException",),
        ),
    ),
    edges=(
        _watches("aws_ec2_instance", "InstanceId"),
        _watches("aws_ec2_volume", "VolumeId"),
        _watches("aws_autoscaling_group", "AutoScalingGroupName"),
        _watches("aws_elb", "LoadBalancerName", by="name"),
        _watches("aws_rds_instance", "DBInstanceIdentifier"),
        _watches("aws_lambda_function", "FunctionName"),
        _watches("aws_s3_bucket", "BucketName"),
        _watches("aws_sqs_queue", "QueueName"),
        _watches("aws_dynamodb_table", "TableName", by="name"),
        _watches("aws_kinesis_stream", "StreamName"),
        _watches("aws_efs_file_system", "FileSystemId"),
        _watches("aws_elasticache_cache_cluster", "CacheClusterId"),
        _watches("aws_rds_cluster", "DBClusterIdentifier"),
        *(_watches(f"aws_{engine}_cluster", "DBClusterIdentifier") for engine in ("docdb", "neptune")),
        *(_watches(f"aws_{engine}_instance", "DBInstanceIdentifier") for engine in ("docdb", "neptune")),
        _watches("aws_redshift_cluster", "ClusterIdentifier"),
        _watches("aws_cloudfront_distribution", "DistributionId"),
        Link("aws_sns_topic", "[AlarmActions, OKActions, InsufficientDataActions][]", by="arn", child=True),
    ),
    read={"AlarmNames": ["{name}"]},
    volatile=(
        "cloudwatch_state_value",
        "cloudwatch_state_reason",
        "cloudwatch_state_reason_data",
        "cloudwatch_state_updated_timestamp",
        "cloudwatch_state_transitioned_timestamp",
        "cloudwatch_evaluation_state",
    ),
    quarantine=Quarantine(
        "cloudwatch_actions_enabled",
        Action("disable_alarm_actions", {"AlarmNames": ["{name}"]}),
        Action("enable_alarm_actions", {"AlarmNames": ["{name}"]}),
    ),
    delete=Action("delete_alarms", {"AlarmNames": ["{name}"]}),
    tag=Action("tag_resource", {"ResourceARN": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"ResourceARN": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (ALARM,)
