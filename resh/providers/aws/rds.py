"""RDS database instances. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Day, Link, Resource, Values
from resh.providers.ending import Quarantine, Snapshot

BUSY = (
    "backing-up",
    "configuring-enhanced-monitoring",
    "configuring-iam-database-auth",
    "configuring-log-exports",
    "converting-to-vpc",
    "creating",
    "delete-precheck",
    "inaccessible-encryption-credentials-recoverable",
    "maintenance",
    "modifying",
    "moving-to-vpc",
    "rebooting",
    "renaming",
    "resetting-master-credentials",
    "starting",
    "stopping",
    "storage-config-upgrade",
    "storage-full",
    "storage-optimization",
    "upgrading",
)
OTHERS = "Engine != 'docdb' && Engine != 'neptune'"
"""RDS lists what DocumentDB and Neptune have among its own; they are kinds of their own here."""

FAILED = (
    "failed",
    "inaccessible-encryption-credentials",
    "incompatible-network",
    "incompatible-option-group",
    "incompatible-parameters",
    "incompatible-restore",
    "insufficient-capacity",
    "restore-error",
)
STATUS = {
    "available": "available",
    "stopped": "stopped",
    "deleting": "terminated",
    **dict.fromkeys(BUSY, "busy"),
    **dict.fromkeys(FAILED, "failed"),
}

INSTANCE = Resource(
    kind="aws_rds_instance",
    bases=("database",),
    description="A managed relational database.",
    call=Call("rds", "describe_db_instances", "DBInstances"),
    id="DBInstanceIdentifier",
    console="rds/home?region={region}#database:id={id};is-cluster=false",
    name="DBName",
    ctime="InstanceCreateTime",
    arn="DBInstanceArn",
    tags="TagList",
    zone="AvailabilityZone",
    prefix="rds",
    keep=OTHERS,
    fields={
        "db_type": "Engine",
        "db_status": Values("DBInstanceStatus", STATUS, default="unknown"),
        "db_endpoint": "Endpoint.Address && Endpoint.Port && join(':', [Endpoint.Address, to_string(Endpoint.Port)])",
        "db_version": "EngineVersion",
        "db_publicly_accessible": "PubliclyAccessible",
        "instance_type": "DBInstanceClass",
        "volume_size": "AllocatedStorage",
        "volume_iops": "Iops",
        "volume_encrypted": "StorageEncrypted",
        "rds_latest_restorable_time": Day("LatestRestorableTime"),
        "rds_db_instance_automated_backups_replications": "DBInstanceAutomatedBackupsReplications[].DBInstanceAutomatedBackupsArn",
    },
    edges=(
        Link("aws_rds_subnet_group", "DBSubnetGroup.DBSubnetGroupName", delete=True),
        Link("aws_vpc", "DBSubnetGroup.VpcId", delete=True),
        Link("aws_ec2_subnet", "DBSubnetGroup.Subnets[].SubnetIdentifier", delete=True),
        Link("aws_ec2_security_group", "VpcSecurityGroups[].VpcSecurityGroupId", delete=True),
        encrypted_by("KmsKeyId"),
    ),
    read={"DBInstanceIdentifier": "{id}"},
    gone=("DBInstanceNotFound",),
    ended="db_status == 'terminated'",
    released={"rds_read_replica_db_instance_identifiers": "!rds_read_replica_db_instance_identifiers"},
    volatile=("rds_latest_restorable_time",),
    fixed={"rds_deletion_protection": "its deletion protection is on"},
    snapshot=Snapshot(
        Action(
            "delete_db_instance", {"DBInstanceIdentifier": "{id}", "SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": "{snapshot}"}
        ),
        # What a cluster or another database has is kept there: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
        when="!rds_db_cluster_identifier && !rds_read_replica_source_db_instance_identifier",
    ),
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
    snapshot_apart=Snapshot(
        Action("create_db_snapshot", {"DBInstanceIdentifier": "{id}", "DBSnapshotIdentifier": "{snapshot}"}),
        ids="DBSnapshot.DBSnapshotIdentifier",
        status=Call("rds", "describe_db_snapshots", "DBSnapshots[].Status", {"DBSnapshotIdentifier": "{each}"}),
        complete=("available",),
        failed=("failed",),
    ),
    awaited="",
    broken="db_status == 'failed'",
    quarantine=Quarantine(
        "db_status == 'available' && !rds_db_cluster_identifier",
        Action("stop_db_instance", {"DBInstanceIdentifier": "{id}"}),
        Action("start_db_instance", {"DBInstanceIdentifier": "{id}"}),
    ),
    delete=Action("delete_db_instance", {"DBInstanceIdentifier": "{id}", "SkipFinalSnapshot": True}),
    tag=Action("add_tags_to_resource", {"ResourceName": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("remove_tags_from_resource", {"ResourceName": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (INSTANCE,)
