"""The catalog of EC2's machines: instances, what they boot from, what they store on and how they are reached.

`provider.py` collects `RESOURCES` region by region; networks are in `ec2_network.py`. Names of kinds and properties are Resoto's.
Deletion order follows what the EC2 API refuses (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html).
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.aws.pricing import INSTANCE_PRICE, VOLUME_PRICE, priced
from resh.providers.aws.service_quotas import instances_limited
from resh.providers.catalog import Action, Borrow, Call, Detail, Link, Resource, Scaled, Values
from resh.providers.ending import Quarantine, Snapshot, Takes

TAG = Action("create_tags", {"Resources": ["{id}"], "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("delete_tags", {"Resources": ["{id}"], "Tags": [{"Key": "{key}"}]})
FINAL = [
    {
        "ResourceType": "snapshot",
        "Tags": [{"Key": "Name", "Value": "{snapshot}"}, {"Key": "resh:final-snapshot-of", "Value": "{id}"}],
    }
]
"""Tags of the last snapshots."""
SNAPSHOT_STATE = Call("ec2", "describe_snapshots", "Snapshots[].State", {"SnapshotIds": ["{each}"]})

INSTANCE = Resource(
    kind="aws_ec2_instance",
    bases=("instance",),
    description="A virtual machine.",
    call=Call("ec2", "describe_instances", "Reservations[].Instances[]"),
    id="InstanceId",
    console="ec2/home?region={region}#InstanceDetails:instanceId={id}",
    prefix="instance",
    ctime="LaunchTime",
    arn="arn:{partition}:ec2:{region}:{account}:instance/{id}",
    zone="Placement.AvailabilityZone",
    fields={
        "instance_type": "InstanceType",
        "instance_launch_time": "LaunchTime",
        "instance_status": Values(
            "State.Name",
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
        "instance_monitoring": "Monitoring.State",
        "instance_lifecycle": "InstanceLifecycle",
        "instance_licenses": "Licenses[].LicenseConfigurationArn",
        "instance_hibernation_options": "HibernationOptions.Configured",
        "instance_enclave_options": "EnclaveOptions.Enabled",
        "instance_maintenance_options": "MaintenanceOptions.AutoRecovery",
    },
    borrow=(Borrow("aws_ec2_instance_type", "InstanceType", {"instance_cores": "instance_cores", "instance_memory": "instance_memory"}),),
    edges=(
        Link("aws_ec2_instance_type", "InstanceType"),
        Link("aws_ec2_image", "ImageId"),
        Link("aws_ec2_launch_template", "Tags[?Key=='aws:ec2launchtemplate:id'].Value"),
        Link("aws_iam_instance_profile", "IamInstanceProfile.Arn", by="arn"),
        Link("aws_ec2_keypair", "KeyName", by="name", child=True, delete="reverse"),
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_ec2_subnet", "SubnetId", delete=True),
        Link("aws_ec2_security_group", "SecurityGroups[].GroupId", delete=True),
    ),
    read={"InstanceIds": ["{id}"]},
    gone=("InvalidInstanceID.NotFound",),
    # Nothing stops a shutdown that ends in termination.
    ended="instance_status == 'terminated' || instance_state.name == 'shutting-down'",
    takes=(
        Takes("aws_ec2_volume", "instance_block_device_mappings[?ebs.delete_on_termination].ebs.volume_id"),
        Takes("aws_ec2_network_interface", "instance_network_interfaces[?attachment.delete_on_termination].network_interface_id"),
    ),
    snapshot=Snapshot(
        Action(
            "create_snapshots", {"InstanceSpecification": {"InstanceId": "{id}"}, "Description": "{snapshot}", "TagSpecifications": FINAL}
        ),
        when="instance_block_device_mappings[?ebs.delete_on_termination]",
        ids="Snapshots[].SnapshotId",
        status=SNAPSHOT_STATE,
    ),
    awaited="instance_status == 'terminated'",
    quarantine=Quarantine(
        "instance_status == 'running'",
        Action("stop_instances", {"InstanceIds": ["{id}"]}),
        Action("start_instances", {"InstanceIds": ["{id}"]}),
    ),
    delete=Action("terminate_instances", {"InstanceIds": ["{id}"]}),
    tag=TAG,
    untag=UNTAG,
)

INSTANCE_TYPE = Resource(
    kind="aws_ec2_instance_type",
    bases=("instance_type",),
    description="A size of virtual machine that a region offers: processors, memory, storage and network.",
    call=Call("ec2", "describe_instance_types", "InstanceTypes"),
    at_once=3,
    id="InstanceType",
    name="InstanceType",
    tags="",
    fields={
        "instance_type": "InstanceType",
        "instance_cores": "VCpuInfo.DefaultVCpus",
        "instance_memory": Scaled("MemoryInfo.SizeInMiB", 1 / 1024),
        "memory_info": "MemoryInfo.SizeInMiB",
        "instance_type_processor_info": "ProcessorInfo",
        "instance_type_v_cpu_info": "VCpuInfo",
        "instance_type_instance_storage_info": "InstanceStorageInfo",
        "instance_type_ebs_info": "EbsInfo",
        "instance_type_network_info": "NetworkInfo",
        "instance_type_gpu_info": "GpuInfo",
        "instance_type_fpga_info": "FpgaInfo",
        "instance_type_placement_group_info": "PlacementGroupInfo",
        "instance_type_inference_accelerator_info": "InferenceAcceleratorInfo",
    },
    borrow=(priced(INSTANCE_PRICE, "InstanceType"),),
    edges=(instances_limited(),),
    phantom=True,
    read={"InstanceTypes": ["{id}"]},
    gone=("InvalidInstanceType",),
    no_delete="instance types belong to AWS",
)

VOLUME = Resource(
    kind="aws_ec2_volume",
    bases=("volume",),
    description="A block storage volume (EBS).",
    call=Call("ec2", "describe_volumes", "Volumes"),
    id="VolumeId",
    console="ec2/home?region={region}#VolumeDetails:volumeId={id}",
    prefix="volume",
    ctime="CreateTime",
    arn="arn:{partition}:ec2:{region}:{account}:volume/{id}",
    zone="AvailabilityZone",
    fields={
        "volume_size": "Size",
        "volume_status": Values(
            "State",
            {
                "creating": "busy",
                "available": "available",
                "in-use": "in-use",
                "deleting": "deleted",
                "deleted": "deleted",
                "error": "error",
            },
            default="unknown",
        ),
        "availability_zone": "AvailabilityZone",
    },
    edges=(
        Link("aws_ec2_volume_type", "VolumeType"),
        Link("aws_ec2_instance", "Attachments[].InstanceId", delete="reverse"),
        encrypted_by("KmsKeyId"),
    ),
    read={"VolumeIds": ["{id}"]},
    released=dict.fromkeys(("volume_status", "volume_state", "volume_attachments"), "volume_status == 'available'"),
    gone=("InvalidVolume.NotFound",),
    ended="volume_state == 'deleted'",
    snapshot=Snapshot(
        Action("create_snapshot", {"VolumeId": "{id}", "Description": "{snapshot}", "TagSpecifications": FINAL}),
        ids="SnapshotId",
        status=SNAPSHOT_STATE,
    ),
    delete=Action("delete_volume", {"VolumeId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

VOLUME_TYPE = Resource(
    kind="aws_ec2_volume_type",
    bases=("volume_type",),
    description="A kind of disk that EC2 sells, for each that a volume of the region has.",
    call=VOLUME.call,  # EC2 has no list of them
    each="aws_ec2_volume",
    within="{volume_type: volume_type}",
    id="volume_type",
    name="volume_type",
    tags="",
    fields={"volume_type": "volume_type"},
    borrow=(priced(VOLUME_PRICE, "volume_type"),),
    phantom=True,
    no_delete="a type belongs to AWS",
)

SNAPSHOT = Resource(
    kind="aws_ec2_snapshot",
    bases=("snapshot",),
    description="A copy of a volume at one moment, owned by the account.",
    call=Call("ec2", "describe_snapshots", "Snapshots", {"OwnerIds": ["self"]}),
    id="SnapshotId",
    console="ec2/home?region={region}#SnapshotDetails:snapshotId={id}",
    prefix="snapshot",
    ctime="StartTime",
    arn="arn:{partition}:ec2:{region}::snapshot/{id}",
    fields={
        "snapshot_status": "State",
        "volume_id": "VolumeId",
        "volume_size": "VolumeSize",
        "description": "Description",
        "encrypted": "Encrypted",
        "owner_id": "OwnerId",
        "owner_alias": "OwnerAlias",
    },
    edges=(Link("aws_ec2_volume", "VolumeId"), encrypted_by("KmsKeyId")),
    read={"SnapshotIds": ["{id}"]},
    gone=("InvalidSnapshot.NotFound",),
    delete=Action("delete_snapshot", {"SnapshotId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

IMAGE = Resource(
    kind="aws_ec2_image",
    bases=("image",),
    description="A machine image (AMI) that instances boot from, owned by the account; its snapshots cannot be deleted before it.",
    call=Call("ec2", "describe_images", "Images", {"Owners": ["self"], "IncludeDisabled": True}),
    id="ImageId",
    console="ec2/home?region={region}#ImageDetails:imageId={id}",
    name="Name",
    ctime="CreationDate",
    arn="arn:{partition}:ec2:{region}::image/{id}",
    edges=(Link("aws_ec2_snapshot", "BlockDeviceMappings[].Ebs.SnapshotId", child=True, delete="reverse"),),
    read={"ImageIds": ["{id}"], "IncludeDisabled": True},
    gone=("InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"),
    ended="state == 'deregistered'",
    delete=Action("deregister_image", {"ImageId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

KEYPAIR = Resource(
    kind="aws_ec2_keypair",
    bases=("keypair",),
    description="The public half of a key that logs in to instances.",
    call=Call("ec2", "describe_key_pairs", "KeyPairs", {"IncludePublicKey": True}),
    id="KeyPairId",
    console="ec2/home?region={region}#KeyPairs:keyPairId={id}",
    name="KeyName",
    ctime="CreateTime",
    arn="arn:{partition}:ec2:{region}:{account}:key-pair/{name}",
    fields={"fingerprint": "KeyFingerprint", "key_fingerprint": "KeyFingerprint"},
    read={"KeyPairIds": ["{id}"], "IncludePublicKey": True},
    gone=("InvalidKeyPair.NotFound",),
    delete=Action("delete_key_pair", {"KeyName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

ELASTIC_IP = Resource(
    kind="aws_ec2_elastic_ip",
    bases=("ip_address",),
    description="A public address that stays the account's until it is released; the API knows it by its allocation id.",
    call=Call("ec2", "describe_addresses", "Addresses"),
    id="PublicIp || CustomerOwnedIp || CarrierIp || AllocationId",
    console="ec2/home?region={region}#Addresses:PublicIp={id}",
    prefix="ip",
    arn="arn:{partition}:ec2:{region}:{account}:elastic-ip/{ip_allocation_id}",
    fields={
        "ip_address": "PublicIp || CustomerOwnedIp || CarrierIp || PrivateIpAddress",
        "ip_address_family": "'ipv4'",
        "public_ip": "PublicIp",
        "private_ip_address": "PrivateIpAddress",
    },
    edges=(
        Link("aws_ec2_instance", "InstanceId", delete="reverse"),
        Link("aws_ec2_network_interface", "NetworkInterfaceId"),
    ),
    read={"AllocationIds": ["{ip_allocation_id}"]},
    released=dict.fromkeys(
        ("ip_association_id", "ip_instance_id", "ip_network_interface_id", "ip_network_interface_owner_id", "private_ip_address"),
        "!ip_association_id",
    ),
    gone=("InvalidAllocationID.NotFound", "InvalidAddress.NotFound"),
    before_delete=(
        Action(
            "disassociate_address", {"AssociationId": "{each}"}, each="[ip_association_id][?@]", absent=("InvalidAssociationID.NotFound",)
        ),
    ),
    quarantine=Quarantine(
        "ip_association_id",
        Action("disassociate_address", {"AssociationId": "{ip_association_id}"}, absent=("InvalidAssociationID.NotFound",)),
        Action(
            "associate_address",
            {
                "AllocationId": "{ip_allocation_id}",
                "NetworkInterfaceId": "{ip_network_interface_id}",
                "PrivateIpAddress": "{private_ip_address?}",
                "AllowReassociation": False,
            },
        ),
    ),
    delete=Action("release_address", {"AllocationId": "{ip_allocation_id}"}),
    tag=Action("create_tags", {**TAG.params, "Resources": ["{ip_allocation_id}"]}),
    untag=Action("delete_tags", {**UNTAG.params, "Resources": ["{ip_allocation_id}"]}),
)

LAUNCH_TEMPLATE = Resource(
    kind="aws_ec2_launch_template",
    description="Settings to launch instances with: `launch_template_data` of the default version, `latest_version_data` of the latest.",
    call=Call("ec2", "describe_launch_templates", "LaunchTemplates"),
    id="LaunchTemplateId",
    console="ec2/home?region={region}#LaunchTemplateDetails:launchTemplateId={id}",
    name="LaunchTemplateName",
    ctime="CreateTime",
    arn="arn:{partition}:ec2:{region}:{account}:launch-template/{id}",
    details=(
        Detail(
            Call(
                "ec2",
                "describe_launch_template_versions",
                "{LaunchTemplateData: (LaunchTemplateVersions[?DefaultVersion])[0].LaunchTemplateData, "
                "LatestVersionData: (LaunchTemplateVersions[?!DefaultVersion])[0].LaunchTemplateData}",
                {"LaunchTemplateId": "{id}", "Versions": ["$Default", "$Latest"]},
            ),
            into="",
        ),
    ),
    fields={"version_number": "DefaultVersionNumber"},
    read={"LaunchTemplateIds": ["{id}"]},
    gone=("InvalidLaunchTemplateId.NotFound",),
    delete=Action("delete_launch_template", {"LaunchTemplateId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (INSTANCE, INSTANCE_TYPE, VOLUME, VOLUME_TYPE, SNAPSHOT, IMAGE, KEYPAIR, ELASTIC_IP, LAUNCH_TEMPLATE)
