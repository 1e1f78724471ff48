"""The graph as it was at a moment: temporary tables, on one connection, with what is different now.

    past = at(connection, epoch)                      # raises ReshError when history does not go back that far
    search(connection, past, sql, bindings)           # makes the tables it reads, unless they are there and nothing has changed since

`past.sql` says what they hold; their names begin with `past.name`. `search/sql/past.py` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import apsw

from resh.clock import iso
from resh.errors import ReshError
from resh.graph.history import COLUMNS as RECORDED
from resh.graph.history import horizon
from resh.record import Record

_KEPT = 4
"""Moments that a connection keeps tables of."""

COLUMNS = ("id", "gid", "region", "zone", "name", "rid", "ctime", "meta", "desired", "expires", "created", "updated")
"""Of `node`, as far as it is known of the past."""


class Past(Record):
    """The state after the last change that was not after the moment (epoch seconds); the same one for all moments until the next change."""

    moment: float

    @property
    def name(self) -> str:
        return f"past_{int(self.moment * 1_000_000)}"


def at(connection: apsw.Connection, moment: float) -> Past:
    since = horizon(connection)
    if since is None:
        return Past(max(0.0, moment))
    _require(since, moment)
    tables = ("SELECT max(at) FROM hist WHERE at <= ?", "SELECT max(at) FROM edge_hist WHERE at <= ?")
    return Past(max([since, *(connection.execute(table, (moment,)).get or 0.0 for table in tables)]))


def search(connection: apsw.Connection, past: Past, sql: str, bindings: Sequence[Any]) -> apsw.Cursor:
    """Run a search that was compiled for that moment. Its tables and what it reads are of the same state of the graph."""
    connection.execute("BEGIN")
    try:
        _prepare(connection, past, sql)
        found = connection.execute(sql, bindings)  # from here on it sees what it sees
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return found


def _prepare(connection: apsw.Connection, past: Past, sql: str) -> None:
    """Make the tables that the search names, unless the connection has them and the graph has not changed since."""
    state = _state(connection, past.moment)
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS moments(name TEXT PRIMARY KEY, state TEXT)")
    known = connection.execute("DELETE FROM temp.moments WHERE name = ? RETURNING state", (past.name,)).get
    if known != state:
        _drop(connection, past.name)
    nodes, *others = _parts()
    for part in (nodes, *(part for part in others if any(f"{past.name}_{table}" in sql for table in part.tables))):
        if not connection.execute("SELECT 1 FROM temp.sqlite_schema WHERE name = ?", (f"{past.name}_{part.tables[0]}",)).get:
            _make(connection, past, part)
    connection.execute("INSERT INTO temp.moments VALUES (?, ?)", (past.name, state))
    for (old,) in connection.execute("SELECT name FROM temp.moments ORDER BY rowid DESC LIMIT -1 OFFSET ?", (_KEPT,)).fetchall():
        _drop(connection, str(old))
        connection.execute("DELETE FROM temp.moments WHERE name = ?", (old,))


def _state(connection: apsw.Connection, moment: float) -> str:
    """Another one as soon as anything changed."""
    since = horizon(connection)
    if since is not None:
        _require(since, moment)
    return repr([since, *(connection.execute(f"SELECT max(seq) FROM {table}").get for table in ("hist", "edge_hist"))])


def _require(since: float, moment: float) -> None:
    if moment < since:
        raise ReshError(
            f"history goes back to {iso(since)}, it cannot tell how the graph was at {iso(moment)}",
            "the setting graph.history says how long it is kept",
        )


def _drop(connection: apsw.Connection, name: str) -> None:
    for table in [table for part in _parts() for table in part.tables]:
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}_{table}")


class _Part(Record):
    """Tables that are made together: their names, the script that makes them, and statements that undo what rows of history tell."""

    tables: tuple[str, ...]
    script: str
    undo: tuple[tuple[str, str], ...] = ()
    """(SELECT of history's rows, statement to run with each)."""


@lru_cache(maxsize=1)
def _parts() -> tuple[_Part, ...]:
    """The first is what the others stand on."""
    _, nodes, documents, edges = re.split(r"^-- = \w+\n", Path(__file__).with_suffix(".sql").read_text("utf-8"), flags=re.MULTILINE)
    return (
        _Part(("since", "later", "then", "moved"), nodes, ((_CHANGES_OF.format("then"), _UNDO),)),
        _Part(("patched", "old"), documents, ((_CHANGES_OF.format("old"), _UNDO_DOCUMENTS),)),
        _Part(("came", "went"), edges),
    )


def _make(connection: apsw.Connection, past: Past, part: _Part) -> None:
    moment = {"moment": past.moment}
    connection.execute(_named(part.script, past), moment).fetchall()
    for changes, undo in part.undo:
        connection.executemany(_named(undo, past), connection.execute(_named(changes, past), moment))


def _named(sql: str, past: Past) -> str:
    return re.sub(r"\bpast_", f"{past.name}_", sql)


_CHANGES_OF = """SELECT h.nid, h.before FROM past_{} t CROSS JOIN hist h INDEXED BY hist_nid ON h.nid = t.nid AND h.last IS NULL
WHERE h.at > :moment AND h.change = 'updated' ORDER BY h.seq DESC"""
"""Newest first, as they are undone."""

_OLD = "{0} = iif(json_type(?2, '$.columns.{0}') IS NULL, {0}, ?2 ->> '$.columns.{0}')"
_SECTION = "{0} = nullif(json_patch(coalesce({0}, '{{}}'), coalesce(?2 -> '$.{1}', '{{}}')), '{{}}')"
_DOCUMENT = "updated = ?2 ->> '$.updated', reported = jsonb_patch(reported, coalesce(?2 -> '$.reported', '{}'))"
_UNDO = f"""UPDATE past_then SET {", ".join(map(_OLD.format, RECORDED))}, {_SECTION.format("desired", "desired")},
{_SECTION.format("meta", "metadata")}, {_DOCUMENT} WHERE nid = ?1"""
_UNDO_DOCUMENTS = f"UPDATE past_old SET {_DOCUMENT} WHERE nid = ?1"
