"""`tag update` and `tag delete`: tags of resources, changed in their cloud, and read again from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from resh.cancel import Cancel
from resh.cleanup.rules.survey import identity
from resh.commands.base import FLOW, Argument, Command, Context, Option, Role, Row, Rows
from resh.commands.counted import counted
from resh.commands.lookup import documents
from resh.commands.places import fill
from resh.errors import Cancelled, ReshError, UsageError
from resh.graph.base import Document
from resh.providers.base import ChoosyOfTags, Provider
from resh.providers.counting import carried
from resh.providers.refresh import Refreshed

_CHUNK = 100
_UNREAD = "changed in the cloud, but not read again"

Change = Callable[[Provider, Document], None]


def run_update(context: Context, rows: Rows, key: str, value: str, dry_run: bool, nowait: bool, results: bool) -> Rows:
    _check(context, key)
    if dry_run:
        return _preview(context, rows, key, lambda node: fill(value, node))

    def change(provider: Provider, node: Document) -> None:
        provider.tag(node, key, fill(value, node))

    return Tagging(context, f"tag update {key}", change, wait=not nowait, results=results).run(rows)


def run_delete(context: Context, rows: Rows, key: str, dry_run: bool, nowait: bool, results: bool) -> Rows:
    _check(context, key)
    if dry_run:
        return _preview(context, rows, key, lambda node: None)

    def change(provider: Provider, node: Document) -> None:
        provider.untag(node, key)

    return Tagging(context, f"tag delete {key}", change, wait=not nowait, results=results).run(rows)


def _check(context: Context, key: str) -> None:
    """A key that no cloud takes is one mistake, and not one of each resource."""
    providers = [*context.app.providers.values()]
    choosy = [provider for provider in providers if isinstance(provider, ChoosyOfTags)]
    objections = [provider.tag_objection(key) for provider in choosy]
    if objections and all(objections) and len(choosy) == len(providers):
        raise UsageError(objections[0])


def _preview(context: Context, rows: Rows, key: str, value: Callable[[Document], str | None]) -> Rows:
    """What would change, one row for each resource; nothing is asked of the cloud."""
    for node in documents(context, rows):
        before, after = (node["reported"].get("tags") or {}).get(key), value(node)
        if before != after:
            provider: object = context.app.providers.get(identity(node, "cloud"))
            refused = provider.tag_objection(key, after or "") if isinstance(provider, ChoosyOfTags) else ""
            told = {"refused": refused} if refused else {}
            yield {**_named(node), "tag": key, "before": before, "after": after, **told, "node_id": node["id"]}


class Tagging:
    """One change of many resources: `changed` and `refused` count them, and at a prompt a line shows how far it is.

    Rows are the changed resources as they are now, and of each other one is said why not; or, as `results`, what became of each. Who does
    not `wait` gets them as they were.
    """

    def __init__(self, context: Context, what: str, change: Change, *, wait: bool, results: bool) -> None:
        self._context, self._what, self._change, self._wait, self._results = context, what, change, wait, results
        self.changed = self.refused = 0

    def run(self, rows: Rows) -> Rows:
        """Chunk by chunk. When it is stopped, what was changed until then is read again all the same: the graph must not be wrong."""
        cancel, found = self._context.cancel, documents(self._context, rows)
        try:
            with counted(self._context, "tag") as counting:
                while chunk := list(islice(found, _CHUNK)):
                    with counting:
                        told = list(self._attempts(chunk))
                        tagged = [node for node, error in told if error is None]
                        read = self._context.app.refresh(tagged, Cancel()) if self._wait else ()
                        again = {one.document["id"]: one for one in read}
                    cancel.check()
                    for node, error in told:
                        yield from self._row(node, error, again.get(node["id"]))
        except Cancelled:
            self._context.sink.note(f"stopped: {self.changed:,} changed, {self.refused:,} refused, the others are as they were")
            raise
        finally:
            self._context.sink.live([])
        if self.refused:
            self._context.status = 3 if self.changed else 1

    def _attempts(self, nodes: list[Document]) -> Iterator[tuple[Document, ReshError | None]]:
        """Several at a time; what a stop leaves out is left out here."""

        def attempt(node: Document) -> ReshError | None:
            try:
                self._context.cancel.check()
                cloud = node["ancestors"]["cloud"]["reported"]["id"]
                if cloud not in self._context.app.providers:
                    return UsageError(f"no provider for the cloud '{cloud}'")
                self._change(self._context.app.providers[cloud], node)
            except ReshError as error:
                return error
            return None

        with ThreadPoolExecutor(max(1, self._context.app.settings.number("collect.refresh")), thread_name_prefix="tag") as pool:
            for node, error in zip(nodes, pool.map(carried(attempt), nodes), strict=True):
                if not isinstance(error, Cancelled):
                    self._count(error)
                    yield node, error

    def _count(self, error: ReshError | None) -> None:
        self.changed, self.refused = self.changed + (error is None), self.refused + (error is not None)
        refused = f", {self.refused:,} refused" if self.refused else ""
        self._context.sink.live([f"{self._what}: {self.changed:,} changed{refused}"])

    def _row(self, node: Document, error: ReshError | None, again: Refreshed | None) -> Rows:
        unread = "" if again is None or again.outcome not in ("failed", "gone") else f"{_UNREAD}: {again.message or 'gone'}"
        if self._results:
            result, message = ("refused", error.message) if error else ("changed", unread)
            yield {**_named(node), "result": result, "message": message, **_place(node)}
        elif error:
            self._context.sink.note(f"refused: {node['kind']} {node['reported'].get('id')}: {error.message}")
        else:
            if unread:
                self._context.sink.note(f"{node['kind']} {node['reported'].get('id')}: {unread}")
            yield self._context.app.graph.node(node["id"]) or node


def _named(node: Document) -> Row:
    return {"kind": node["kind"], "id": node["reported"].get("id"), "name": node["reported"].get("name")}


def _place(node: Document) -> Row:
    levels = {level: identity(node, level, "name") for level in ("account", "region")}
    return {**levels, "node_id": node["id"]}


_KEY = Argument("key", help="the tag's key", complete="tag")
_OPTIONS = (
    Option("dry-run", help="only say what would change"),
    Option("nowait", help="do not read the resources again: the graph learns of it at the next collect"),
    Option("results", help="a row for each resource: changed or refused, and why; otherwise the changed resources"),
)

TAG = Command(
    "tag",
    None,
    "change tags of resources in their cloud",
    FLOW,
    subcommands=(
        Command(
            "update",
            run_update,
            "set a tag",
            FLOW,
            Role.operator,
            arguments=(_KEY, Argument("value", help="its value; {name} and the like are filled from the resource", complete="tag value")),
            options=_OPTIONS,
            help="Each resource is changed through its kind's own call, several at a time, then read again, so that the graph knows it. "
            "Kinds without tags are refused. The changed resources come out as rows. Ctrl-C stops it: what was changed until then is told.",
            examples=(
                ("search id = vol-0f3a91c2 | tag update owner ada | list id, tags.owner", "somebody has to answer for it"),
                ("search is(volume) and tags.owner = null | tag update owner ada --dry-run", "what would change"),
                ("search id = vol-0f3a91c2 | tag update owner ada --results", "how it went"),
            ),
        ),
        Command(
            "delete",
            run_delete,
            "take a tag off",
            FLOW,
            Role.operator,
            arguments=(_KEY,),
            options=_OPTIONS,
            examples=(("search is(instance) and tags.expiration != null | tag delete expiration | count", "they stay for good"),),
        ),
    ),
)
