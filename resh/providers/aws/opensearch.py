"""OpenSearch domains, those of Elasticsearch among them. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Json, Link, Resource

# Five names a call: https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomains.html
DESCRIBE = Call("opensearch", "describe_domains", "DomainStatusList", {"DomainNames": "{batch}"})

DOMAIN = Resource(
    kind="aws_opensearch_domain",
    description="A cluster of OpenSearch or Elasticsearch.",
    call=Call("opensearch", "list_domain_names", "DomainNames[].DomainName", describe=DESCRIBE, batch=5),
    id="DomainId",
    name="DomainName",
    arn="ARN",
    fields={
        "access_policies": Json("AccessPolicies"),
        "snapshot_options": "SnapshotOptions.AutomatedSnapshotStartHour",
        "node_to_node_encryption_options": "NodeToNodeEncryptionOptions.Enabled",
        "software_update_options": "SoftwareUpdateOptions.AutoSoftwareUpdateEnabled",
    },
    details=(Detail(Call("opensearch", "list_tags", "TagList", {"ARN": "{arn}"}), into="Tags"),),
    edges=(
        Link("aws_ec2_instance_type", "ClusterConfig.InstanceType"),
        Link("aws_vpc", "VPCOptions.VPCId", delete=True),
        Link("aws_ec2_subnet", "VPCOptions.SubnetIds", delete=True),
        Link("aws_ec2_security_group", "VPCOptions.SecurityGroupIds", delete=True),
        Link("aws_cognito_user_pool", "CognitoOptions.UserPoolId", child=True),
        Link("aws_cloudwatch_log_group", "LogPublishingOptions.*.CloudWatchLogsLogGroupArn | [].last(@, ':')", by="name", child=True),
        encrypted_by("EncryptionAtRestOptions.KmsKeyId"),
    ),
    read=Call("opensearch", "describe_domains", "DomainStatusList", {"DomainNames": ["{name}"]}),
    gone=("ResourceNotFoundException",),
    ended="deleted",
    volatile=("change_progress_details",),
    awaited="",
    delete=Action("delete_domain", {"DomainName": "{name}"}),
    tag=Action("add_tags", {"ARN": "{arn}", "TagList": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("remove_tags", {"ARN": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (DOMAIN,)
