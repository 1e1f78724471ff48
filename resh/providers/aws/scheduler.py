"""EventBridge Scheduler: groups, and the schedules in them. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.events import invokes
from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

GONE = ("ResourceNotFoundException",)
SCHEDULE_NAME = {"Name": "{name}", "GroupName": "{schedule_group_name}"}

GROUP = Resource(
    kind="aws_eventbridge_schedule_group",
    description="Schedules with tags in common; its deletion would delete them.",
    call=Call("scheduler", "list_schedule_groups", "ScheduleGroups"),
    id="Name",
    name="Name",
    ctime="CreationDate",
    arn="Arn",
    prefix="group",
    fields={"mtime": "LastModificationDate"},
    details=(Detail(Call("scheduler", "list_tags_for_resource", "Tags", {"ResourceArn": "{arn}"}), into="Tags", absent=GONE),),
    read={"NamePrefix": "{name}"},
    gone=GONE,
    ended="group_state == 'DELETING'",
    fixed={"name == 'default'": "every region has this group"},
    delete=Action("delete_schedule_group", {"Name": "{name}"}),
    tag=Action("tag_resource", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]}),
)

SCHEDULE = Resource(
    kind="aws_eventbridge_schedule",
    description="Starts its target once, or again and again.",
    call=Call("scheduler", "list_schedules", "Schedules"),
    id="join('/', [GroupName, Name])",  # names are unique in a group only
    name="Name",
    ctime="CreationDate",
    arn="Arn",
    prefix="schedule",
    tags="",
    fields={"mtime": "LastModificationDate", "schedule_group_name": "GroupName"},
    # When it starts is told of a single one only.
    details=(Detail(Call("scheduler", "get_schedule", "@", SCHEDULE_NAME), into="", absent=GONE),),
    edges=(
        Link("aws_eventbridge_schedule_group", "GroupName", delete=True),
        Link("aws_iam_role", "Target.RoleArn", by="arn", delete=True),
        Link("aws_ecs_task_definition", "Target.EcsParameters.TaskDefinitionArn", by="arn", child=True),
        *invokes("[Target.Arn, Target.DeadLetterConfig.Arn][]"),
        encrypted_by("KmsKeyArn"),
    ),
    read=Call("scheduler", "get_schedule", "@", SCHEDULE_NAME),
    gone=GONE,
    delete=Action("delete_schedule", SCHEDULE_NAME),
)

RESOURCES = (GROUP, SCHEDULE)
