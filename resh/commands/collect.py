"""`collect`: how complete the graph is."""

from __future__ import annotations

from resh.clock import iso
from resh.commands.base import SOURCE, Command, Context, Option, Rows


def run_status(context: Context, rows: Rows, bad: bool) -> Rows:
    for report, read_at in context.app.graph.scopes(bad_only=bad):
        context.cancel.check()
        yield {
            "scope": str(report.scope),
            "status": str(report.status),
            "count": report.count,
            "read_at": iso(read_at) if read_at else None,
            "operation": report.operation,
            "code": report.code,
            "message": report.message,
        }


COLLECT = Command(
    "collect",
    None,
    "what was collected, scope by scope",
    SOURCE,
    help="A scope is one kind in one region of one account. Only a scope that was read completely may lose resources.",
    subcommands=(
        Command(
            "status",
            run_status,
            "how reading each scope ended, and when it was last read completely",
            options=(Option("bad", help="only scopes that could not be read"),),
            examples=(
                ("collect status --bad", "what was denied or failed, in the cloud's own words"),
                ("collect status | count status", "a summary"),
            ),
        ),
    ),
)
