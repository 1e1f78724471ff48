"""`cleanup history`, `show` and `report`: what was deleted, read from the journal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from resh.cleanup.journal import Entry
from resh.cleanup.recorded import recent, report_lines
from resh.commands.base import Argument, Command, Context, Option, Row, Rows
from resh.commands.sheet import Sheet
from resh.durations import parse_duration
from resh.render.json import compact
from resh.text import fold, one_line, pad

_NAMES = 14
"""Columns for names of values."""


def run_history(context: Context, rows: Rows, limit: int) -> Rows:
    entries = list(context.app.cleanup.journal.entries())
    for entry in reversed(entries[-limit:] if limit else []):
        yield Sheet(_tried(entry), partial(_told, entry))


def run_show(context: Context, rows: Rows, entry: str, json: bool) -> Rows:
    found = context.app.cleanup.journal.entry(entry)
    row = {**_answer(found), "document": found.document, "edges": [list(edge) for edge in found.edges]}
    yield compact(row) if json else Sheet(row, partial(_record, row))


def run_report(context: Context, rows: Rows, since: str) -> Iterator[str]:
    start = context.app.clock.now() - parse_duration(since)
    yield from report_lines(recent(context.app.cleanup.journal.entries(), start), start, context.columns)


def _tried(entry: Entry) -> Row:
    reported = entry.document.get("reported") or {}
    return {
        "at": entry.at,
        "deed": entry.deed,
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


def _told(entry: Entry, columns: int) -> Iterator[str]:
    """Two lines or more for people: what, then why, by whom, and what the cloud said."""
    reported, result = entry.document.get("reported") or {}, entry.result or "unknown"
    named = f" ({reported.get('name')})" if reported.get("name") not in (None, reported.get("id")) else ""
    done = result if result in ("deleted", "quarantined", "released", "detached") else f"{entry.deed} {result}"
    first = f"{entry.at}  {pad(done, 11)}  "
    yield from fold(one_line(f"{entry.document.get('kind')} {reported.get('id')}{named}"), columns, first, "  ")
    parts = [entry.reason, f"by {entry.by}", entry.run and f"run {entry.run}", f"entry {entry.id}", entry.message]
    yield from fold(one_line(" · ".join(filter(None, parts))), columns, "  ", "  ")


def _answer(entry: Entry) -> Row:
    return {
        "entry": entry.id,
        "at": entry.at,
        "finished": entry.finished,
        "deed": entry.deed,
        "result": entry.result or "unknown",
        "code": entry.code,
        "message": entry.message,
        "reason": entry.reason,
        "by": entry.by,
        **({"people": list(entry.people)} if entry.people else {}),
        "plan": entry.plan,
        "run": entry.run,
        "monthly_cost": entry.monthly_cost,
        "snapshots": list(entry.snapshots),
        **({"ties": [dict(tie) for tie in entry.ties]} if entry.ties else {}),
        "calls": [dict(call) for call in entry.calls],
    }


def _record(row: Row, columns: int) -> Iterator[str]:
    """All of it, a line for each value; what there is not is left out."""
    for name, value in row.items():
        if name == "document":
            yield from _section(name, {key: part for key, part in value.items() if part}, columns)
        elif name == "edges":
            yield from _section(name, [" → ".join(edge[:2]) + f" ({edge[2]})" for edge in value], columns)
        elif name == "calls":
            yield from _section(name, [" ".join(filter(None, call.values())) for call in value], columns)
        elif isinstance(value, list):
            yield from _section(name, value, columns)
        elif value not in (None, ""):
            yield from fold(one_line(str(value)), columns, pad(name, _NAMES), " " * _NAMES)


def _section(name: str, value: Any, columns: int) -> Iterator[str]:
    """Below its name, as YAML."""
    from resh.render.yaml import document

    if value:
        yield name
        for line in document(value).split("\n")[1:]:
            indent = " " * (len(line) - len(line.lstrip()) + 2)
            yield from fold(line.lstrip(), columns, indent, f"{indent}  ")


_ENTRY = Argument("entry", help="as cleanup history names it, or last", complete="free")

RECORD = (
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
        arguments=(_ENTRY,),
        options=(Option("json", help="a line of JSON"),),
        examples=(("cleanup show last", "the newest"),),
    ),
)
REPORT = Command(
    "report",
    run_report,
    "how many were deleted, by rule, kind and day, and what that saves",
    options=(Option("since", str, "30d", "how far back", "moment"),),
    examples=(("cleanup report --since 30d", "the last month"),),
)
