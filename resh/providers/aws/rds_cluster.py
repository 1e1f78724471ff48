"""RDS clusters (Aurora and multi-AZ), and the snapshots of databases and clusters. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.aws.rds import OTHERS, STATUS
from resh.providers.catalog import Action, Call, Day, Detail, Json, Link, Resource, Values
from resh.providers.ending import Quarantine, Snapshot

TAG = Action("add_tags_to_resource", {"ResourceName": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("remove_tags_from_resource", {"ResourceName": "{arn}", "TagKeys": ["{key}"]})

# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html: beside those of single databases
BUSY = ("cloning", "failing-over", "migrating", "preparing-data-migration", "promoting", "update-iam-db-auth")


def _shared_with(operation: str, items: str, params: dict[str, str]) -> Detail:
    """Which accounts may restore a snapshot; `all` is everyone."""
    return Detail(Call("rds", operation, items, params), into="Attributes")


ATTRIBUTES = Json("pairs(Attributes, 'AttributeName', 'AttributeValues')")

CLUSTER = Resource(
    kind="aws_rds_cluster",
    bases=("database",),
    description="Databases that share their storage or replicate it: one writes, the others read.",
    call=Call("rds", "describe_db_clusters", "DBClusters"),
    id="DBClusterIdentifier",
    console="rds/home?region={region}#database:id={id};is-cluster=true",
    name="DBClusterIdentifier",
    ctime="ClusterCreateTime",
    arn="DBClusterArn",
    tags="TagList",
    prefix="rds",
    keep=OTHERS,
    fields={
        "db_type": "Engine",
        "db_status": Values("Status", {**STATUS, **dict.fromkeys(BUSY, "busy"), "migration-failed": "failed"}, default="unknown"),
        "db_endpoint": "Endpoint && Port && join(':', [Endpoint, to_string(Port)])",
        "db_version": "EngineVersion",
        "db_publicly_accessible": "PubliclyAccessible",
        "instance_type": "DBClusterInstanceClass",
        "volume_size": "AllocatedStorage",
        "volume_iops": "Iops",
        "volume_encrypted": "StorageEncrypted",
        "rds_allocated_storage": "AllocatedStorage",
        "rds_db_cluster_instance_class": "DBClusterInstanceClass",
        "rds_db_subnet_group_name": "DBSubnetGroup",
        "rds_cluster_pending_modified_values": "PendingModifiedValues",
        "rds_earliest_restorable_time": Day("EarliestRestorableTime"),
        "rds_latest_restorable_time": Day("LatestRestorableTime"),
    },
    edges=(
        encrypted_by("KmsKeyId"),
        # A cluster waits for the databases in it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html
        Link("aws_rds_instance", "DBClusterMembers[].DBInstanceIdentifier", child=True, delete=True),
        Link("aws_ec2_security_group", "VpcSecurityGroups[].VpcSecurityGroupId", delete=True),
        Link("aws_rds_subnet_group", "DBSubnetGroup", delete=True),
        Link("aws_iam_role", "[AssociatedRoles[].RoleArn, MonitoringRoleArn]", by="arn", delete=True),
        Link("aws_kinesis_stream", "ActivityStreamKinesisStreamName", by="name", child=True),
        Link("aws_secretsmanager_secret", "MasterUserSecret.SecretArn", by="arn", child=True),
    ),
    read={"DBClusterIdentifier": "{id}"},
    gone=("DBClusterNotFoundFault",),
    ended="db_status == 'terminated'",
    released={"rds_db_cluster_members": "!rds_db_cluster_members"},
    volatile=(
        "rds_earliest_restorable_time",
        "rds_latest_restorable_time",
        "rds_percent_progress",
        "rds_backtrack_consumed_change_records",
    ),
    fixed={"rds_deletion_protection": "its deletion protection is on"},
    snapshot=Snapshot(
        Action("delete_db_cluster", {"DBClusterIdentifier": "{id}", "SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": "{snapshot}"}),
    ),
    awaited="",
    broken="db_status == 'failed'",
    quarantine=Quarantine(
        "db_status == 'available'",
        Action("stop_db_cluster", {"DBClusterIdentifier": "{id}"}),
        Action("start_db_cluster", {"DBClusterIdentifier": "{id}"}),
    ),
    delete=Action("delete_db_cluster", {"DBClusterIdentifier": "{id}", "SkipFinalSnapshot": True}),
    tag=TAG,
    untag=UNTAG,
)

NOT_BY_HAND = {
    "rds_snapshot_type == 'automated'": "AWS made it, and deletes it when its time is over",
    "rds_snapshot_type == 'awsbackup'": "AWS Backup made it, and deletes it",
}

SNAPSHOT = Resource(
    kind="aws_rds_snapshot",
    bases=("snapshot",),
    description="A copy of a database at one moment, owned by the account.",
    call=Call("rds", "describe_db_snapshots", "DBSnapshots"),
    id="DBSnapshotIdentifier",
    console="rds/home?region={region}#db-snapshot:id={id}",
    ctime="SnapshotCreateTime",
    arn="DBSnapshotArn",
    tags="TagList",
    prefix="rds",
    fields={
        "snapshot_status": "Status",
        "rds_status": "Status",
        "volume_size": "AllocatedStorage",
        "rds_allocated_storage": "AllocatedStorage",
        "encrypted": "Encrypted",
        "rds_encrypted": "Encrypted",
        "rds_attributes": ATTRIBUTES,
    },
    details=(
        _shared_with(
            "describe_db_snapshot_attributes",
            "DBSnapshotAttributesResult.DBSnapshotAttributes",
            {"DBSnapshotIdentifier": "{id}"},
        ),
    ),
    edges=(
        Link("aws_rds_instance", "DBInstanceIdentifier"),
        Link("aws_vpc", "VpcId"),
        encrypted_by("KmsKeyId"),
    ),
    read={"DBSnapshotIdentifier": "{id}"},
    gone=("DBSnapshotNotFound",),
    fixed=NOT_BY_HAND,
    delete=Action("delete_db_snapshot", {"DBSnapshotIdentifier": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

CLUSTER_SNAPSHOT = Resource(
    kind="aws_rds_cluster_snapshot",
    bases=("snapshot",),
    description="A copy of a cluster's data at one moment, owned by the account.",
    call=Call("rds", "describe_db_cluster_snapshots", "DBClusterSnapshots"),
    id="DBClusterSnapshotIdentifier",
    ctime="SnapshotCreateTime",
    arn="DBClusterSnapshotArn",
    tags="TagList",
    prefix="rds",
    keep=OTHERS,
    fields={
        "snapshot_status": "Status",
        "rds_status": "Status",
        "volume_size": "AllocatedStorage",
        "rds_allocated_storage": "AllocatedStorage",
        "encrypted": "StorageEncrypted",
        "rds_storage_encrypted": "StorageEncrypted",
        "rds_attributes": ATTRIBUTES,
    },
    details=(
        _shared_with(
            "describe_db_cluster_snapshot_attributes",
            "DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes",
            {"DBClusterSnapshotIdentifier": "{id}"},
        ),
    ),
    edges=(
        Link("aws_rds_cluster", "DBClusterIdentifier"),
        Link("aws_vpc", "VpcId"),
        encrypted_by("KmsKeyId"),
    ),
    read={"DBClusterSnapshotIdentifier": "{id}"},
    gone=("DBClusterSnapshotNotFoundFault",),
    fixed=NOT_BY_HAND,
    delete=Action("delete_db_cluster_snapshot", {"DBClusterSnapshotIdentifier": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (CLUSTER, SNAPSHOT, CLUSTER_SNAPSHOT)
