"""Task definitions of ECS: every active revision, the newest first. The catalog of `aws/provider.py`; what runs by them is in `ecs.py`."""

from __future__ import annotations

from resh.providers.aws.ecs import TAG, UNTAG
from resh.providers.catalog import Action, Call, Detail, Link, Resource

_DESCRIBED = {"taskDefinition": "{arn}", "include": ["TAGS"]}

TASK_DEFINITION = Resource(
    kind="aws_ecs_task_definition",
    description="What a task is made of: images, processors, memory, roles; one resource for each revision.",
    call=Call("ecs", "list_task_definitions", "taskDefinitionArns[].{taskDefinitionArn: @}", {"sort": "DESC"}),
    id="last(taskDefinitionArn, '/')",
    ctime="registeredAt",
    newest="to_number(last(taskDefinitionArn, ':'))",
    arn="taskDefinitionArn",
    tags="tags",
    fields={"ephemeral_storage": "ephemeralStorage.sizeInGiB"},
    details=(Detail(Call("ecs", "describe_task_definition", "merge(taskDefinition, {tags: tags})", _DESCRIBED), into=""),),
    edges=(
        Link("aws_iam_role", "[taskRoleArn, executionRoleArn]", by="arn", delete=True),
        Link("aws_efs_file_system", "volumes[].efsVolumeConfiguration.fileSystemId"),
        Link("aws_cloudwatch_log_group", 'containerDefinitions[].logConfiguration.options."awslogs-group"', by="name", child=True),
    ),
    read=Call("ecs", "describe_task_definition", "merge(taskDefinition, {tags: tags})", _DESCRIBED),
    ended="status == 'INACTIVE' || status == 'DELETE_IN_PROGRESS'",
    delete=Action("deregister_task_definition", {"taskDefinition": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (TASK_DEFINITION,)
