"""AWS as a provider: catalogs and sessions put together.

    provider = AwsProvider(settings)
    for account in provider.accounts():
        provider.collect(account, sink, watcher, cancel)

Kinds are known without botocore; it is imported with the first account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache, cached_property
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from resh.cancel import Cancel
from resh.clock import Clock, SystemClock
from resh.errors import BadValue, NotConfigured, ReshError
from resh.model.base import BASE_KINDS
from resh.model.kinds import Kind, Kinds, Property
from resh.providers.aws.catalogs import catalog, chosen
from resh.providers.aws.metrics import EVERY, wanted, wanted_uses
from resh.providers.base import Account, Bill, CollectSink, Document, Facts, Heard, Remade, Reread, Tie, Watcher
from resh.providers.catalog import Call, Catalog, Day, Resource, Scaled
from resh.providers.cataloged import Cataloged
from resh.providers.counting import called
from resh.providers.limiter import Place
from resh.providers.selection import EVERYTHING, Selection
from resh.settings import Settings, processes
from resh.text import did_you_mean

if TYPE_CHECKING:
    from resh.model.node import Node
    from resh.providers.actions import Target
    from resh.providers.aws.clients import Clients
    from resh.providers.aws.read_only import ReadOnly
    from resh.providers.aws.session import AwsSession
    from resh.providers.aws.shapes import Models
    from resh.providers.collector import Options
    from resh.providers.known import Known
    from resh.providers.prices import Prices, Stored
    from resh.providers.shared_pool import Paces, SharedPool

_TIMES = ("ctime", "mtime", "atime")


class _Tools(NamedTuple):
    clients: Clients
    models: Models


class AwsProvider(Cataloged):
    name = "aws"
    title = "AWS"

    def __init__(self, settings: Settings, clock: Clock | None = None, paces: Paces | None = None, prices: Stored | None = None) -> None:
        """`paces` remembers what was learned of throttling until the next start, `prices` what the Pricing API told."""
        self._settings = settings
        self._paces, self._known_prices = paces, prices
        self._clock = clock or SystemClock()
        self._partitions: dict[str, str] = {}
        self._handles: dict[str, Account] = {}
        self.problems: tuple[ReshError, ...] = ()
        self.skew: float | None = None

    def __getstate__(self) -> dict[str, Any]:
        """For another process that collects: what is known, and a share of the calls in flight; no clients."""
        settings = self._settings.frozen()
        share = ceil(settings.number("aws.concurrency") / processes(settings))
        settings.set("aws.concurrency", max(1, share), "option")
        kept = {name: getattr(self, name) for name in ("_clock", "_paces", "_known_prices", "_partitions", "_handles", "problems")}
        return {**kept, "_settings": settings}

    @property
    def catalog(self) -> Catalog:
        return catalog(*chosen(self._settings))

    @property
    def _resources(self) -> Mapping[str, Resource]:
        return _by_kind(self._settings.flag("aws.derived_kinds"))

    @cached_property
    def _read_only(self) -> ReadOnly:
        from resh.providers.aws.read_only import ReadOnly

        return ReadOnly(self._settings, lambda: self.catalog)

    @cached_property
    def _made(self) -> dict[bool, _Tools]:
        return {}

    @property
    def _tools(self) -> _Tools:
        """They know the operations of the kinds that the settings ask for: when these become others, so do they."""
        derived = self._settings.flag("aws.derived_kinds")
        return self._made.get(derived) or self._made.setdefault(derived, self._make(derived))

    def _make(self, derived: bool) -> _Tools:
        from resh.providers.aws.clients import Clients
        from resh.providers.aws.operations import every
        from resh.providers.aws.shapes import Models

        usual = catalog(derived, priced=True)  # whether prices are asked for may change while clients stay
        clients = Clients(self._settings, self._read_only.before_call, lambda: every(usual))
        return _Tools(clients, Models(clients.models.get_service_model))

    @property
    def _clients(self) -> Clients:
        return self._tools.clients

    def oldest_call(self) -> tuple[Place, float] | None:
        return self._calls.oldest()

    @cached_property
    def _calls(self) -> SharedPool:
        from resh.providers.shared_pool import SharedPool

        return SharedPool(self._settings, self._clock, self._paces)

    @cached_property
    def _prices(self) -> Prices:
        from resh.providers.aws.packaged_prices import PackagedPrices
        from resh.providers.prices import Prices

        return Prices(self._clock, PackagedPrices(), lambda: self._settings.seconds("aws.prices.every"), self._known_prices)

    def kinds(self) -> Sequence[Kind]:
        return self._described(_cheap_properties)

    def accounts(self) -> Sequence[Account]:
        """Those that the settings name; an account that is reached in two ways counts once. Raises when there is none."""
        from resh.providers.aws.accounts import Directory

        found = Directory(self._clients, self._settings).look()
        self.problems = (*found.problems, *self._mistyped())
        self._partitions, self._handles, self.skew = found.partitions, found.accounts, found.skew
        for account in found.accounts.values():
            self._read_only.knows(account)
        return list(found.accounts.values())

    def myself(self) -> Sequence[str]:
        """ARNs of the users and roles that we are; accounts that refuse us are left out, nothing can be deleted there."""
        from resh.providers.aws.accounts import arns

        if not self._handles:
            self.accounts()
        return arns(self._clients, [(account.handle, self._partition(account)) for account in self._handles.values()])

    def enter(self, account: Account) -> Account:
        from resh.providers.aws.accounts import enter

        entered = enter(self._clients, account, self._partition(account))
        self._read_only.knows(entered)
        return entered

    def regions(self) -> Sequence[str]:
        import botocore.session

        session = botocore.session.Session()
        known = {region for partition in session.get_available_partitions() for region in session.get_available_regions("ec2", partition)}
        return sorted(known | {"global", *self._settings.list("aws.regions")})

    def collect(self, account: Account, sink: CollectSink, watcher: Watcher, cancel: Cancel, selection: Selection = EVERYTHING) -> None:
        from resh.providers.aws.usage import Usage
        from resh.providers.collector import Collection

        session = self._session(account, watcher, cancel)
        sink.kinds(self._described(self._tools.models.properties))
        usage = Usage(session, sink, wanted(self._settings), wanted_uses(self._settings), self._clock.now())
        with self._calls.pool.guest() as guest:
            Collection(session, self.catalog, usage.sink, watcher, cancel, guest, self._options(selection)).run()
            usage.measure(guest, cancel)
        self._clients.done(account.handle)
        self._calls.remember(account.id)
        self._prices.remember()

    def reread(self, node: Document, known: Known) -> Reread | None:
        from resh.providers.reread import reread

        found = reread(self._target(node), self.catalog, known)
        return found and found._replace(node=self._as_used(found.node, node["reported"]))

    def recreate(self, node: Document, snapshots: Sequence[str]) -> Remade:
        from resh.providers.aws.recreate import recreate

        return recreate(self._declared(node["kind"]), node, snapshots)

    def reattach(self, node: Document, ties: Sequence[Tie]) -> Remade:
        from resh.providers.aws.reattach import reattach

        return reattach(self._declared(node["kind"]), node, ties)

    def tag_objection(self, key: str, value: str = "") -> str:
        from resh.providers.aws.tag_rules import objection

        return objection(key, value)

    def ask(self, account: str, region: str, call: Call, params: Mapping[str, Any], cancel: Cancel) -> Iterator[dict[str, Any]]:
        """The answer of any operation, page by page. `account` is an id, the region may be `global`. Raises CallFailed."""
        from resh.providers.pool import settled

        return settled(self._session(self._account(account), _Single(), cancel).pages(call, region, params), cancel)

    def only_reads(self, operation: str) -> bool:
        """Of `ec2:DescribeVolumes` and the like; of what is not known, False."""
        service, _, name = operation.partition(":")
        return self._read_only.reads(service, name)

    def console(self, facts: Facts) -> str:
        from resh.providers.aws.console import BY_ARN, console

        resource = self._resources.get(facts.kind)
        if resource is None or (resource.phantom and not resource.console):
            return ""
        return console(resource.console or BY_ARN, facts)

    def bill(self, operation: str) -> Bill | None:
        from resh.providers.aws.billing import bill

        return bill(operation)

    def bills(self) -> Mapping[str, Bill]:
        from resh.providers.aws.billing import BILLS

        return BILLS

    def _kind(self, name: str) -> Resource | None:
        """Settings, which are looked at anew each time, are asked only where they matter: a plan asks for thousands."""
        return _by_kind(False).get(name) or self._resources.get(name)

    def _as_used(self, node: Node, before: Mapping[str, Any]) -> Node:
        """With the times of its last use, of which the resource itself does not tell."""
        names = (use.name for use in wanted_uses(self._settings) if use.kind == node.kind)
        return node._replace(reported={**node.reported, **{name: before[name] for name in names if name in before}})

    def _described(self, properties: Callable[[Resource], Iterable[Property]]) -> list[Kind]:
        """Each kind with the properties that are its own; what all clouds share is described by its bases."""
        bases = Kinds((*BASE_KINDS, *self.catalog.bases))
        kinds = list(self.catalog.bases)
        for resource in self.catalog.all:
            shared = {name for base in resource.bases for name in bases.properties(base)}
            own = tuple(prop for prop in properties(resource) if prop.name not in shared)
            kinds.append(Kind(resource.kind, resource.bases, resource.description, own, resource.phantom))
        return kinds

    def _options(self, selection: Selection) -> Options:
        from resh.providers.collector import Options
        from resh.providers.hot import Hot
        from resh.providers.prices import Prices

        settings = self._settings
        used_only = frozenset(("aws_ec2_instance_type",)) if settings.text("aws.instance_types") == "used" else frozenset[str]()
        hot = Hot(settings.numbers("aws.kinds.cap"), settings.durations("aws.kinds.every"), self._clock.now())
        prices = Prices() if settings.text("aws.prices.source") == "none" else self._prices
        return Options(tuple(settings.list("aws.collect")), tuple(settings.list("aws.no_collect")), used_only, selection, hot, prices)

    def _mistyped(self) -> Iterable[BadValue]:
        """Patterns that fit no kind: whoever wrote them does not get what they want."""
        usual = [kind for kind, resource in self._resources.items() if not resource.remembered]
        for setting in ("aws.collect", "aws.no_collect", "aws.kinds.cap", "aws.kinds.every"):
            for pattern in (text.partition("=")[0] for text in self._settings.list(setting)):
                if not any(fnmatchcase(kind, pattern) for kind in self._resources):
                    yield BadValue(f"{setting}: no kind fits '{pattern}'", did_you_mean(pattern, usual) or "kinds lists them")
        measured = sorted({metric.kind for metric in EVERY})
        for pattern in self._settings.list("aws.usage_kinds"):
            if not any(fnmatchcase(kind, pattern) for kind in measured):
                yield BadValue(f"aws.usage_kinds: no kind with metrics fits '{pattern}'", f"these have them: {', '.join(measured)}")

    def _session(self, account: Account, watcher: Watcher, cancel: Cancel) -> AwsSession:
        from resh.providers.aws.session import AwsSession

        partition = self._partition(account)
        pool, attempts = self._calls.pool, self._settings.number("aws.retries")
        return AwsSession(*self._tools, account, partition, self._regions(partition), pool, attempts, watcher, cancel)

    def _partition(self, account: Account) -> str:
        return self._partitions.get(account.id, "aws")

    def _regions(self, partition: str) -> Sequence[str]:
        """Those of the settings that the partition has; a list of others is kept, so that the account says what is wrong."""
        from resh.providers.aws.partitions import partition_of

        configured = self._settings.list("aws.regions")
        return [region for region in configured if partition_of(region) == partition] or configured

    def _target(self, node: Document) -> Target:
        from resh.providers.actions import Target

        resource = self._declared(node["kind"])
        known = node["ancestors"]["account"]["reported"]
        account = self._account(known["id"])
        self._read_only.knows(account if account.name else replace(account, name=known.get("name", "")))
        return Target(self._session(account, _Single(), Cancel()), resource, node)

    def _account(self, id: str) -> Account:
        if id not in self._handles:
            self.accounts()
        if id not in self._handles:
            raise NotConfigured(f"no credentials for account {id}", "add a profile of that account to aws.profiles, or it to aws.accounts")
        return self._handles[id]


class _Single:
    """A watcher of single calls: nobody asks how they go on, but some count them."""

    def progress(self, region: str, done: int, total: int) -> None:
        pass

    def called(self, place: Place, heard: Heard) -> None:
        called(AwsProvider.name, place, heard)


def _cheap_properties(resource: Resource) -> Iterable[Property]:
    """What the catalog alone tells; the rest comes with the first collect."""
    for name, source in resource.fields.items():
        is_time = name in _TIMES or isinstance(source, Day)
        yield Property(name, "datetime" if is_time else "double" if isinstance(source, Scaled) else "any")


@cache
def _by_kind(derived: bool) -> Mapping[str, Resource]:
    """Price lists, too: settings may name them while they are not read."""
    return {resource.kind: resource for resource in catalog(derived, priced=True).all}
