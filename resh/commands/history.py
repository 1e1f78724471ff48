"""`history`: what changed in the graph."""

from __future__ import annotations

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows
from resh.commands.lookup import one_node
from resh.durations import parse_time

ALL = -1
"""As SQL's LIMIT has it."""


def run(context: Context, rows: Rows, resource: str | None, limit: int | None, since: str | None) -> Rows:
    graph = context.app.graph
    after = parse_time(since, context.app.clock.now()) if since else None
    id = one_node(context, resource)["id"] if resource else None
    for change in graph.history(limit=ALL if limit is None else limit, id=id, since=after):
        context.cancel.check()
        row = {"changed_at": iso(change.at), "change": change.change, "kind": change.kind, "id": change.id, "name": change.name}
        yield {**row, "before": dict(change.before)} if change.before else row


HISTORY = Command(
    "history",
    run,
    "what changed in the graph, newest first",
    SOURCE,
    arguments=(Argument("resource", required=False, help="id or name of a resource, to see only its changes", complete="id"),),
    options=(
        Option("limit", int, None, "how many changes; all when not given"),
        Option("since", str, None, "a date or how long ago, such as 2026-11-01 or 3d"),
    ),
    examples=(("history --limit 5", "the last five changes"), ("history --since 1d | count change", "how much changed in a day")),
)
