"""CloudFormation: stacks, sets of stacks over accounts and regions, and where those have theirs. The catalog of `aws/provider.py`.

A stack tells what it is made of by type and physical id, which is the id, the name or the ARN of the resource:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Json, Link, Resource
from resh.providers.ending import Takes

MADE_BY_ID = {
    "AWS::AutoScaling::AutoScalingGroup": "aws_autoscaling_group",
    "AWS::CloudWatch::Alarm": "aws_cloudwatch_alarm",
    "AWS::EC2::Instance": "aws_ec2_instance",
    "AWS::EC2::NatGateway": "aws_ec2_nat_gateway",
    "AWS::EC2::SecurityGroup": "aws_ec2_security_group",
    "AWS::EC2::Subnet": "aws_ec2_subnet",
    "AWS::EC2::Volume": "aws_ec2_volume",
    "AWS::EC2::VPC": "aws_vpc",
    "AWS::ECR::Repository": "aws_ecr_repository",
    "AWS::ECS::Cluster": "aws_ecs_cluster",
    "AWS::EFS::FileSystem": "aws_efs_file_system",
    "AWS::EKS::Cluster": "aws_eks_cluster",
    "AWS::Kinesis::Stream": "aws_kinesis_stream",
    "AWS::KMS::Key": "aws_kms_key",
    "AWS::Lambda::Function": "aws_lambda_function",
    "AWS::Logs::LogGroup": "aws_cloudwatch_log_group",
    "AWS::RDS::DBInstance": "aws_rds_instance",
    "AWS::S3::Bucket": "aws_s3_bucket",
    "AWS::SNS::Topic": "aws_sns_topic",
}
MADE_BY_NAME = {
    "AWS::DynamoDB::Table": "aws_dynamodb_table",
    "AWS::IAM::Group": "aws_iam_group",
    "AWS::IAM::InstanceProfile": "aws_iam_instance_profile",
    "AWS::IAM::Role": "aws_iam_role",
    "AWS::IAM::User": "aws_iam_user",
}
MADE_BY_ARN = {
    "AWS::ECS::Service": "aws_ecs_service",
    "AWS::ECS::TaskDefinition": "aws_ecs_task_definition",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "aws_alb",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "aws_alb_target_group",
    "AWS::SecretsManager::Secret": "aws_secretsmanager_secret",
}


def _made(kinds: dict[str, str], by: str) -> tuple[Link, ...]:
    return tuple(Link(kind, f"Resources[?ResourceType=='{type}'].PhysicalResourceId", by=by, child=True) for type, kind in kinds.items())


STACK = Resource(
    kind="aws_cloudformation_stack",
    bases=("stack",),
    description="Resources that were made from one template, and are deleted together.",
    call=Call("cloudformation", "describe_stacks", "Stacks"),
    id="StackId",
    console="cloudformation/home?region={region}#/stacks/stackinfo?stackId={arn}",
    name="StackName",
    ctime="CreationTime",
    arn="StackId",
    prefix="stack",
    fields={
        "mtime": "LastUpdatedTime",
        "description": "Description",
        "stack_parameters": Json("pairs(Parameters, 'ParameterKey', 'ParameterValue')"),
    },
    details=(Detail(Call("cloudformation", "list_stack_resources", "StackResourceSummaries", {"StackName": "{id}"}), into="Resources"),),
    edges=(
        *_made(MADE_BY_ID, "id"),
        *_made(MADE_BY_NAME, "name"),
        *_made(MADE_BY_ARN, "arn"),
        Link("aws_sqs_queue", "Resources[?ResourceType=='AWS::SQS::Queue'].last(PhysicalResourceId, '/')", child=True),
        Link("aws_cloudformation_stack", "ParentId"),
        Link("aws_iam_role", "RoleARN", by="arn", delete=True),
        Link("aws_sns_topic", "NotificationARNs", by="arn", child=True),
    ),
    read={"StackName": "{id}"},
    ended="stack_status == 'DELETE_COMPLETE' || stack_status == 'DELETE_IN_PROGRESS'",
    fixed={
        "stack_enable_termination_protection": "its termination protection is on",
        "stack_parent_id": "it goes with the stack that it is a part of",
    },
    takes=tuple(
        Takes(kind, f"stack_resources[?resource_type=='{type}'].physical_resource_id", marked=True) for type, kind in MADE_BY_ID.items()
    ),
    takes_below=(*MADE_BY_NAME.values(), *MADE_BY_ARN.values(), "aws_sqs_queue"),
    awaited="stack_status == 'DELETE_COMPLETE'",
    broken="stack_status == 'DELETE_FAILED' && (stack_status_reason || `true`)",
    delete=Action("delete_stack", {"StackName": "{id}"}),
)

_SET = (
    "StackSetName", "StackSetId", "StackSetARN", "Description", "Status", "Parameters", "Capabilities", "Tags", "AdministrationRoleARN",
    "ExecutionRoleName", "StackSetDriftDetectionDetails", "AutoDeployment", "PermissionModel", "OrganizationalUnitIds", "ManagedExecution",
    "Regions",
)  # fmt: skip
# All but the template, which may be a megabyte of text.
_DESCRIBED = Call(
    "cloudformation",
    "describe_stack_set",
    f"StackSet.{{{', '.join(f'{key}: {key}' for key in _SET)}}}",
    {"StackSetName": "{name}"},
)

STACK_SET = Resource(
    kind="aws_cloudformation_stack_set",
    description="A template of which several accounts and regions have a stack; it cannot be deleted before those.",
    call=Call("cloudformation", "list_stack_sets", "Summaries", {"Status": "ACTIVE"}),
    id="StackSetId",
    name="StackSetName",
    arn="StackSetARN",
    prefix="stack_set",
    fields={
        "description": "Description",
        "stack_set_managed_execution": "ManagedExecution.Active",
        "stack_set_parameters": Json("pairs(Parameters, 'ParameterKey', 'ParameterValue')"),
    },
    details=(Detail(_DESCRIBED, into=""),),
    edges=(Link("aws_iam_role", "AdministrationRoleARN", by="arn", delete=True),),
    read=_DESCRIBED,
    gone=("StackSetNotFoundException",),
    ended="stack_set_status == 'DELETED'",
    delete=Action("delete_stack_set", {"StackSetName": "{name}"}),
)

STACK_INSTANCE = Resource(
    kind="aws_cloud_formation_stack_instance_summary",
    description="The stack that a stack set has in one account and region.",
    call=Call("cloudformation", "list_stack_instances", "Summaries", {"StackSetName": "{name}"}),
    each="aws_cloudformation_stack_set",
    inherits={"stack_instance_stack_set_name": "name"},
    id="join('/', [StackSetId, last(StackId || '', '/'), Account, Region])",
    tags="",
    prefix="stack_instance",
    fields={"stack_instance_stack_instance_status": "StackInstanceStatus.DetailedStatus"},
    edges=(Link("aws_cloudformation_stack_set", "StackSetId"), Link("aws_cloudformation_stack", "StackId", by="arn", child=True)),
    read={"StackSetName": "{stack_instance_stack_set_name}"},
    gone=("StackSetNotFoundException",),
    no_delete="its stack set decides where it has stacks",
)

RESOURCES = (STACK, STACK_SET, STACK_INSTANCE)
