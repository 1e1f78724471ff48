"""`cleanup`: the plan, what is marked, and what was deleted."""

from __future__ import annotations

from collections.abc import Iterator

from resh.cleanup.drawing import draw
from resh.cleanup.marking import name_of
from resh.cleanup.plan import MARKED
from resh.commands.base import SOURCE, Command, Context, Option, Rows


def run_plan(context: Context, rows: Rows) -> Iterator[str]:
    app = context.app
    context.freshness = app.graph.freshness()
    yield from draw(app.cleanup.plan(), app.kinds)
    if not app.settings.flag("cleanup.enabled"):
        yield "clean-up is off: config set cleanup.enabled true"
    elif app.cleanup.dry_run:
        yield "clean-up only says what it would delete: config set cleanup.dry_run false"


def run_marked(context: Context, rows: Rows) -> Rows:
    for document in context.app.documents(MARKED, context.cancel):
        desired, ancestors = document.get("desired") or {}, document.get("ancestors") or {}
        yield {
            "kind": document["kind"],
            "id": (document.get("reported") or {}).get("id"),
            "name": name_of(document),
            "reason": desired.get("clean_reason"),
            "by": desired.get("clean_by"),
            "marked_at": desired.get("clean_at"),
            **{name: ((ancestors.get(name) or {}).get("reported") or {}).get("name") for name in ("account", "region")},
            "node_id": document["id"],
        }


def run_history(context: Context, rows: Rows, limit: int) -> Rows:
    entries = list(context.app.cleanup.journal.entries())
    for entry in reversed(entries[-limit:] if limit else []):
        reported = entry.document.get("reported") or {}
        yield {
            "at": entry.at,
            "result": entry.result or "unknown",
            "kind": entry.document.get("kind"),
            "id": reported.get("id"),
            "name": reported.get("name"),
            "reason": entry.reason,
            "by": entry.by,
            "run": entry.run,
            "message": entry.message,
        }


CLEANUP = Command(
    "cleanup",
    None,
    "what would be deleted, in which order, and what was",
    SOURCE,
    help="clean marks resources; the step cleanup of a workflow deletes them, where settings allow it.",
    subcommands=(
        Command("plan", run_plan, "what the next clean-up deletes, in order, and what not and why", examples=(("cleanup plan", "a tree"),)),
        Command("marked", run_marked, "what is marked, by whom and why", examples=(("cleanup marked | count reason", "reasons"),)),
        Command(
            "history",
            run_history,
            "deletions that were tried, newest first",
            options=(Option("limit", int, 50, "how many"),),
            examples=(("cleanup history", "the journal"),),
        ),
    ),
)
