"""CloudTrail. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

STATUS = (
    "IsLogging", "LatestDeliveryError", "LatestNotificationError", "LatestDeliveryTime", "LatestNotificationTime", "StartLoggingTime",
    "StopLoggingTime", "LatestCloudWatchLogsDeliveryError", "LatestCloudWatchLogsDeliveryTime", "LatestDigestDeliveryTime",
    "LatestDigestDeliveryError", "LatestDeliveryAttemptTime", "LatestNotificationAttemptTime", "LatestNotificationAttemptSucceeded",
    "LatestDeliveryAttemptSucceeded", "TimeLoggingStarted", "TimeLoggingStopped",
)  # fmt: skip
# A trail of several regions belongs to the one it was made in; the others only show its shadow.
NO_SHADOWS = {"includeShadowTrails": False}


def _members(*names: str) -> str:
    return "{" + ", ".join(f"{name}: {name}" for name in names) + "}"


TRAIL = Resource(
    kind="aws_cloud_trail",
    description="Writes down who called which API of AWS in the account.",
    call=Call("cloudtrail", "describe_trails", "trailList", NO_SHADOWS),
    id="Name",
    name="Name",
    ctime="Status.StartLoggingTime",
    arn="TrailARN",
    prefix="trail",
    fields={"mtime": "Status.LatestDeliveryTime"},
    details=(
        Detail(Call("cloudtrail", "get_trail_status", _members(*STATUS), {"Name": "{arn}"}), into="Status"),
        Detail(Call("cloudtrail", "list_tags", "ResourceTagList[].TagsList[]", {"ResourceIdList": ["{arn}"]}), into="Tags"),
        Detail(
            Call("cloudtrail", "get_event_selectors", _members("EventSelectors", "AdvancedEventSelectors"), {"TrailName": "{arn}"}),
            into="EventSelectors",
        ),
        Detail(
            Call("cloudtrail", "get_insight_selectors", "InsightSelectors[].InsightType", {"TrailName": "{arn}"}),
            into="InsightSelectors",
            absent=("InsightNotEnabledException",),
        ),
    ),
    edges=(
        encrypted_by("KmsKeyId"),
        Link("aws_s3_bucket", "S3BucketName", by="name", child=True),
        Link("aws_sns_topic", "SnsTopicARN", by="arn", child=True),
        Link("aws_cloudwatch_log_group", "CloudWatchLogsLogGroupArn", by="arn", child=True),
        Link("aws_iam_role", "CloudWatchLogsRoleArn", by="arn", delete=True),
    ),
    read={**NO_SHADOWS, "trailNameList": ["{arn}"]},
    gone=("TrailNotFoundException",),
    volatile=("mtime", "trail_status"),
    delete=Action("delete_trail", {"Name": "{name}"}),
    tag=Action("add_tags", {"ResourceId": "{arn}", "TagsList": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("remove_tags", {"ResourceId": "{arn}", "TagsList": [{"Key": "{key}"}]}),
)

RESOURCES = (TRAIL,)
