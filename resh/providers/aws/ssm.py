"""Systems Manager: the machines that it manages, documents, and what complies. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Day, Detail, Json, Link, Resource

NAME = {"Name": "{name}"}

INSTANCE = Resource(
    kind="aws_ssm_instance",
    description="A machine that Systems Manager knows, an instance of EC2 or one elsewhere.",
    call=Call("ssm", "describe_instance_information", "InstanceInformationList"),
    id="InstanceId",
    name="Name",
    arn="arn:{partition}:ssm:{region}:{account}:instance/{id}",
    tags="",
    fields={
        "instance_id": "InstanceId",
        "ip_address": "IPAddress",
        # The agent calls every few minutes, associations run every half hour.
        "last_ping": Day("LastPingDateTime"),
        "last_association_execution_date": Day("LastAssociationExecutionDate"),
        "last_successful_association_execution_date": Day("LastSuccessfulAssociationExecutionDate"),
    },
    edges=(Link("aws_ec2_instance", "starts_with(InstanceId, 'i-') && InstanceId", child=True),),
    read={"Filters": [{"Key": "InstanceIds", "Values": ["{id}"]}]},
    gone=("InvalidInstanceId",),
    volatile=("ping_status", "last_ping", "last_association_execution_date", "last_successful_association_execution_date"),
    fixed={"starts_with(id, 'i-')": "it goes with its instance of EC2"},
    delete=Action("deregister_managed_instance", {"InstanceId": "{id}"}),
)

DOCUMENT = Resource(
    kind="aws_ssm_document",
    description="What Systems Manager does on machines, written down; those of the account, not of AWS.",
    call=Call("ssm", "list_documents", "DocumentIdentifiers", {"Filters": [{"Key": "Owner", "Values": ["Self"]}]}),
    id="Name",
    name="Name",
    ctime="CreatedDate",
    arn="arn:{partition}:ssm:{region}:{account}:document/{name}",
    fields={
        "content": Json("Content"),
        "attachments_information": "AttachmentsInformation[].Name",
        "document_shared_with_accounts": "DocumentSharingInfo[].AccountId",
    },
    details=(
        Detail(Call("ssm", "describe_document", "Document", NAME), into=""),
        Detail(Call("ssm", "get_document", "Content", NAME), into="Content"),
        Detail(
            Call("ssm", "describe_document_permission", "AccountSharingInfoList", {**NAME, "PermissionType": "Share"}),
            into="DocumentSharingInfo",
        ),
    ),
    read=Call("ssm", "describe_document", "Document", NAME),
    gone=("InvalidDocument",),
    ended="status == 'Deleting'",
    delete=Action("delete_document", NAME),
    tag=Action(
        "add_tags_to_resource", {"ResourceType": "Document", "ResourceId": "{name}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}
    ),
    untag=Action("remove_tags_from_resource", {"ResourceType": "Document", "ResourceId": "{name}", "TagKeys": ["{key}"]}),
)

RESOURCE_COMPLIANCE = Resource(
    kind="aws_ssm_resource_compliance",
    description="Whether a resource is as its patches and associations want it.",
    call=Call("ssm", "list_resource_compliance_summaries", "ResourceComplianceSummaryItems"),
    id="join('_', [ComplianceType, ResourceType, ResourceId])",
    name="join('_', [ComplianceType, ResourceType, ResourceId])",
    arn="arn:{partition}:ssm:{region}:{account}:resource-compliance/{id}",
    tags="",
    fields={
        "resource_id": "ResourceId",
        # What executed it, and when, is another at every look.
        "execution_summary": "ExecutionSummary.{ExecutionType: ExecutionType}",
        "execution_time": Day("ExecutionSummary.ExecutionTime"),
    },
    edges=(
        Link("aws_ec2_instance", "starts_with(ResourceId, 'i-') && ResourceId", child=True),
        Link("aws_ssm_instance", "ResourceType == 'ManagedInstance' && ResourceId", child=True),
        Link("aws_dynamodb_table", "ResourceType == 'AWS::DynamoDB::Table' && ResourceId", by="name", child=True),
        Link("aws_ssm_document", "ResourceType == 'Document' && ResourceId", child=True),
        Link("aws_s3_bucket", "ResourceType == 'AWS::S3::Bucket' && ResourceId", child=True),
    ),
    volatile=("execution_time",),
    phantom=True,
    no_delete="it is what Systems Manager says of a resource, none itself",
)

RESOURCES = (INSTANCE, DOCUMENT, RESOURCE_COMPLIANCE)
