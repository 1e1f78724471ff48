"""From what people type to a resource: its id in the graph, its id in the cloud, or its name.

one_node(context, "vol-0f3a91c2aa01e77d1")      its document
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from resh.commands.base import Context, Row, Rows
from resh.errors import ReshError, UsageError
from resh.graph.base import Document

_MOST = 20


def nodes_named(context: Context, text: str) -> list[Document]:
    """Every node with that id or name, at most a few."""
    document = context.app.graph.node(text)
    if document is not None:
        return [document]
    from resh.render.json import compact

    word = compact(text)
    return list(islice(context.app.documents(f"id = {word} or name = {word} limit {_MOST}", context.cancel), _MOST))


def node_id(context: Context, row: Row) -> str:
    """The id of the resource that a row is or names. What is no id in the graph may be the cloud's, or a name, if only one goes by it."""
    if isinstance(row, dict) and isinstance(found := row.get("node_id", row.get("id")), str):
        return found
    if not isinstance(row, str):
        raise ReshError("a row is neither a resource nor an id", 'give it a search, or ids such as json ["…"]')
    named = nodes_named(context, row.strip())
    return str(named[0]["id"]) if len(named) == 1 else row.strip()


def documents(context: Context, rows: Rows) -> Iterator[Document]:
    """The resource of each row, as the graph has it now; of what is none it is said, and the answer is partial."""
    for row in rows:
        id = node_id(context, row)
        document = context.app.graph.node(id)
        if document is None:
            context.sink.note(f"nothing in the graph has the id or name '{id}'")
            context.status = 3
        else:
            yield document


def one_node(context: Context, text: str) -> Document:
    """The one node with that id or name. Raises ReshError when there is none, UsageError when it could be several."""
    found = nodes_named(context, text)
    if not found:
        raise ReshError(f"nothing in the graph has the id or name '{text}'", f'search name =~ "{text}" finds similar ones')
    if len(found) > 1:
        choices = ", ".join(f"{document['kind']} {document['id']}" for document in found[:3])
        raise UsageError(
            f"{len(found)} resources are called '{text}'", f"give one of these ids: {choices}{', …' if len(found) > 3 else ''}"
        )
    return found[0]
