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
`{region}`, `{account}`, and any reported property). A text that is nothing but one pair of braces keeps the value's type (a list stays
a list). Some functions are resh's own (`functions.py`): `last(Arn, '/')`, `split(Value, ' ')`, `from_json(Policy)`,
`pairs(Parameters, 'Key', 'Value')`, `deep(Rules, 'ARN')` and `lists(Config)`.
Parameters of a listing may use `{account}` and `{region}`; those of a listing with `each` are filled from the parent, and
expressions over its items see the parent's reported properties as `_parent` (`_parent.id`).

Actions for tags also know `{key}`, `{value}` and, where the cloud replaces all tags at once, `{tag_list}`: every tag as it should be
afterwards, as a list of Key and Value; in `{small_tag_list}` they are called key and value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from resh.model.kinds import Kind

if TYPE_CHECKING:
    from resh.providers.ending import Contents, Detach, PartOf, Quarantine, Snapshot, Takes


@dataclass(frozen=True, slots=True)
class Call:
    """One API operation: `service` and `operation` as botocore names them, `items` the JMESPath to the list in a page of the answer.

    Some listings give nothing but names, and another operation describes many at a time. Then `describe` is that operation, asked with
    `{batch}`, up to `batch` of the values that were listed; its items are the items. With `batch=1`, `{batch}` is the value, not a list.
    Others tell only a part of each, and a second listing the rest. Then `join` is that one, read whole before the first: the members of its
    items become those of the items that have the same value at `on`, a JMESPath over both; what an item tells itself stays.
    `absent` lists error codes by which a listing says that there is none, because the service is not switched on.
    """

    service: str
    operation: str
    items: str
    params: Mapping[str, Any] = field(default_factory=dict)
    describe: Call | None = None
    batch: int = 100
    join: Call | None = None
    on: str = ""
    absent: tuple[str, ...] = ()

    @property
    def chain(self) -> tuple[Call, ...]:
        """All that is asked for its items, in order."""
        return (*(self.join.chain if self.join else ()), self, *(self.describe.chain if self.describe else ()))


@dataclass(frozen=True, slots=True)
class Values:
    """A value translated: `Values("State", {"in-use": "in-use"}, default="unknown")`."""

    path: str
    table: Mapping[Any, Any]
    default: Any = None


@dataclass(frozen=True, slots=True)
class Scaled:
    """A number in another unit: `Scaled("MemoryInfo.SizeInMiB", 1 / 1024)` is GiB."""

    path: str
    factor: float


@dataclass(frozen=True, slots=True)
class Day:
    """A time that moves on at every look, kept to the day: otherwise every collect would find a change where there is none."""

    path: str


@dataclass(frozen=True, slots=True)
class Json:
    """A document whose keys stay as they are: people's, not the API's. A text that holds JSON (a policy) becomes what it holds."""

    path: str


Field = str | Values | Scaled | Day | Json
"""Where a property comes from; a plain text is a JMESPath."""


