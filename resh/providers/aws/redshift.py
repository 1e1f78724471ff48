"""Redshift clusters. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource
from resh.providers.ending import Quarantine, Snapshot

_LOGGING = (
    "LoggingEnabled", "BucketName", "S3KeyPrefix", "LastSuccessfulDeliveryTime", "LastFailureTime", "LastFailureMessage",
    "LogDestinationType", "LogExports",
)  # fmt: skip

CLUSTER = Resource(
    kind="aws_redshift_cluster",
    description="A data warehouse of one node or many.",
    call=Call("redshift", "describe_clusters", "Clusters"),
    id="ClusterIdentifier",
    name="ClusterIdentifier",
    ctime="ClusterCreateTime",
    arn="arn:{partition}:redshift:{region}:{account}:cluster:{id}",
    zone="AvailabilityZone",
    prefix="redshift",
    details=(
        Detail(
            Call(
                "redshift",
                "describe_logging_status",
                f"{{{', '.join(f'{key}: {key}' for key in _LOGGING)}}}",
                {"ClusterIdentifier": "{id}"},
            ),
            into="LoggingStatus",
        ),
    ),
    edges=(
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_ec2_security_group", "VpcSecurityGroups[].VpcSecurityGroupId", delete=True),
        Link("aws_iam_role", "IamRoles[].IamRoleArn", by="arn", delete=True),
        encrypted_by("KmsKeyId"),
        Link("aws_s3_bucket", "LoggingStatus.BucketName", by="name", child=True),
    ),
    read={"ClusterIdentifier": "{id}"},
    gone=("ClusterNotFound", "ClusterNotFoundFault"),
    ended="redshift_cluster_status == 'deleting'",
    volatile=(
        "redshift_logging_status",
        "redshift_next_maintenance_window_start_time",
        "redshift_expected_next_snapshot_schedule_time",
        "redshift_data_transfer_progress",
    ),
    snapshot=Snapshot(
        Action(
            "delete_cluster",
            {"ClusterIdentifier": "{id}", "SkipFinalClusterSnapshot": False, "FinalClusterSnapshotIdentifier": "{snapshot}"},
        ),
    ),
    awaited="",
    quarantine=Quarantine(
        "redshift_cluster_status == 'available'",
        Action("pause_cluster", {"ClusterIdentifier": "{id}"}),
        Action("resume_cluster", {"ClusterIdentifier": "{id}"}),
    ),
    delete=Action("delete_cluster", {"ClusterIdentifier": "{id}", "SkipFinalClusterSnapshot": True}),
    tag=Action("create_tags", {"ResourceName": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("delete_tags", {"ResourceName": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (CLUSTER,)
