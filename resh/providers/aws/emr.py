"""EMR: clusters of machines that work through large amounts of data. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.aws.s3 import stored_in
from resh.providers.catalog import Action, Call, Detail, Link, Resource

# Ended ones are listed for two months: https://docs.aws.amazon.com/emr/latest/APIReference/API_ListClusters.html
LIVING = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING"]
_GROUPS = "[EmrManagedMasterSecurityGroup, EmrManagedSlaveSecurityGroup, ServiceAccessSecurityGroup]"
_CLUSTER = Call("emr", "describe_cluster", "Cluster", {"ClusterId": "{id}"})

CLUSTER = Resource(
    kind="aws_emr_cluster",
    description="A cluster for Spark, Hive and the like; one that has ended is not listed.",
    call=Call("emr", "list_clusters", "Clusters", {"ClusterStates": LIVING}),
    id="Id",
    name="Name",
    ctime="Status.Timeline.CreationDateTime",
    arn="ClusterArn",
    zone="Ec2InstanceAttributes.Ec2AvailabilityZone",
    secret=("KdcAdminPassword", "CrossRealmTrustPrincipalPassword", "ADDomainJoinPassword"),
    details=(Detail(_CLUSTER, into="", absent=("ResourceNotFound",)),),
    edges=(
        Link("aws_iam_role", "[ServiceRole, AutoScalingRole]", by="name", delete=True),
        Link("aws_iam_role", "[ServiceRole, AutoScalingRole]", by="arn", delete=True),
        Link("aws_iam_instance_profile", "Ec2InstanceAttributes.IamInstanceProfile", by="name"),
        Link("aws_ec2_subnet", "Ec2InstanceAttributes.Ec2SubnetId", delete=True),
        Link("aws_ec2_security_group", f"Ec2InstanceAttributes.{_GROUPS}", delete=True),
        Link("aws_ec2_security_group", "Ec2InstanceAttributes.AdditionalMasterSecurityGroups", delete=True),
        Link("aws_ec2_security_group", "Ec2InstanceAttributes.AdditionalSlaveSecurityGroups", delete=True),
        Link("aws_ec2_keypair", "Ec2InstanceAttributes.Ec2KeyName", by="name", child=True),
        Link("aws_ec2_image", "CustomAmiId"),
        stored_in("LogUri"),
        encrypted_by("LogEncryptionKmsKeyId"),
    ),
    read=_CLUSTER,
    gone=("ResourceNotFound",),
    ended="""contains(`["TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"]`, status.state)""",
    fixed={"termination_protected": "its termination protection is on"},
    volatile=("status", "normalized_instance_hours"),
    awaited='contains(`["TERMINATED", "TERMINATED_WITH_ERRORS"]`, status.state)',
    delete=Action("terminate_job_flows", {"JobFlowIds": ["{id}"]}),
    tag=Action("add_tags", {"ResourceId": "{id}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("remove_tags", {"ResourceId": "{id}", "TagKeys": ["{key}"]}),
)

RESOURCES = (CLUSTER,)
