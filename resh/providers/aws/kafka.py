"""Managed Streaming for Apache Kafka (MSK): clusters and configurations. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Link, Resource

GONE = ("NotFoundException",)
LOGS = "[Provisioned.LoggingInfo.BrokerLogs, Provisioned.LoggingInfo.AuthorizerLogs][]"

CLUSTER = Resource(
    kind="aws_msk_cluster",
    description="Brokers of Kafka that AWS runs, of a set number or serverless.",
    call=Call("kafka", "list_clusters_v2", "ClusterInfoList"),
    id="ClusterName",
    name="ClusterName",
    ctime="CreationTime",
    arn="ClusterArn",
    prefix="cluster",
    edges=(
        Link("aws_ec2_subnet", "[Provisioned.BrokerNodeGroupInfo.ClientSubnets, Serverless.VpcConfigs[].SubnetIds]", delete=True),
        Link(
            "aws_ec2_security_group",
            "[Provisioned.BrokerNodeGroupInfo.SecurityGroups, Serverless.VpcConfigs[].SecurityGroupIds]",
            delete=True,
        ),
        Link("aws_msk_configuration", "Provisioned.CurrentBrokerSoftwareInfo.ConfigurationArn", by="arn", delete=True),
        Link("aws_cloudwatch_log_group", f"{LOGS}.CloudWatchLogs.LogGroup", by="name", child=True),
        Link("aws_s3_bucket", f"{LOGS}.S3.Bucket", by="name", child=True),
        encrypted_by("Provisioned.EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId"),
    ),
    read=Call("kafka", "describe_cluster_v2", "ClusterInfo", {"ClusterArn": "{arn}"}),
    gone=GONE,
    ended="cluster_state == 'DELETING'",
    volatile=("cluster_active_operation_arn",),
    awaited="",
    broken="cluster_state == 'FAILED' && (cluster_state_info.message || `true`)",
    delete=Action("delete_cluster", {"ClusterArn": "{arn}"}),
    tag=Action("tag_resource", {"ResourceArn": "{arn}", "Tags": {"{key}": "{value}"}}),
    untag=Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]}),
)

CONFIGURATION = Resource(
    kind="aws_msk_configuration",
    description="Settings of Kafka that clusters are run with.",
    call=Call("kafka", "list_configurations", "Configurations"),
    id="Name",
    name="Name",
    ctime="CreationTime",
    arn="Arn",
    tags="",
    prefix="configuration",
    read=Call("kafka", "describe_configuration", "@", {"Arn": "{arn}"}),
    gone=GONE,
    ended="configuration_state == 'DELETING'",
    delete=Action("delete_configuration", {"Arn": "{arn}"}),
)

RESOURCES = (CLUSTER, CONFIGURATION)
