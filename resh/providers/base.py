"""What a cloud must offer. Implementations live in one folder each (`aws/`); `catalog.py` and `collector.py` do most of their work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from resh.cancel import Cancel
from resh.errors import ReshError
from resh.graph.base import CollectSink as CollectSink
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node
from resh.providers.limiter import Place
from resh.providers.selection import EVERYTHING, Selection

if TYPE_CHECKING:
    from resh.providers.known import Known

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """An account that this provider can reach. `handle` is the provider's own key to its credentials (a profile name, a role).

    The name is empty when the cloud did not tell it.
    """

    cloud: str
    id: str
    name: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """A node that is lost with another; `name` says what it is. `marked`: that may be only when it was marked itself."""

    id: str
    name: str
    marked: bool


class Facts(NamedTuple):
    """What the address of a resource in its cloud's console is made of; what is not known is empty. `account` is an id."""

    kind: str
    id: str
    name: str
    arn: str
    region: str
    account: str


class Reread(NamedTuple):
    """A resource that was read by itself, with every edge it tells of."""

    node: Node
    edges: tuple[Edge, ...]


class Heard(NamedTuple):
    """How one call went: the time it took, the size of its answer (bytes, None where nobody knows), and the code of its error.

    `units` is what it is billed by, where that is not the call itself. `repeated`: there was an attempt before. `request` is the id by
    which the cloud knows the call.
    """

    seconds: float
    size: int | None = None
    error: str = ""
    throttled: bool = False
    repeated: bool = False
    units: int = 1
    request: str = ""


class Care(NamedTuple):
    """How a resource is to be deleted: `snapshot` is the name of one to keep of it, if any; `empty` says that what is in it may go first.

    `go_on` hears how much of that has gone; an error raised there ends it.
    """

    snapshot: str = ""
    empty: bool = False
    go_on: Callable[[int], None] = lambda gone: None


class Bill(NamedTuple):
    """What a cloud charges for a call: `usd` is the price of one `unit`, which is empty where nothing is paid; `source` says so."""

    unit: str
    usd: float
    source: str


class Watcher(Protocol):
    """Hears how a collect goes on: a region's scopes done and to do, and every call."""

    def progress(self, region: str, done: int, total: int) -> None: ...

    def called(self, place: Place, heard: Heard) -> None: ...


@runtime_checkable
class Calling(Protocol):
    """A provider, or whoever works for one, that knows what it is waiting for."""

    def oldest_call(self) -> tuple[Place, float] | None:
        """The call that has been in flight longest, and for how many seconds."""
        ...


@runtime_checkable
class Careful(Protocol):
    """A provider whose deletions keep data, empty what is full, and are waited for."""

    def api(self, kind: str) -> str:
        """Which API its deletions go to: each has limits of its own."""
        ...

    def keep(self, node: Document, name: str) -> Sequence[str]:
        """Begin the last snapshot of it; its ids, none where there is none to make. Raises CallFailed.

        Where the cloud makes it with the deletion, that is the name, and nothing is begun.
        """
        ...

    def is_kept(self, node: Document, snapshots: Sequence[str]) -> bool:
        """Whether these are complete. Raises CallFailed, also when one will never be."""
        ...

    def keep_lost(self, node: Document, name: str) -> Sequence[str]:
        """The same for what something else takes along: begun in any case. Raises CallFailed."""
        ...

    def is_lost_kept(self, node: Document, snapshots: Sequence[str]) -> bool:
        """Whether these are complete. Raises CallFailed, also when one will never be."""
        ...

    def delete_with(self, node: Document, care: Care) -> None:
        """Delete it with what that asks for besides. Raises CallFailed; UsageError for what may not be deleted."""
        ...

    def is_going(self, node: Document) -> bool:
        """Whether it is still there after its deletion was accepted; `node` is as it was before.

        Raises CallFailed; GaveUp when the cloud has failed to delete it.
        """
        ...


@runtime_checkable
class Isolating(Protocol):
    """A provider that can put resources out of service for a while."""

    def serves(self, node: Document) -> bool:
        """Whether there is something to be put out of service, as far as the graph tells. Makes no call."""
        ...

    def isolate(self, node: Document) -> None:
        """Put it out of service, if there is a way. Raises CallFailed."""
        ...

    def release(self, node: Document) -> None:
        """Put it back into service; `node` is as it was before. Raises CallFailed."""
        ...


Tie = Mapping[str, Any]
"""What ties a resource to another, as the cloud describes it: a rule of a security group that names another group."""


