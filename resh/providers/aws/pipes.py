"""EventBridge Pipes: from one source, through a filter, to one target. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.events import invokes
from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

NAME = {"Name": "{name}"}
GONE = ("NotFoundException",)
LOG_GROUP = "LogConfiguration.CloudwatchLogsLogDestination.LogGroupArn"

PIPE = Resource(
    kind="aws_eventbridge_pipe",
    description="Takes what comes from a queue, a stream or a broker to one target.",
    call=Call("pipes", "list_pipes", "Pipes"),
    id="Name",
    name="Name",
    ctime="CreationTime",
    arn="Arn",
    prefix="pipe",
    fields={"mtime": "LastModifiedTime"},
    details=(Detail(Call("pipes", "describe_pipe", "@", NAME), into="", absent=GONE),),
    edges=(
        # What it takes from is above it, what it feeds is below.
        Link("aws_sqs_queue", "Source", by="arn"),
        Link("aws_kinesis_stream", "Source", by="arn"),
        Link("aws_msk_cluster", "Source", by="arn"),
        Link("aws_dynamodb_table", "[Source][] | [?contains(@, ':table/')].split(@, '/stream/')[0]", by="arn"),
        Link("aws_ecs_task_definition", "TargetParameters.EcsTaskParameters.TaskDefinitionArn", by="arn", child=True),
        Link("aws_s3_bucket", "LogConfiguration.S3LogDestination.BucketName", by="name", child=True),
        Link("aws_iam_role", "RoleArn", by="arn", delete=True),
        *invokes(f"[Target, Enrichment, {LOG_GROUP}][]"),
        encrypted_by("KmsKeyIdentifier"),
    ),
    read=Call("pipes", "describe_pipe", "@", NAME),
    gone=GONE,
    ended="pipe_current_state == 'DELETING'",
    volatile=("pipe_current_state", "pipe_state_reason"),
    delete=Action("delete_pipe", NAME),
    tag=Action("tag_resource", {"resourceArn": "{arn}", "tags": {"{key}": "{value}"}}),
    untag=Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]}),
)

RESOURCES = (PIPE,)
