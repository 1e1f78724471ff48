"""How a kind is declared: data, no code. One catalog module a service; `collector.py` runs any of them.

    VOLUME = Resource(
        kind="aws_ec2_volume", bases=("volume",), description="A block storage volume.",
        call=Call("ec2", "describe_volumes", "Volumes"),
        id="VolumeId", prefix="volume", ctime="CreateTime",
        fields={"volume_size": "Size", "volume_status": Values("State", {"creating": "busy"})},
        edges=(Link("aws_ec2_instance", "Attachments[].InstanceId", successor_of=True, delete=True),),
        delete=Action("delete_volume", {"VolumeId": "{id}"}),
        tag=..., untag=...,
    )

Everything that the API returns is kept: a field that `fields` does not name becomes `<prefix>_<snake case>`, nested keys become
snake case. Expressions are JMESPath over one item of the listing; text in braces is filled from the node (`{id}`, `{name}`, `{arn}`,
`{region}`, `{account}`, and any reported property).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One API operation: `service` and `operation` as botocore names them, `items` the JMESPath to the list in a page of the answer."""

    service: str
    operation: str
    items: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Values:
    """A value translated: `Values("State", {"in-use": "in-use"}, default="unknown")`."""

    path: str
    table: Mapping[Any, Any]
    default: Any = None


@dataclass(frozen=True, slots=True)
class Detail:
    """A further call for each item: `into` is the item's key that takes the answer (then part of the item), `pick` the JMESPath into it.

    `absent` lists error codes that mean "there is none" rather than a failure (`NoSuchTagSet`).
    """

    call: Call
    into: str
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An edge to every node of `kind` whose `by` (id, name or arn) is among the values at `path`.

    By default the other node is the parent: other → this. `child=True` turns it round: this → other.
    `delete=True` adds a delete edge beside the default one in the same direction; `delete="reverse"` the other way round; `only_delete`
    leaves the default edge out. A → B of type delete says that B must be gone before A.
    """

    kind: str
    path: str
    by: str = "id"
    child: bool = False
    delete: bool | str = False
    only_delete: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A mutating operation with its parameters, texts in braces filled from the node. `service` is the listing's when empty."""

    operation: str
    params: Mapping[str, Any]
    service: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of a cloud.

    `each` names a parent kind: `call` is made once for each node of it, its params filled from the parent (a user's access keys).
    `read` are the parameters that make `call` answer just this one resource, or a Call of its own: the look before a deletion.
    `no_delete` says why there is no delete action.
    """

    kind: str
    description: str
    call: Call
    id: str
    bases: tuple[str, ...] = ("resource",)
    prefix: str = ""
    name: str = ""
    ctime: str = ""
    arn: str = ""
    tags: str = "Tags"
    zone: str = ""
    region: str = ""
    fields: Mapping[str, str | Values] = field(default_factory=dict)
    details: tuple[Detail, ...] = ()
    edges: tuple[Link, ...] = ()
    each: str = ""
    keep: str = ""
    is_global: bool = False
    phantom: bool = False
    read: Mapping[str, Any] | Call | None = None
    gone: tuple[str, ...] = ()
    before_delete: tuple[Action, ...] = ()
    delete: Action | None = None
    no_delete: str = ""
    tag: Action | None = None
    untag: Action | None = None
