"""`refresh`: the resources of a search, or ids, read again from their cloud."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from resh.cleanup.marking import name_of
from resh.commands.base import FLOW, Command, Context, Role, Row, Rows
from resh.commands.counted import counted
from resh.commands.lookup import documents
from resh.graph.base import Document
from resh.providers.refresh import Refreshed

_CHUNK = 500


def run(context: Context, rows: Rows) -> Rows:
    """Chunk by chunk, so that the first results come soon and a transaction stays short."""
    failed = done = 0
    left = _once(documents(context, rows))
    with counted(context, "refresh") as counting:
        while chunk := list(islice(left, _CHUNK)):
            with counting:
                results = list(context.app.refresh(chunk, context.cancel))
            for result in results:
                failed, done = failed + (result.outcome == "failed"), done + (result.outcome != "failed")
                yield _row(result)
    if failed:
        context.status = 3 if done else 1


def _once(found: Iterator[Document]) -> Iterator[Document]:
    seen: set[str] = set()
    for document in found:
        if document["id"] not in seen:
            seen.add(document["id"])
            yield document


def _row(result: Refreshed) -> Row:
    document = result.document
    ancestors = {level: document["ancestors"].get(level, {}).get("reported", {}).get("name") for level in ("account", "region")}
    return {
        "kind": document["kind"],
        "id": document["reported"].get("id"),
        "name": name_of(document),
        "result": result.outcome,
        "message": result.message,
        **ancestors,
        "node_id": document["id"],
    }


REFRESH = Command(
    "refresh",
    run,
    "read resources again from their cloud",
    FLOW,
    Role.operator,
    help="Each is read by itself and merged with its edges: changed, gone (then deleted, with history), unchanged or failed. Nothing else "
    "is read. Kinds that the cloud does not tell one by one fail; collect run --kind reads those.",
    examples=(("search is(volume) and volume_status = available | refresh | count result", "are they still unattached?"),),
)
