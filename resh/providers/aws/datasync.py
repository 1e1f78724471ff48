"""DataSync: tasks that copy files, and the places that they copy from and to. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.s3 import stored_in
from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceArn": "{arn}", "Keys": ["{key}"]})
GONE = ("ResourceNotFound",)
TAGS = Detail(Call("datasync", "list_tags_for_resource", "Tags", {"ResourceArn": "{arn}"}), into="Tags", absent=GONE)
# efs://eu-west-1.fs-0a11ce01/photos, fsxl://eu-west-1.fs-0a11ce01/
_FILE_SYSTEM = "split(split(LocationUri, '.')[1], '/')[0]"

LOCATION = Resource(
    kind="aws_datasync_location",
    description="A bucket, a file system or a server that files are copied from or to.",
    call=Call("datasync", "list_locations", "Locations"),
    id="last(LocationArn, '/')",
    name="LocationUri",
    arn="LocationArn",
    fields={"location_uri": "LocationUri"},
    details=(TAGS,),
    edges=(
        stored_in("LocationUri"),
        Link("aws_efs_file_system", f"starts_with(LocationUri, 'efs:') && {_FILE_SYSTEM}", child=True),
        Link("aws_fsx_file_system", f"starts_with(LocationUri, 'fsx') && {_FILE_SYSTEM}", child=True),
    ),
    read={},
    gone=GONE,
    delete=Action("delete_location", {"LocationArn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

_TASK = Call("datasync", "describe_task", "@", {"TaskArn": "{arn}"})

TASK = Resource(
    kind="aws_datasync_task",
    description="What is copied from one place to another, and when.",
    call=Call("datasync", "list_tasks", "Tasks"),
    id="last(TaskArn, '/')",
    name="Name",
    ctime="CreationTime",
    arn="TaskArn",
    details=(Detail(_TASK, into="", absent=GONE), TAGS),
    edges=(
        Link(LOCATION.kind, "[SourceLocationArn, DestinationLocationArn]", by="arn", delete=True),
        Link("aws_cloudwatch_log_group", "CloudWatchLogGroupArn | split(@, ':')[6]", by="name", child=True),
        Link("aws_s3_bucket", "TaskReportConfig.Destination.S3.S3BucketArn", by="arn", child=True),
    ),
    read=_TASK,
    gone=GONE,
    volatile=("status", "current_task_execution_arn"),
    delete=Action("delete_task", {"TaskArn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (LOCATION, TASK)
