"""What the graph alone tells about the deletion of a resource: what forbids it, and what else it destroys. No call is made.

    undeletable(VPC, document)        # 'services expect the default VPC of a region to exist', '' when it can be deleted
    losses(INSTANCE, document)        # (Loss("…", "aws_ec2_volume vol-0f3a", marked=False),): AWS deletes it with its instance

A provider answers the clean-up's questions with it; `actions.py` asks once more before the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resh.model.node import node_id
from resh.providers.base import Document, Loss
from resh.providers.catalog import Call, Resource
from resh.providers.mapping import expression, values_at
from resh.providers.session import operation_name


def undeletable(resource: Resource, node: Document) -> str:
    reported = node["reported"]
    if resource.delete is None:
        return f"{resource.kind} cannot be deleted: {resource.no_delete}"
    if resource.ended and expression(resource.ended)(reported):
        return "it is gone: the cloud only lists it for a while"
    return fixed(resource, reported)


def fixed(resource: Resource, reported: Mapping[str, Any]) -> str:
    """Why this one of the kind cannot be deleted by itself; empty when it can."""
    return next((reason for condition, reason in resource.fixed.items() if expression(condition)(reported)), "")


def losses(resource: Resource, node: Document) -> tuple[Loss, ...]:
    cloud, account, region = (node["ancestors"][level]["reported"]["id"] for level in ("cloud", "account", "region"))
    return tuple(
        Loss(node_id(cloud, account, region, takes.kind, rid), f"{takes.kind} {rid}", takes.marked)
        for takes in resource.takes
        for rid in values_at(takes.path, node["reported"])
    )


def home(resource: Resource, node: Document) -> str:
    """Id of the node that it goes with, and not by itself; empty for what has a deletion of its own."""
    cloud, account, region = (node["ancestors"][level]["reported"]["id"] for level in ("cloud", "account", "region"))
    part = resource.part_of
    rids = values_at(part.path, node["reported"]) if part else []
    return node_id(cloud, account, region, part.kind, rids[0]) if part and rids else ""


def serves(resource: Resource, node: Document) -> bool:
    """Whether it is in service, and there is a way to put it out of service."""
    return resource.quarantine is not None and bool(expression(resource.quarantine.serves)(node["reported"]))


def detaches(resource: Resource, other: str) -> str:
    """The calls by which it lets go of others of that kind, as the cloud names them; empty where there are none."""
    detach = resource.detach
    if detach is None or other not in detach.kinds:
        return ""
    service = resource.call.service
    return " or ".join(operation_name(Call(action.service or service, action.operation, "")) for action in detach.actions.values())
