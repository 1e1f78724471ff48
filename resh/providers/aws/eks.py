"""Kubernetes clusters of AWS and their node groups. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"resourceArn": "{arn}", "tags": {"{key}": "{value}"}})
UNTAG = Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]})
GONE = ("ResourceNotFoundException",)

NODEGROUP_NAME = {"clusterName": "{cluster_name}", "nodegroupName": "{name}"}

CLUSTER = Resource(
    kind="aws_eks_cluster",
    bases=("managed_kubernetes_cluster_provider",),
    description="A Kubernetes cluster whose control plane AWS runs.",
    call=Call("eks", "list_clusters", "clusters[].{name: @}"),
    id="name",
    console="eks/home?region={region}#/clusters/{name}",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    prefix="cluster",
    fields={
        "version": "version",
        "endpoint": "endpoint",
        "cluster_identity": "identity.{oidc: oidc.issuer}",
        "cluster_certificate_authority": "certificateAuthority.data",
        "cluster_encryption_config": "encryptionConfig[].{resources: resources, provider: provider.keyArn}",
    },
    details=(Detail(Call("eks", "describe_cluster", "cluster", {"name": "{name}"}), into=""),),
    edges=(
        Link("aws_iam_role", "roleArn", by="arn", delete=True),
        Link("aws_vpc", "resourcesVpcConfig.vpcId", delete=True),
        Link("aws_ec2_subnet", "resourcesVpcConfig.subnetIds", delete=True),
        Link("aws_ec2_security_group", "resourcesVpcConfig.securityGroupIds", delete=True),
        # AWS makes this one with the cluster, and deletes it likewise.
        Link("aws_ec2_security_group", "resourcesVpcConfig.clusterSecurityGroupId"),
        Link("aws_kms_key", "encryptionConfig[].provider.last(keyArn, '/')", child=True, delete="reverse"),
    ),
    read=Call("eks", "describe_cluster", "cluster", {"name": "{name}"}),
    gone=GONE,
    ended="cluster_status == 'DELETING'",
    fixed={"cluster_deletion_protection": "its deletion protection is on"},
    volatile=("cluster_health",),
    awaited="",
    broken="cluster_status == 'FAILED' && (cluster_health.issues[0].message || `true`)",
    delete=Action("delete_cluster", {"name": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

NODEGROUP = Resource(
    kind="aws_eks_nodegroup",
    description="Machines of one sort that a Kubernetes cluster runs on; they go with it.",
    call=Call("eks", "list_nodegroups", "nodegroups[].{nodegroupName: @}", {"clusterName": "{name}"}),
    each="aws_eks_cluster",
    inherits={"cluster_name": "name"},
    id="join('/', [_parent.name, nodegroupName])",  # names are unique in a cluster only
    name="nodegroupName",
    ctime="createdAt",
    arn="nodegroupArn",
    tags="tags",
    prefix="group",
    fields={
        "cluster_name": "clusterName",
        "version": "version",
        "group_resources": "resources.{auto_scaling_groups: autoScalingGroups[].name, "
        "remote_access_security_group: remoteAccessSecurityGroup}",
    },
    details=(Detail(Call("eks", "describe_nodegroup", "nodegroup", NODEGROUP_NAME), into=""),),
    edges=(
        Link("aws_eks_cluster", "clusterName", delete=True),
        Link("aws_autoscaling_group", "resources.autoScalingGroups[].name", child=True, delete="reverse"),
        Link("aws_iam_role", "nodeRole", by="arn", delete=True),
        Link("aws_ec2_subnet", "subnets", delete=True),
        Link("aws_ec2_security_group", "remoteAccess.sourceSecurityGroups", delete=True),
        Link("aws_ec2_launch_template", "launchTemplate.id"),
        Link("aws_ec2_keypair", "remoteAccess.ec2SshKey", by="name", child=True),
    ),
    read=Call("eks", "describe_nodegroup", "nodegroup", NODEGROUP_NAME),
    gone=GONE,
    ended="group_status == 'DELETING'",
    volatile=("group_health",),
    awaited="",
    broken="group_status == 'DELETE_FAILED' && (group_health.issues[0].message || `true`)",
    delete=Action("delete_nodegroup", NODEGROUP_NAME),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (CLUSTER, NODEGROUP)
