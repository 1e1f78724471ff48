"""EFS: file systems that many machines mount, their mount targets and access points. The catalog of `aws/provider.py`.

A file system cannot be deleted before its mount targets: https://docs.aws.amazon.com/efs/latest/ug/API_DeleteFileSystem.html
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource, Scaled, Values

TAG = Action("tag_resource", {"ResourceId": "{id}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceId": "{id}", "TagKeys": ["{key}"]})
ENDED = "life_cycle_state == 'deleting' || life_cycle_state == 'deleted'"

STATUS = {"creating": "busy", "updating": "busy", "available": "available", "deleting": "deleted", "deleted": "deleted", "error": "error"}

FILE_SYSTEM = Resource(
    kind="aws_efs_file_system",
    bases=("network_share",),
    description="A file system that grows with what is in it.",
    call=Call("efs", "describe_file_systems", "FileSystems"),
    id="FileSystemId",
    console="efs/home?region={region}#/file-systems/{id}",
    name="Name",
    ctime="CreationTime",
    arn="FileSystemArn",
    fields={
        "share_status": Values("LifeCycleState", STATUS, default="unknown"),
        "share_size": Scaled("SizeInBytes.Value", 1 / 1024**3),
        # Without the time of counting, which is another at every look.
        "size_in_bytes": "SizeInBytes.{Value: Value, ValueInIA: ValueInIA, ValueInStandard: ValueInStandard, "
        "ValueInArchive: ValueInArchive}",
        "share_encrypted": "Encrypted",
        "share_throughput": "ProvisionedThroughputInMibps",
        "provisioned_throughput_in_mibps": "ProvisionedThroughputInMibps",
    },
    details=(
        Detail(
            Call("efs", "describe_file_system_policy", "Policy", {"FileSystemId": "{id}"}),
            into="FileSystemPolicy",
            absent=("PolicyNotFound",),
            json=True,
        ),
    ),
    edges=(encrypted_by("KmsKeyId"),),
    read={"FileSystemId": "{id}"},
    gone=("FileSystemNotFound",),
    ended=ENDED,
    volatile=("share_size", "size_in_bytes"),
    awaited="life_cycle_state == 'deleted'",
    broken="life_cycle_state == 'error'",
    delete=Action("delete_file_system", {"FileSystemId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

MOUNT_TARGET = Resource(
    kind="aws_efs_mount_target",
    description="Where the machines of a subnet reach a file system.",
    call=Call("efs", "describe_mount_targets", "MountTargets", {"FileSystemId": "{id}"}),
    each="aws_efs_file_system",
    id="MountTargetId",
    tags="",
    zone="AvailabilityZoneName",
    details=(
        Detail(
            Call("efs", "describe_mount_target_security_groups", "SecurityGroups", {"MountTargetId": "{id}"}),
            into="SecurityGroups",
            absent=("IncorrectMountTargetState",),
        ),
    ),
    edges=(
        Link("aws_efs_file_system", "FileSystemId", delete=True),
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_ec2_subnet", "SubnetId", delete=True),
        Link("aws_ec2_security_group", "SecurityGroups", delete=True),
        Link("aws_ec2_network_interface", "NetworkInterfaceId", delete=True),
    ),
    read={"MountTargetId": "{id}"},
    gone=("MountTargetNotFound", "FileSystemNotFound"),
    ended=ENDED,
    awaited="life_cycle_state == 'deleted'",
    broken="life_cycle_state == 'error'",
    delete=Action("delete_mount_target", {"MountTargetId": "{id}"}),
)

ACCESS_POINT = Resource(
    kind="aws_efs_access_point",
    description="A way into one directory of a file system, as one user.",
    call=Call("efs", "describe_access_points", "AccessPoints"),
    id="AccessPointId",
    name="Name",
    arn="AccessPointArn",
    edges=(Link("aws_efs_file_system", "FileSystemId", delete=True),),
    read={"AccessPointId": "{id}"},
    gone=("AccessPointNotFound", "FileSystemNotFound"),
    ended=ENDED,
    delete=Action("delete_access_point", {"AccessPointId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (FILE_SYSTEM, MOUNT_TARGET, ACCESS_POINT)