@runtime_checkable
class Detaching(Protocol):
    """A provider that can make resources let go of others, where these wait for each other in a cycle."""

    def home(self, node: Document) -> str:
        """Id of the node that it goes with, when it has no deletion of its own; empty for all others. Makes no call."""
        ...

    def detaches(self, kind: str, other: str) -> str:
        """The call by which resources of a kind let go of those of another kind that they name; empty without one. Makes no call."""
        ...

    def ties(self, node: Document, others: Collection[str]) -> Sequence[Tie]:
        """All by which it names resources of these ids (the cloud's), just now. Raises CallFailed."""
        ...

    def users(self, node: Document) -> Sequence[str]:
        """Ids (the cloud's) of what uses or names it, just now: its cloud refuses to delete it meanwhile. Raises CallFailed."""
        ...

    def detach(self, node: Document, ties: Sequence[Tie]) -> None:
        """Undo these, and nothing else. Raises CallFailed."""
        ...


class Remade(NamedTuple):
    """Lines that create a resource again, in the form of the cloud's own command line, and what they do not bring back."""

    lines: tuple[str, ...]
    lost: tuple[str, ...]


@runtime_checkable
class Recreating(Protocol):
    """A provider that knows how what it has deleted is made again."""

    def recreate(self, node: Document, snapshots: Sequence[str]) -> Remade:
        """Makes no call. Raises UsageError where nobody knows how."""
        ...


@runtime_checkable
class Reattaching(Protocol):
    """A provider that knows how what has let go of others names them again."""

    def reattach(self, node: Document, ties: Sequence[Tie]) -> Remade:
        """The calls that bring these ties back. Makes no call. Raises UsageError where nobody knows how."""
        ...


@runtime_checkable
class TakingBelow(Protocol):
    """A provider with resources whose deletion destroys what stands below them in the graph, too."""

    def takes_below(self, kind: str) -> Collection[str]:
        """Kinds of what stands one default edge below one of the kind and goes with it. Makes no call."""
        ...


@runtime_checkable
class ChoosyOfTags(Protocol):
    """A provider that knows which tags its cloud takes of nobody."""

    def tag_objection(self, key: str, value: str = "") -> str:
        """Why no resource can have it, or lose it; empty where nothing speaks against it. Makes no call."""
        ...


class Provider(Protocol):
    name: str

    def kinds(self) -> Sequence[Kind]:
        """Every kind of its catalog, known without any call or heavy import."""
        ...

    def accounts(self) -> Sequence[Account]:
        """Those to collect. Raises NotConfigured with a hint when there are no credentials."""
        ...

    def myself(self) -> Sequence[str]:
        """Who the cloud takes us for, in each account: ARNs or the like."""
        ...

    def enter(self, account: Account) -> Account:
        """Get into one of them, before its collect; the account with its name, if that is known only now. Raises ProviderError."""
        ...

    def regions(self) -> Sequence[str]:
        """Names of the regions there may be, known without a call."""
        ...

    @property
    def problems(self) -> Sequence[ReshError]:
        """What `accounts` found out of reach when it was last asked, while others could be reached."""
        ...

    def collect(self, account: Account, sink: CollectSink, watcher: Watcher, cancel: Cancel, selection: Selection = EVERYTHING) -> None:
        """Read the account, or what is selected of it, into the sink. Errors of calls end as scope reports, never as exceptions."""
        ...

    def read(self, node: Document) -> dict[str, Any] | None:
        """The resource as it is now (its `reported`), None when it is gone. Raises CallFailed."""
        ...

    def reread(self, node: Document, known: Known) -> Reread | None:
        """The resource as a collect would find it now, None when it is gone; `known` tells what else the graph has. Raises CallFailed."""
        ...

    def delete(self, node: Document) -> None:
        """Delete it in the cloud. Raises CallFailed; UsageError when the kind has no delete call."""
        ...

    def undeletable(self, node: Document) -> str:
        """Why it cannot be deleted by itself, as far as the graph tells; empty when it can. Makes no call."""
        ...

    def losses(self, node: Document) -> Sequence[Loss]:
        """Other resources that its deletion destroys as well, as far as the graph tells. Makes no call."""
        ...

    def console(self, facts: Facts) -> str:
        """The address of the resource's page in the cloud's console; empty when nobody knows it. Makes no call."""
        ...

    def bill(self, operation: str) -> Bill | None:
        """What a call of the operation costs; None when nobody knows."""
        ...

    def bills(self) -> Mapping[str, Bill]:
        """All that is known of prices, by patterns of operations."""
        ...

    def tag(self, node: Document, key: str, value: str) -> None: ...

    def untag(self, node: Document, key: str) -> None: ...