@dataclass(frozen=True, slots=True)
class Borrow:
    """Properties that another node knows: the one of `kind` in the same region whose id is the value at `path`.

    `fields` maps the own property to the other's. Only what the item itself does not tell is borrowed.
    """

    kind: str
    path: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Detail:
    """A further call for each item: `into` is the item's key that takes the answer, `call.items` the JMESPath into it.

    With an empty `into` the answer is an object whose members become the item's own: the description of what the listing only names.
    No such object says that the resource has gone since it was listed.
    Calls run in the given order, in the region where the resource lives as soon as the item tells it. The answers of several pages are
    joined when they are lists. `absent` lists error codes that mean "there is none" rather than a failure (`NoSuchTagSet`).
    With `each`, a JMESPath over the item (answers of earlier details included), there is one call for every value, which is `{each}` in
    its parameters; the answers are lists and are joined. `json` says that the answer is a text that holds JSON (a policy): the value is
    that document, its keys as they are.
    """

    call: Call
    into: str
    absent: tuple[str, ...] = ()
    each: str = ""
    json: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An edge to every node of `kind` whose `by` (id, name or arn) is among the values at `path`.

    By default the other node is the parent: other → this. `child=True` turns it round: this → other.
    `delete=True` adds a delete edge beside the default one in the same direction; `delete="reverse"` the other way round; `only_delete`
    leaves the default edge out. A → B of type delete says that B must be gone before A.
    `account=True`: the other node is an account itself, this one or any other that is collected.
    `own=True`: the value is the id of the account that the node lies in, which its item need not tell; there is no path then.
    """

    kind: str
    path: str
    by: str = "id"
    child: bool = False
    delete: bool | str = False
    only_delete: bool = False
    account: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A mutating operation with its parameters, texts in braces filled from the node. `service` is the listing's when empty.

    `each` is a JMESPath over the node's reported properties: the operation runs once for every value there, which is `{each}` in the
    parameters (`{each.policy_arn}` where the value is an object). Or it is a Call, filled from the node: the values are its items, asked
    for just before. `absent` lists error codes, of either call, that mean "there is nothing to do".
    """

    operation: str
    params: Mapping[str, Any]
    service: str = ""
    each: str | Call = ""
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of a cloud.

    `id`, `name`, `ctime`, `zone`, `region`, `tags` and `keep` are JMESPath; `arn` is JMESPath or, with braces, a template. A property of
    `fields` whose path is a plain key takes that key's place; every other key of the item stays under its own name. Without `name` a
    node is called by its tag `Name`, else by its id. An item for which `keep` is not true is left out.
    `secret` names members, however deep they are, that hold what no inventory must know (a tunnel's key): they are not kept.

    `console` is the address of a resource's page in the cloud's console, behind its host, with `{id}`, `{name}`, `{arn}`, `{region}` and
    `{account}`; without it the console may find the page by the ARN.

    `newest` is what orders a listing where a cap takes the newest only: a JMESPath to a time or a number, `ctime` when it is empty.
    `at_once` is how many regions are asked at the same time, for a call whose answer is large (0: as many as there are threads).
    `global_call` lists those of the kind that live in no region, beside the `call` for each region.
    `each` names a parent kind: `call` is made once for each node of it, its params filled from the parent (a user's access keys).
    Only parents for which `parents`, a JMESPath over their reported properties, is true are asked. With `nested`, nodes of the kind
    itself are asked like its parents (the units of an organizational unit).
    `inherits` maps own properties to the parent's: they are how `_parent` is known when a single resource is looked at later.
    `within`, a JMESPath over the parent's reported properties, finds the items there: then there is no call (a record set's records).
    `gone` lists error codes that mean "this resource (or the parent of an `each`) is no longer there".
    `read` are the parameters that make `call` answer just this one resource, or a Call of its own: the look before a deletion.
    `alone` are details that such a Call needs beside it to tell all that the listing does; a refresh asks for them, a deletion does not.
    `no_delete` says why there is no delete action; `fixed` maps a JMESPath over the reported properties to why such a resource of the
    kind cannot be deleted by itself (`{"vpc_is_default": "..."}`): no plan has it, and the delete is refused before any call.
    `takes` says what is lost with it, `takes_below` of which kinds what its edges lead to is lost, where its properties do not tell ids;
    `part_of` what it goes with itself, where it has no deletion of its own.
    `remembered`: its items are no nodes but a price list (`prices.py`), which other kinds borrow from; it is the same for every account.
    `snapshot` says how its data is kept when it is deleted (`snapshot_apart` how when something else takes it along, where `snapshot` is
    made with its own deletion), `contents` what must be emptied out of it before.
    `quarantine` says how it is put out of service; without it a quarantine is nothing but time that passes.
    `detach` says how it lets go of others that could not be deleted before it; without it, a cycle of its kind is never broken.
    `awaited` is for a deletion that goes on when its call has answered: it is over when the resource is no longer there, or when this
    JMESPath over the reported properties is true (`""`: only when it is no longer there). None: it is over at once.
    `broken`, another one, tells what came of it when the cloud has failed to delete it: why, or true where it does not say; where a
    resource was in such a state before its deletion, only another one counts.
    `ended`, a JMESPath over the reported properties, is true for what the cloud still lists for a while although it is gone (a terminated
    instance): the look before a deletion takes it for gone.
    `volatile` names properties that move while nobody touches the resource (a database's latest restorable time): a look before a
    deletion leaves them out, because they are no change. `released` maps properties to a JMESPath over what the cloud says now: where it
    is true, another value only tells that a user of the resource has gone (a volume's attachments once it is available), as happens
    while a plan is carried out, and is left out likewise. `loses` names lists of such users, from which single ones may go, each with a
    JMESPath to what tells them apart.
    """

    kind: str
    description: str
    call: Call
    id: str
    bases: tuple[str, ...] = ("resource",)
    prefix: str = ""
    name: str = ""
    ctime: str = ""
    newest: str = ""
    arn: str = ""
    console: str = ""
    tags: str = "Tags"
    zone: str = ""
    region: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)
    borrow: tuple[Borrow, ...] = ()
    details: tuple[Detail, ...] = ()
    edges: tuple[Link, ...] = ()
    global_call: Call | None = None
    each: str = ""
    parents: str = ""
    nested: bool = False
    inherits: Mapping[str, str] = field(default_factory=dict)
    within: str = ""
    keep: str = ""
    secret: tuple[str, ...] = ()
    is_global: bool = False
    at_once: int = 0
    phantom: bool = False
    remembered: bool = False
    read: Mapping[str, Any] | Call | None = None
    alone: tuple[Detail, ...] = ()
    gone: tuple[str, ...] = ()
    before_delete: tuple[Action, ...] = ()
    delete: Action | None = None
    no_delete: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    takes: tuple[Takes, ...] = ()
    takes_below: tuple[str, ...] = ()
    part_of: PartOf | None = None
    snapshot: Snapshot | None = None
    snapshot_apart: Snapshot | None = None
    contents: Contents | None = None
    quarantine: Quarantine | None = None
    detach: Detach | None = None
    awaited: str | None = None
    broken: str = ""
    ended: str = ""
    volatile: tuple[str, ...] = ()
    released: Mapping[str, str] = field(default_factory=dict)
    loses: Mapping[str, str] = field(default_factory=dict)
    tag: Action | None = None
    untag: Action | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """All kinds of a cloud. `account` is read like any other kind; the items of `region` come from the cloud's session.

    `bases` are what some of its kinds have in common, beside the base kinds of all clouds.
    """

    account: Resource
    region: Resource
    resources: tuple[Resource, ...]
    bases: tuple[Kind, ...] = ()

    @property
    def all(self) -> tuple[Resource, ...]:
        return (self.account, self.region, *self.resources)
