"""Lightsail: instances, disks, databases, load balancers, static addresses, and snapshots. The catalog of `aws/provider.py`.

What else Lightsail has is in `lightsail_web.py`. Everything has a name that is its own in the region, and the listings tell all of it.
"""

from __future__ import annotations

from resh.providers.aws.rds import STATUS
from resh.providers.catalog import Action, Call, Day, Link, Resource, Values
from resh.providers.ending import Quarantine, Snapshot

GONE = ("NotFoundException",)
ZONE = "location.availabilityZone"
TAG = Action("tag_resource", {"resourceName": "{name}", "tags": [{"key": "{key}", "value": "{value}"}]})
UNTAG = Action("untag_resource", {"resourceName": "{name}", "tagKeys": ["{key}"]})

INSTANCE = Resource(
    kind="aws_lightsail_instance",
    bases=("instance",),
    description="A virtual machine at a fixed price a month.",
    call=Call("lightsail", "get_instances", "instances"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    zone=ZONE,
    prefix="lightsail",
    fields={
        "instance_type": "bundleId",
        "instance_cores": "hardware.cpuCount",
        "instance_memory": "hardware.ramSizeInGb",
        "instance_status": Values(
            "state.name",
            {
                "pending": "busy",
                "running": "running",
                "shutting-down": "stopped",
                "stopping": "stopped",
                "stopped": "stopped",
                "terminated": "terminated",
            },
            default="unknown",
        ),
    },
    read=Call("lightsail", "get_instance", "instance", {"instanceName": "{name}"}),
    gone=GONE,
    ended="instance_status == 'terminated'",
    snapshot=Snapshot(
        Action("create_instance_snapshot", {"instanceName": "{name}", "instanceSnapshotName": "{snapshot}"}),
        ids="operations[?resourceType=='InstanceSnapshot'].resourceName",
        status=Call("lightsail", "get_instance_snapshot", "instanceSnapshot.state", {"instanceSnapshotName": "{each}"}),
        complete=("available",),
    ),
    awaited="instance_status == 'terminated'",
    quarantine=Quarantine(
        "instance_status == 'running'",
        Action("stop_instance", {"instanceName": "{name}"}),
        Action("start_instance", {"instanceName": "{name}"}),
    ),
    delete=Action("delete_instance", {"instanceName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

DISK = Resource(
    kind="aws_lightsail_disk",
    bases=("volume",),
    description="A disk beside the one that an instance comes with.",
    call=Call("lightsail", "get_disks", "disks"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    zone=ZONE,
    prefix="lightsail",
    fields={
        "volume_size": "sizeInGb",
        "volume_iops": "iops",
        "volume_status": Values(
            "state",
            {"pending": "busy", "available": "available", "in-use": "in-use", "error": "error"},
            default="unknown",
        ),
    },
    edges=(Link("aws_lightsail_instance", "attachedTo", delete="reverse"),),
    read=Call("lightsail", "get_disk", "disk", {"diskName": "{name}"}),
    released=dict.fromkeys(
        ("volume_status", "lightsail_state", "lightsail_attached_to", "lightsail_is_attached", "lightsail_attachment_state"),
        "volume_status == 'available'",
    ),
    gone=GONE,
    snapshot=Snapshot(
        Action("create_disk_snapshot", {"diskName": "{name}", "diskSnapshotName": "{snapshot}"}),
        ids="operations[?resourceType=='DiskSnapshot'].resourceName",
        status=Call("lightsail", "get_disk_snapshot", "diskSnapshot.state", {"diskSnapshotName": "{each}"}),
    ),
    delete=Action("delete_disk", {"diskName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

DATABASE = Resource(
    kind="aws_lightsail_database",
    bases=("database",),
    description="A managed relational database at a fixed price a month.",
    call=Call("lightsail", "get_relational_databases", "relationalDatabases"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    zone=ZONE,
    prefix="lightsail",
    fields={
        "db_type": "engine",
        "db_version": "engineVersion",
        "db_status": Values("state", STATUS, default="unknown"),
        "db_endpoint": "masterEndpoint.address && masterEndpoint.port && "
        "join(':', [masterEndpoint.address, to_string(masterEndpoint.port)])",
        "db_publicly_accessible": "publiclyAccessible",
        "instance_type": "relationalDatabaseBundleId",
        "volume_size": "hardware.diskSizeInGb",
        "lightsail_latest_restorable_time": Day("latestRestorableTime"),
    },
    read=Call("lightsail", "get_relational_database", "relationalDatabase", {"relationalDatabaseName": "{name}"}),
    gone=GONE,
    ended="db_status == 'terminated'",
    volatile=("lightsail_latest_restorable_time",),
    snapshot=Snapshot(
        Action(
            "delete_relational_database",
            {"relationalDatabaseName": "{name}", "skipFinalSnapshot": False, "finalRelationalDatabaseSnapshotName": "{snapshot}"},
        ),
    ),
    awaited="",
    delete=Action("delete_relational_database", {"relationalDatabaseName": "{name}", "skipFinalSnapshot": True}),
    tag=TAG,
    untag=UNTAG,
)

LOAD_BALANCER = Resource(
    kind="aws_lightsail_load_balancer",
    bases=("load_balancer",),
    description="Shares requests from the web among instances of Lightsail.",
    call=Call("lightsail", "get_load_balancers", "loadBalancers"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    prefix="lightsail",
    fields={"backends": "instanceHealthSummary[].instanceName"},
    edges=(Link("aws_lightsail_instance", "instanceHealthSummary[].instanceName", child=True),),
    read=Call("lightsail", "get_load_balancer", "loadBalancer", {"loadBalancerName": "{name}"}),
    gone=GONE,
    volatile=("lightsail_instance_health_summary", "lightsail_state"),
    delete=Action("delete_load_balancer", {"loadBalancerName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

STATIC_IP = Resource(
    kind="aws_lightsail_static_ip",
    bases=("ip_address",),
    description="A public address that stays the account's until it is released.",
    call=Call("lightsail", "get_static_ips", "staticIps"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="",
    prefix="lightsail",
    fields={"ip_address": "ipAddress", "ip_address_family": "'ipv4'"},
    edges=(Link("aws_lightsail_instance", "attachedTo", delete="reverse"),),
    read=Call("lightsail", "get_static_ip", "staticIp", {"staticIpName": "{name}"}),
    released=dict.fromkeys(("lightsail_attached_to", "lightsail_is_attached"), "!lightsail_is_attached"),
    gone=GONE,
    delete=Action("release_static_ip", {"staticIpName": "{name}"}),
)

INSTANCE_SNAPSHOT = Resource(
    kind="aws_lightsail_instance_snapshot",
    bases=("snapshot",),
    description="An instance of Lightsail with its disks, as it was at one time.",
    call=Call("lightsail", "get_instance_snapshots", "instanceSnapshots"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    prefix="lightsail",
    fields={"snapshot_status": "state", "volume_size": "sizeInGb"},
    edges=(Link("aws_lightsail_instance", "fromInstanceArn", by="arn"),),
    read=Call("lightsail", "get_instance_snapshot", "instanceSnapshot", {"instanceSnapshotName": "{name}"}),
    gone=GONE,
    delete=Action("delete_instance_snapshot", {"instanceSnapshotName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

DISK_SNAPSHOT = Resource(
    kind="aws_lightsail_disk_snapshot",
    bases=("snapshot",),
    description="A disk of Lightsail, as it was at one time.",
    call=Call("lightsail", "get_disk_snapshots", "diskSnapshots"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    prefix="lightsail",
    fields={"snapshot_status": "state", "volume_size": "sizeInGb", "volume_id": "fromDiskName"},
    edges=(Link("aws_lightsail_disk", "fromDiskArn", by="arn"), Link("aws_lightsail_instance", "fromInstanceArn", by="arn")),
    read=Call("lightsail", "get_disk_snapshot", "diskSnapshot", {"diskSnapshotName": "{name}"}),
    gone=GONE,
    delete=Action("delete_disk_snapshot", {"diskSnapshotName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

DATABASE_SNAPSHOT = Resource(
    kind="aws_lightsail_database_snapshot",
    bases=("snapshot",),
    description="A database of Lightsail, as it was at one time.",
    call=Call("lightsail", "get_relational_database_snapshots", "relationalDatabaseSnapshots"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    prefix="lightsail",
    fields={"snapshot_status": "state", "volume_size": "sizeInGb"},
    edges=(Link("aws_lightsail_database", "fromRelationalDatabaseArn", by="arn"),),
    read=Call(
        "lightsail",
        "get_relational_database_snapshot",
        "relationalDatabaseSnapshot",
        {"relationalDatabaseSnapshotName": "{name}"},
    ),
    gone=GONE,
    delete=Action("delete_relational_database_snapshot", {"relationalDatabaseSnapshotName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (INSTANCE, DISK, DATABASE, LOAD_BALANCER, STATIC_IP, INSTANCE_SNAPSHOT, DISK_SNAPSHOT, DATABASE_SNAPSHOT)
