"""CodePipeline: pipelines from source to deployment. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

NAME = {"name": "{name}"}
GONE = ("PipelineNotFoundException",)
WHOLE = "merge(pipeline, metadata)"
STORES = "[artifactStore, artifactStores.*][]"


def _uses(provider: str, kind: str, setting: str, by: str = "name") -> Link:
    """What the actions of a provider name in one of their settings: see the action structure reference of CodePipeline."""
    return Link(kind, f"stages[].actions[] | [?actionTypeId.provider == '{provider}'].configuration.{setting}", by=by, child=True)


PIPELINE = Resource(
    kind="aws_codepipeline_pipeline",
    description="Stages that a change goes through, from its source to where it is deployed.",
    call=Call("codepipeline", "list_pipelines", "pipelines"),
    id="name",
    console="codesuite/codepipeline/pipelines/{name}/view?region={region}",
    name="name",
    ctime="created",
    arn="pipelineArn",
    tags="tags",
    prefix="pipeline",
    fields={"mtime": "updated"},
    details=(
        Detail(Call("codepipeline", "get_pipeline", WHOLE, NAME), into="", absent=GONE),
        Detail(
            Call("codepipeline", "list_tags_for_resource", "tags", {"resourceArn": "{arn}"}),
            into="tags",
            absent=("ResourceNotFoundException",),
        ),
    ),
    edges=(
        Link("aws_iam_role", "[roleArn, stages[].actions[].roleArn]", by="arn", delete=True),
        Link("aws_s3_bucket", f"{STORES}.location", by="name", child=True),
        Link("aws_kms_key", f"{STORES}.encryptionKey.last(id, '/')", child=True, delete="reverse"),
        _uses("S3", "aws_s3_bucket", "[S3Bucket, BucketName]"),
        _uses("CodeCommit", "aws_codecommit_repository", "RepositoryName"),
        _uses("ECR", "aws_ecr_repository", "RepositoryName"),
        _uses("CodeBuild", "aws_codebuild_project", "ProjectName"),
        _uses("CodeDeploy", "aws_codedeploy_deployment_group", "join('/', [ApplicationName, DeploymentGroupName])", by="id"),
        _uses("CloudFormation", "aws_cloudformation_stack", "StackName"),
        _uses("ElasticBeanstalk", "aws_beanstalk_environment", "EnvironmentName"),
        _uses("ECS", "aws_ecs_service", "join('/', [ClusterName, ServiceName])", by="id"),
        _uses("Lambda", "aws_lambda_function", "FunctionName"),
        _uses("StepFunctions", "aws_stepfunctions_state_machine", "StateMachineArn", by="arn"),
        _uses("Manual", "aws_sns_topic", "NotificationArn", by="arn"),
    ),
    read=Call("codepipeline", "get_pipeline", WHOLE, NAME),
    gone=GONE,
    delete=Action("delete_pipeline", NAME),
    tag=Action("tag_resource", {"resourceArn": "{arn}", "tags": [{"key": "{key}", "value": "{value}"}]}),
    untag=Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]}),
)

RESOURCES = (PIPELINE,)
