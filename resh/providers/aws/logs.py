"""CloudWatch's logs: log groups, and the filters that count what is written to them. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

# The ARN that the listing tells ends with `:*`, and tags do not take that one:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
TAGGED = {"resourceArn": "arn:{partition}:logs:{region}:{account}:log-group:{name}"}
GONE = ("ResourceNotFoundException",)

LOG_GROUP = Resource(
    kind="aws_cloudwatch_log_group",
    description="Log streams that are kept for the same time and read by the same people.",
    call=Call("logs", "describe_log_groups", "logGroups"),
    id="logGroupName",
    console="cloudwatch/home?region={region}#logsV2:log-groups/log-group/{name:twice}",
    name="logGroupName",
    ctime="creationTime",
    arn="arn",
    prefix="group",
    details=(Detail(Call("logs", "list_tags_for_resource", "tags", TAGGED), into="Tags"),),
    edges=(encrypted_by("kmsKeyId"),),
    read={"logGroupNamePrefix": "{name}"},
    gone=GONE,
    volatile=("group_stored_bytes", "group_metric_filter_count"),
    fixed={"group_deletion_protection_enabled": "its deletion protection is on"},
    delete=Action("delete_log_group", {"logGroupName": "{name}"}),
    tag=Action("tag_resource", {**TAGGED, "tags": {"{key}": "{value}"}}),
    untag=Action("untag_resource", {**TAGGED, "tagKeys": ["{key}"]}),
)

METRIC_FILTER = Resource(
    kind="aws_cloudwatch_metric_filter",
    description="Makes a metric of what is written to a log group.",
    call=Call("logs", "describe_metric_filters", "metricFilters"),
    id="join(':', [logGroupName, filterName])",  # names are unique in a log group only
    name="filterName",
    ctime="creationTime",
    tags="",
    fields={"filter_transformations": "metricTransformations"},
    edges=(Link("aws_cloudwatch_log_group", "logGroupName"),),
    read={"logGroupName": "{log_group_name}", "filterNamePrefix": "{name}"},
    gone=GONE,
    delete=Action("delete_metric_filter", {"logGroupName": "{log_group_name}", "filterName": "{name}"}),
)

RESOURCES = (LOG_GROUP, METRIC_FILTER)
