"""Security Hub: where it is on, and which standards it holds resources against; not what it finds. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Resource

NOT_ON = ("InvalidAccessException", "ResourceNotFoundException")

HUB = Resource(
    kind="aws_securityhub_hub",
    description="Security Hub in one region, with the standards that it holds resources against; it costs by checks.",
    call=Call("securityhub", "describe_hub", "@", absent=NOT_ON),
    id="last(HubArn, '/')",
    ctime="SubscribedAt",
    arn="HubArn",
    details=(
        Detail(Call("securityhub", "get_enabled_standards", "StandardsSubscriptions"), into="Standards", absent=NOT_ON),
        Detail(Call("securityhub", "list_tags_for_resource", "Tags", {"ResourceArn": "{arn}"}), into="Tags", absent=NOT_ON),
    ),
    read={},
    gone=NOT_ON,
    delete=Action("disable_security_hub", {}),
    tag=Action("tag_resource", {"ResourceArn": "{arn}", "Tags": {"{key}": "{value}"}}),
    untag=Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (HUB,)
