"""FSx: file systems of four sorts with what is in them, their backups, and caches. The catalog of `aws/provider.py`.

What cannot go by itself holds nothing back: the root volume of a virtual machine or of an OpenZFS file system goes with it
(https://docs.aws.amazon.com/fsx/latest/APIReference/API_DeleteFileSystem.html). FSx encrypts everything.
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.aws.s3 import stored_in
from resh.providers.catalog import Action, Call, Detail, Link, Resource, Values
from resh.providers.ending import Snapshot

TAG = Action("tag_resource", {"ResourceARN": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceARN": "{arn}", "TagKeys": ["{key}"]})
STATUS = {
    "AVAILABLE": "available", "CREATING": "busy", "UPDATING": "busy", "DELETING": "deleted", "FAILED": "error", "MISCONFIGURED": "error",
    "MISCONFIGURED_UNAVAILABLE": "error",
}  # fmt: skip
ENCRYPTED = "`true`"
# Without what a change would lead to, which is all that the resource may have once more.
ACTIONS = (
    "AdministrativeActions[].{AdministrativeActionType: AdministrativeActionType, Status: Status, ProgressPercent: ProgressPercent, "
    "RequestTime: RequestTime, FailureDetails: FailureDetails, Message: Message}"
)
_ANY = "[WindowsConfiguration, LustreConfiguration, OntapConfiguration, OpenZFSConfiguration][]"
NETWORK = (
    Link("aws_vpc", "VpcId", delete=True),
    Link("aws_ec2_subnet", "SubnetIds", delete=True),
    Link("aws_ec2_network_interface", "NetworkInterfaceIds", child=True, delete="reverse"),
    encrypted_by("KmsKeyId"),
)


def _logged_to(*arns: str) -> Link:
    """arn:aws:logs:eu-west-1:123456789012:log-group:/aws/fsx/windows:log-stream:…"""
    return Link("aws_cloudwatch_log_group", f"[{', '.join(arns)}][].split(@, ':')[6]", by="name", child=True)


FILE_SYSTEM = Resource(
    kind="aws_fsx_file_system",
    bases=("network_share",),
    description="A file system of Windows, Lustre, NetApp ONTAP or OpenZFS that AWS runs.",
    call=Call("fsx", "describe_file_systems", "FileSystems"),
    id="FileSystemId",
    ctime="CreationTime",
    arn="ResourceARN",
    secret=("FsxAdminPassword",),
    fields={
        "share_status": Values("Lifecycle", STATUS, default="unknown"),
        "share_size": "StorageCapacity",
        "share_type": "FileSystemType",
        "share_iops": f"{_ANY}.DiskIopsConfiguration.Iops | [0]",
        "share_throughput": f"{_ANY}.ThroughputCapacity | [0]",
        "share_encrypted": ENCRYPTED,
        "storage_capacity": "StorageCapacity",
        "file_system_type": "FileSystemType",
        "administrative_actions": ACTIONS,
    },
    edges=(
        *NETWORK,
        Link("aws_ec2_route_table", f"{_ANY}.RouteTableIds"),
        Link(
            "aws_secretsmanager_secret",
            "WindowsConfiguration.SelfManagedActiveDirectoryConfiguration.DomainJoinServiceAccountSecret",
            by="arn",
            child=True,
            delete="reverse",
        ),
        _logged_to("WindowsConfiguration.AuditLogConfiguration.AuditLogDestination", "LustreConfiguration.LogConfiguration.Destination"),
        stored_in(
            "LustreConfiguration.DataRepositoryConfiguration.ImportPath", "LustreConfiguration.DataRepositoryConfiguration.ExportPath"
        ),
    ),
    read={"FileSystemIds": ["{id}"]},
    gone=("FileSystemNotFound",),
    ended="lifecycle == 'DELETING'",
    volatile=("administrative_actions",),
    snapshot=Snapshot(
        # Of the other types AWS keeps a last backup unless it is told not to.
        Action("delete_file_system", {"FileSystemId": "{id}", "LustreConfiguration": {"SkipFinalBackup": False}}),
        when="file_system_type == 'LUSTRE' && lustre_configuration.deployment_type && "
        "starts_with(lustre_configuration.deployment_type, 'PERSISTENT') && !lustre_configuration.data_repository_configuration",
    ),
    awaited="",
    broken="(lifecycle == 'FAILED' || lifecycle == 'MISCONFIGURED') && (failure_details.message || `true`)",
    delete=Action("delete_file_system", {"FileSystemId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

VIRTUAL_MACHINE = Resource(
    kind="aws_fsx_storage_virtual_machine",
    description="A file server of a NetApp ONTAP file system, with its own volumes.",
    call=Call("fsx", "describe_storage_virtual_machines", "StorageVirtualMachines"),
    id="StorageVirtualMachineId",
    name="Name",
    ctime="CreationTime",
    arn="ResourceARN",
    edges=(Link(FILE_SYSTEM.kind, "FileSystemId", delete=True),),
    read={"StorageVirtualMachineIds": ["{id}"]},
    gone=("StorageVirtualMachineNotFound",),
    ended="lifecycle == 'DELETING'",
    awaited="",
    broken="(lifecycle == 'FAILED' || lifecycle == 'MISCONFIGURED') && (lifecycle_transition_reason.message || `true`)",
    delete=Action("delete_storage_virtual_machine", {"StorageVirtualMachineId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

_OWN = "!(OntapConfiguration.StorageVirtualMachineRoot || VolumeType == 'OPENZFS' && !(OpenZFSConfiguration.ParentVolumeId)) && "

VOLUME = Resource(
    kind="aws_fsx_volume",
    description="A part of a NetApp ONTAP or OpenZFS file system that is mounted by itself.",
    call=Call("fsx", "describe_volumes", "Volumes"),
    id="VolumeId",
    name="Name",
    ctime="CreationTime",
    arn="ResourceARN",
    fields={"administrative_actions": ACTIONS},
    edges=(
        Link(FILE_SYSTEM.kind, "FileSystemId"),
        Link(FILE_SYSTEM.kind, _OWN + "FileSystemId", only_delete=True),
        Link(VIRTUAL_MACHINE.kind, "OntapConfiguration.StorageVirtualMachineId"),
        Link(VIRTUAL_MACHINE.kind, _OWN + "OntapConfiguration.StorageVirtualMachineId", only_delete=True),
        Link("aws_fsx_volume", "OpenZFSConfiguration.ParentVolumeId", delete=True),
        # A volume that was cloned from a snapshot stands on it.
        Link("aws_fsx_snapshot", "OpenZFSConfiguration.OriginSnapshot.SnapshotARN", by="arn", delete=True),
    ),
    read={"VolumeIds": ["{id}"]},
    gone=("VolumeNotFound",),
    ended="lifecycle == 'DELETING'",
    volatile=("administrative_actions",),
    fixed={
        "ontap_configuration.storage_virtual_machine_root": "it goes with its storage virtual machine",
        "volume_type == 'OPENZFS' && !(open_zfs_configuration.parent_volume_id)": "it goes with its file system",
    },
    awaited="",
    broken="(lifecycle == 'FAILED' || lifecycle == 'MISCONFIGURED') && (lifecycle_transition_reason.message || `true`)",
    delete=Action("delete_volume", {"VolumeId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

SNAPSHOT = Resource(
    kind="aws_fsx_snapshot",
    bases=("snapshot",),
    description="A volume of OpenZFS as it was at one time.",
    call=Call("fsx", "describe_snapshots", "Snapshots"),
    id="SnapshotId",
    name="Name",
    ctime="CreationTime",
    arn="ResourceARN",
    fields={"snapshot_status": "Lifecycle", "volume_id": "VolumeId", "encrypted": ENCRYPTED, "administrative_actions": ACTIONS},
    edges=(Link(VOLUME.kind, "VolumeId", delete=True),),
    read={"SnapshotIds": ["{id}"]},
    gone=("SnapshotNotFound",),
    ended="snapshot_status == 'DELETING'",
    volatile=("administrative_actions",),
    delete=Action("delete_snapshot", {"SnapshotId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

_OF_FILE_SYSTEM = (
    "FileSystem.{FileSystemId: FileSystemId, FileSystemType: FileSystemType, StorageCapacity: StorageCapacity, StorageType: StorageType, "
    "ResourceARN: ResourceARN}"
)
_OF_VOLUME = "Volume.{VolumeId: VolumeId, Name: Name, VolumeType: VolumeType, FileSystemId: FileSystemId, ResourceARN: ResourceARN}"

BACKUP = Resource(
    kind="aws_fsx_backup",
    bases=("snapshot",),
    description="A copy of a file system or volume, made by people or every day; it outlives what it was made of.",
    call=Call("fsx", "describe_backups", "Backups"),
    id="BackupId",
    ctime="CreationTime",
    arn="ResourceARN",
    fields={
        "snapshot_status": "Lifecycle",
        "volume_id": "Volume.VolumeId || FileSystem.FileSystemId",
        "volume_size": "FileSystem.StorageCapacity",
        "encrypted": ENCRYPTED,
        "owner_id": "OwnerId",
        # Not all that those had when it was made.
        "file_system": _OF_FILE_SYSTEM,
        "volume": _OF_VOLUME,
    },
    edges=(
        Link(FILE_SYSTEM.kind, "FileSystem.FileSystemId"),
        Link(VOLUME.kind, "Volume.VolumeId"),
        Link("aws_fsx_backup", "SourceBackupId"),
        encrypted_by("KmsKeyId"),
    ),
    read={"BackupIds": ["{id}"]},
    gone=("BackupNotFound",),
    ended="snapshot_status == 'DELETED'",
    fixed={"type == 'AWS_BACKUP'": "AWS Backup keeps it, as a recovery point"},
    delete=Action("delete_backup", {"BackupId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

FILE_CACHE = Resource(
    kind="aws_fsx_file_cache",
    bases=("network_share",),
    description="A fast copy of files that lie elsewhere.",
    call=Call("fsx", "describe_file_caches", "FileCaches"),
    id="FileCacheId",
    ctime="CreationTime",
    arn="ResourceARN",
    fields={
        "share_status": Values("Lifecycle", STATUS, default="unknown"),
        "share_size": "StorageCapacity",
        "share_type": "FileCacheType",
        "share_encrypted": ENCRYPTED,
        "storage_capacity": "StorageCapacity",
        "file_cache_type": "FileCacheType",
    },
    details=(
        Detail(
            Call("fsx", "list_tags_for_resource", "Tags", {"ResourceARN": "{arn}"}),
            into="Tags",
            absent=("ResourceNotFound", "FileCacheNotFound"),
        ),
    ),
    edges=(*NETWORK, _logged_to("LustreConfiguration.LogConfiguration.Destination")),
    read={"FileCacheIds": ["{id}"]},
    gone=("FileCacheNotFound",),
    ended="lifecycle == 'DELETING'",
    awaited="",
    broken="(lifecycle == 'FAILED' || lifecycle == 'MISCONFIGURED') && (failure_details.message || `true`)",
    delete=Action("delete_file_cache", {"FileCacheId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

ASSOCIATION = Resource(
    kind="aws_fsx_data_repository_association",
    description="A folder of a file system or a cache whose files lie in a bucket or on another server; it goes, and the files stay.",
    call=Call("fsx", "describe_data_repository_associations", "Associations"),
    id="AssociationId",
    ctime="CreationTime",
    arn="ResourceARN",
    edges=(
        Link(FILE_SYSTEM.kind, "FileSystemId"),
        Link(FILE_CACHE.kind, "FileCacheId"),
        stored_in("DataRepositoryPath", "DataRepositorySubdirectories[]"),
    ),
    read={"AssociationIds": ["{id}"]},
    gone=("DataRepositoryAssociationNotFound",),
    ended="lifecycle == 'DELETING'",
    fixed={"file_cache_id": "it goes with its cache"},
    delete=Action("delete_data_repository_association", {"AssociationId": "{id}", "DeleteDataInFileSystem": False}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (FILE_SYSTEM, VIRTUAL_MACHINE, VOLUME, SNAPSHOT, BACKUP, FILE_CACHE, ASSOCIATION)
