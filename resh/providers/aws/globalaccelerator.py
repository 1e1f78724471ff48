"""Global Accelerator: addresses all over the world that lead to endpoints in regions. Global; it answers in one region (`session.py`).

The catalog of `aws/provider.py`. An accelerator is disabled first and deleted once that is deployed everywhere; it waits for its listeners,
and they wait for their groups: https://docs.aws.amazon.com/global-accelerator/latest/api/API_DeleteAccelerator.html
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]})
ARN = {"AcceleratorArn": "{arn}"}
NO_ACCELERATOR, NO_LISTENER, NO_GROUP = (
    ("AcceleratorNotFoundException",),
    ("ListenerNotFoundException",),
    ("EndpointGroupNotFoundException",),
)
TAGS = Detail(Call("globalaccelerator", "list_tags_for_resource", "Tags", {"ResourceArn": "{arn}"}), into="Tags", absent=NO_ACCELERATOR)
# Events are how addresses of one's own came: they name no state.
CHANGED_BY_DISABLING = ("enabled", "status", "mtime", "events")
LOGS = Link("aws_s3_bucket", "Attributes.FlowLogsS3Bucket", by="name", child=True)


def _attributes(operation: str) -> Detail:
    return Detail(Call("globalaccelerator", operation, "AcceleratorAttributes", ARN), into="Attributes", absent=NO_ACCELERATOR)


def _disable(what: str) -> Action:
    """Only one that is enabled: another change is refused while the last one is being deployed."""
    enabled = Call("globalaccelerator", f"describe_{what}", "[Accelerator][?Enabled].AcceleratorArn", ARN)
    return Action(f"update_{what}", {"AcceleratorArn": "{each}", "Enabled": False}, each=enabled)


ACCELERATOR = Resource(
    kind="aws_globalaccelerator_accelerator",
    description="Addresses that lead to the nearest healthy endpoint; it costs as long as it exists, enabled or not.",
    call=Call("globalaccelerator", "list_accelerators", "Accelerators"),
    id="last(AcceleratorArn, '/')",
    name="Name",
    ctime="CreatedTime",
    arn="AcceleratorArn",
    is_global=True,
    fields={"mtime": "LastModifiedTime"},
    details=(_attributes("describe_accelerator_attributes"), TAGS),
    edges=(LOGS,),
    read=Call("globalaccelerator", "describe_accelerator", "Accelerator", ARN),
    gone=NO_ACCELERATOR,
    volatile=CHANGED_BY_DISABLING,
    before_delete=(_disable("accelerator"),),
    delete=Action("delete_accelerator", ARN),
    tag=TAG,
    untag=UNTAG,
)

LISTENER = Resource(
    kind="aws_globalaccelerator_listener",
    description="The ports of an accelerator that are led on.",
    call=Call("globalaccelerator", "list_listeners", "Listeners", ARN),
    each=ACCELERATOR.kind,
    inherits={"accelerator_arn": "arn"},
    id="ListenerArn",
    name="last(ListenerArn, '/')",
    arn="ListenerArn",
    tags="",
    is_global=True,
    edges=(Link(ACCELERATOR.kind, "_parent.id", delete=True),),
    read=Call("globalaccelerator", "describe_listener", "Listener", {"ListenerArn": "{arn}"}),
    gone=(*NO_LISTENER, *NO_ACCELERATOR),
    delete=Action("delete_listener", {"ListenerArn": "{arn}"}),
)

GROUP = Resource(
    kind="aws_globalaccelerator_endpoint_group",
    description="Load balancers, instances and addresses of one region that a listener leads to.",
    call=Call("globalaccelerator", "list_endpoint_groups", "EndpointGroups", {"ListenerArn": "{arn}"}),
    each=LISTENER.kind,
    inherits={"listener_arn": "arn"},
    id="EndpointGroupArn",
    name="last(EndpointGroupArn, '/')",
    arn="EndpointGroupArn",
    tags="",
    is_global=True,
    edges=(
        Link(LISTENER.kind, "_parent.arn", delete=True),
        Link("aws_alb", "EndpointDescriptions[].EndpointId", by="arn", child=True),
        Link("aws_ec2_instance", "EndpointDescriptions[].EndpointId | [?starts_with(@, 'i-')]", child=True),
    ),
    read=Call("globalaccelerator", "describe_endpoint_group", "EndpointGroup", {"EndpointGroupArn": "{arn}"}),
    gone=(*NO_GROUP, *NO_LISTENER),
    volatile=("endpoint_descriptions",),  # how healthy they are
    delete=Action("delete_endpoint_group", {"EndpointGroupArn": "{arn}"}),
)

CUSTOM_ACCELERATOR = Resource(
    kind="aws_globalaccelerator_custom_routing_accelerator",
    description="Addresses whose ports lead each to one port of one machine.",
    call=Call("globalaccelerator", "list_custom_routing_accelerators", "Accelerators"),
    id="last(AcceleratorArn, '/')",
    name="Name",
    ctime="CreatedTime",
    arn="AcceleratorArn",
    is_global=True,
    fields={"mtime": "LastModifiedTime"},
    details=(_attributes("describe_custom_routing_accelerator_attributes"), TAGS),
    edges=(LOGS,),
    read=Call("globalaccelerator", "describe_custom_routing_accelerator", "Accelerator", ARN),
    gone=NO_ACCELERATOR,
    volatile=CHANGED_BY_DISABLING,
    before_delete=(_disable("custom_routing_accelerator"),),
    delete=Action("delete_custom_routing_accelerator", ARN),
    tag=TAG,
    untag=UNTAG,
)

CUSTOM_LISTENER = Resource(
    kind="aws_globalaccelerator_custom_routing_listener",
    description="The ports of a custom routing accelerator.",
    call=Call("globalaccelerator", "list_custom_routing_listeners", "Listeners", ARN),
    each=CUSTOM_ACCELERATOR.kind,
    inherits={"accelerator_arn": "arn"},
    id="ListenerArn",
    name="last(ListenerArn, '/')",
    arn="ListenerArn",
    tags="",
    is_global=True,
    edges=(Link(CUSTOM_ACCELERATOR.kind, "_parent.id", delete=True),),
    read=Call("globalaccelerator", "describe_custom_routing_listener", "Listener", {"ListenerArn": "{arn}"}),
    gone=(*NO_LISTENER, *NO_ACCELERATOR),
    delete=Action("delete_custom_routing_listener", {"ListenerArn": "{arn}"}),
)

CUSTOM_GROUP = Resource(
    kind="aws_globalaccelerator_custom_routing_endpoint_group",
    description="Subnets of one region whose machines a custom routing listener leads to.",
    call=Call("globalaccelerator", "list_custom_routing_endpoint_groups", "EndpointGroups", {"ListenerArn": "{arn}"}),
    each=CUSTOM_LISTENER.kind,
    inherits={"listener_arn": "arn"},
    id="EndpointGroupArn",
    name="last(EndpointGroupArn, '/')",
    arn="EndpointGroupArn",
    tags="",
    is_global=True,
    edges=(
        Link(CUSTOM_LISTENER.kind, "_parent.arn", delete=True),
        Link("aws_ec2_subnet", "EndpointDescriptions[].EndpointId", child=True),
    ),
    read=Call("globalaccelerator", "describe_custom_routing_endpoint_group", "EndpointGroup", {"EndpointGroupArn": "{arn}"}),
    gone=(*NO_GROUP, *NO_LISTENER),
    delete=Action("delete_custom_routing_endpoint_group", {"EndpointGroupArn": "{arn}"}),
)

RESOURCES = (ACCELERATOR, LISTENER, GROUP, CUSTOM_ACCELERATOR, CUSTOM_LISTENER, CUSTOM_GROUP)
