"""`cleanup`: the plan, what is marked, the rules, and what was deleted."""

from __future__ import annotations

from collections.abc import Iterator

from resh.cleanup.journal import Entry
from resh.cleanup.marking import name_of
from resh.cleanup.plan import MARKED
from resh.cleanup.recorded import recent, report_lines
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Row, Rows
from resh.commands.cleanup_plans import PLANNING
from resh.commands.cleanup_rules import RULES
from resh.durations import parse_duration


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
            **({"not_before": desired["clean_after"]} if desired.get("clean_after") else {}),
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
            "entry": entry.id,
        }


def run_show(context: Context, rows: Rows, entry: str) -> Rows:
    found = context.app.cleanup.journal.entry(entry)
    yield {**_answer(found), "document": found.document, "edges": [list(edge) for edge in found.edges]}


def run_report(context: Context, rows: Rows, since: str) -> Iterator[str]:
    start = context.app.clock.now() - parse_duration(since)
    yield from report_lines(recent(context.app.cleanup.journal.entries(), start), start)


def _answer(entry: Entry) -> Row:
    return {
        "entry": entry.id,
        "at": entry.at,
        "finished": entry.finished,
        "result": entry.result or "unknown",
        "code": entry.code,
        "message": entry.message,
        "reason": entry.reason,
        "by": entry.by,
        "plan": entry.plan,
        "run": entry.run,
        "monthly_cost": entry.monthly_cost,
    }


CLEANUP = Command(
    "cleanup",
    None,
    "what would be deleted, in which order, and what was",
    SOURCE,
    help="clean marks resources; the step cleanup of a workflow, or cleanup apply, deletes them, where settings allow it.",
    subcommands=(
        *PLANNING,
        Command("marked", run_marked, "what is marked, by whom and why", examples=(("cleanup marked | count reason", "reasons"),)),
        RULES,
        Command(
            "history",
            run_history,
            "deletions that were tried, newest first",
            options=(Option("limit", int, 50, "how many"),),
            examples=(("cleanup history", "the journal"),),
        ),
        Command(
            "show",
            run_show,
            "one deletion in full: the resource as it was, its edges, and what the cloud answered",
            arguments=(Argument("entry", help="as cleanup history names it, or last"),),
            examples=(("cleanup show last", "the newest"),),
        ),
        Command(
            "report",
            run_report,
            "how many were deleted, by rule, kind and day, and what that saves",
            options=(Option("since", str, "30d", "how far back", "moment"),),
            examples=(("cleanup report --since 30d", "the last month"),),
        ),
    ),
)
