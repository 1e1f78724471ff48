"""`tag update` and `tag delete`: tags of resources, changed in their cloud, and read again from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from resh.commands.base import FLOW, Argument, Command, Context, Option, Role, Rows
from resh.commands.counted import counted
from resh.commands.lookup import documents
from resh.commands.places import fill
from resh.errors import ReshError, UsageError
from resh.graph.base import Document
from resh.providers.base import Provider
from resh.providers.counting import carried
from resh.providers.refresh import Refreshed

_CHUNK = 200
_UNREAD = "changed in the cloud, but not read again"

Change = Callable[[Provider, Document], None]


def run_update(context: Context, rows: Rows, key: str, value: str, dry_run: bool) -> Rows:
    if dry_run:
        return _preview(context, rows, key, lambda node: fill(value, node))
    return _changed(context, rows, lambda provider, node: provider.tag(node, key, fill(value, node)))


def run_delete(context: Context, rows: Rows, key: str, dry_run: bool) -> Rows:
    if dry_run:
        return _preview(context, rows, key, lambda node: None)
    return _changed(context, rows, lambda provider, node: provider.untag(node, key))


def _preview(context: Context, rows: Rows, key: str, value: Callable[[Document], str | None]) -> Rows:
    """What would change, one row for each resource; nothing is asked of the cloud."""
    for node in documents(context, rows):
        before, after = (node["reported"].get("tags") or {}).get(key), value(node)
        if before != after:
            named = {"kind": node["kind"], "id": node["reported"].get("id"), "name": node["reported"].get("name")}
            yield {**named, "tag": key, "before": before, "after": after, "node_id": node["id"]}


def _changed(context: Context, rows: Rows, change: Change) -> Rows:
    """The resources that were changed, as they are now; of each other one is said why not."""
    done = refused = 0
    found = documents(context, rows)
    with counted(context, "tag") as counting:
        while chunk := list(islice(found, _CHUNK)):
            context.cancel.check()
            with counting:
                tagged = list(_tagged(context, chunk, change))
                again = list(context.app.refresh(tagged, context.cancel))
            done, refused = done + len(tagged), refused + len(chunk) - len(tagged)
            yield from _as_they_are(context, again)
    if refused:
        context.status = 3 if done else 1


def _tagged(context: Context, nodes: list[Document], change: Change) -> Iterator[Document]:
    """Several at a time."""

    def attempt(node: Document) -> ReshError | None:
        try:
            context.cancel.check()
            cloud = node["ancestors"]["cloud"]["reported"]["id"]
            if cloud not in context.app.providers:
                return UsageError(f"no provider for the cloud '{cloud}'")
            change(context.app.providers[cloud], node)
        except ReshError as error:
            return error
        return None

    with ThreadPoolExecutor(max(1, context.app.settings.number("collect.refresh")), thread_name_prefix="tag") as pool:
        for node, error in zip(nodes, pool.map(carried(attempt), nodes), strict=True):
            if error is None:
                yield node
            else:
                context.sink.note(f"refused: {node['kind']} {node['reported'].get('id')}: {error.message}")


def _as_they_are(context: Context, results: list[Refreshed]) -> Rows:
    for result in results:
        if result.outcome in ("failed", "gone"):
            context.sink.note(f"{result.document['kind']} {result.document['reported'].get('id')}: {_UNREAD}: {result.message or 'gone'}")
        yield context.app.graph.node(result.document["id"]) or result.document


_KEY = Argument("key", help="the tag's key", complete="tag")
_DRY = Option("dry-run", help="only say what would change")

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
            arguments=(_KEY, Argument("value", help="its value; {name} and the like are filled from the resource")),
            options=(_DRY,),
            help="Each resource is changed through its kind's own call, several at a time, then read again, so that the graph knows it. "
            "Kinds without tags are refused. The changed resources come out as rows.",
            examples=(("search id = vol-0f3a91c2 | tag update owner ada | list id, tags.owner", "somebody has to answer for it"),),
        ),
        Command(
            "delete",
            run_delete,
            "take a tag off",
            FLOW,
            Role.operator,
            arguments=(_KEY,),
            options=(_DRY,),
            examples=(("search is(instance) and tags.expiration != null | tag delete expiration | count", "they stay for good"),),
        ),
    ),
)
