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


def _accelerator(what: str, description: str) -> Resource:
    return Resource(
        kind=f"aws_globalaccelerator_{what}",
        description=description,
        call=Call("globalaccelerator", f"list_{what}s", "Accelerators"),
        id="last(AcceleratorArn, '/')",
        name="Name",
        ctime="CreatedTime",
        arn="AcceleratorArn",
        is_global=True,
        fields={"mtime": "LastModifiedTime"},
        details=(_attributes(f"describe_{what}_attributes"), TAGS),
        edges=(LOGS,),
        read=Call("globalaccelerator", f"describe_{what}", "Accelerator", ARN),
        gone=NO_ACCELERATOR,
        volatile=CHANGED_BY_DISABLING,
        before_delete=(_disable(what),),
        delete=Action(f"delete_{what}", ARN),
        tag=TAG,
        untag=UNTAG,
    )


def _listener(what: str, accelerator: Resource, description: str) -> Resource:
    return Resource(
        kind=f"aws_globalaccelerator_{what}",
        description=description,
        call=Call("globalaccelerator", f"list_{what}s", "Listeners", ARN),
        each=accelerator.kind,
        inherits={"accelerator_arn": "arn"},
        id="ListenerArn",
        name="last(ListenerArn, '/')",
        arn="ListenerArn",
        tags="",
        is_global=True,
        edges=(Link(accelerator.kind, "_parent.arn", by="arn", delete=True),),
        read=Call("globalaccelerator", f"describe_{what}", "Listener", {"ListenerArn": "{arn}"}),
        gone=(*NO_LISTENER, *NO_ACCELERATOR),
        delete=Action(f"delete_{what}", {"ListenerArn": "{arn}"}),
    )


def _group(what: str, listener: Resource, description: str, leads_to: tuple[Link, ...], volatile: tuple[str, ...] = ()) -> Resource:
    return Resource(
        kind=f"aws_globalaccelerator_{what}",
        description=description,
        call=Call("globalaccelerator", f"list_{what}s", "EndpointGroups", {"ListenerArn": "{arn}"}),
        each=listener.kind,
        inherits={"listener_arn": "arn"},
        id="EndpointGroupArn",
        name="last(EndpointGroupArn, '/')",
        arn="EndpointGroupArn",
        tags="",
        is_global=True,
        edges=(Link(listener.kind, "_parent.arn", delete=True), *leads_to),
        read=Call("globalaccelerator", f"describe_{what}", "EndpointGroup", {"EndpointGroupArn": "{arn}"}),
        gone=(*NO_GROUP, *NO_LISTENER),
        volatile=volatile,
        delete=Action(f"delete_{what}", {"EndpointGroupArn": "{arn}"}),
    )


ACCELERATOR = _accelerator(
    "accelerator", "Addresses that lead to the nearest healthy endpoint; it costs as long as it exists, enabled or not."
)
LISTENER = _listener("listener", ACCELERATOR, "The ports of an accelerator that are led on.")
GROUP = _group(
    "endpoint_group",
    LISTENER,
    "Load balancers, instances and addresses of one region that a listener leads to.",
    (
        Link("aws_alb", "EndpointDescriptions[].EndpointId", by="arn", child=True),
        Link("aws_ec2_instance", "EndpointDescriptions[].EndpointId | [?starts_with(@, 'i-')]", child=True),
    ),
    volatile=("endpoint_descriptions",),  # how healthy they are
)

CUSTOM_ACCELERATOR = _accelerator("custom_routing_accelerator", "Addresses whose ports lead each to one port of one machine.")
CUSTOM_LISTENER = _listener("custom_routing_listener", CUSTOM_ACCELERATOR, "The ports of a custom routing accelerator.")
CUSTOM_GROUP = _group(
    "custom_routing_endpoint_group",
    CUSTOM_LISTENER,
    "Subnets of one region whose machines a custom routing listener leads to.",
    (Link("aws_ec2_subnet", "EndpointDescriptions[].EndpointId", child=True),),
)

RESOURCES = (ACCELERATOR, LISTENER, GROUP, CUSTOM_ACCELERATOR, CUSTOM_LISTENER, CUSTOM_GROUP)
