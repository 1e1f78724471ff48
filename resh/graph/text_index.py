"""The index of words, beside the documents: what is in it, what is not yet, and how it is brought up to date.

    step = next_step(reader)                  # read some documents that the index does not know, without a lock
    write(connection, step)                   # inside a short transaction; False when another process was faster

    search(connection, query)                 # what the index cannot tell yet is found in the documents

Merges do not write it. The history tells what they changed, so a number of its rows says up to where the index knows the graph: a search
takes what the index finds among the others, and looks itself at nodes that changed after that row. Who dies loses one step at most.
`text_index.sql` has the tables; a graph without them gets them when they are first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from resh.graph.base import CompiledQuery, Waiting
from resh.graph.history import UPDATED
from resh.graph.words import Phrases, flat

STEP = 500
"""Documents that go into the index in one transaction: some 20 ms, in which others who write have to wait."""

_EVERYTHING = 2**62
_FEW = 4
_TELLS = f"(h.change <> '{UPDATED}' OR (h.before -> '$.desired' IS NULL AND h.before -> '$.metadata' IS NULL))"
"""Whether a row of history is about documents: what people set is no part of them."""
_CHANGED = f"""SELECT h.nid FROM hist h WHERE h.seq > ?1 AND h.last IS NULL AND {_TELLS}
UNION SELECT n.nid FROM hist h CROSS JOIN node n ON n.nid BETWEEN h.nid AND h.last WHERE h.seq > ?1 AND h.last IS NOT NULL"""
_ROWS = f"SELECT h.seq, h.nid, coalesce(h.last, h.nid) FROM hist h WHERE h.seq > ? AND {_TELLS} ORDER BY h.seq LIMIT {STEP}"
_OF_RANGE = f"SELECT nid, json(reported) FROM doc WHERE nid BETWEEN ? AND ? ORDER BY nid LIMIT {STEP}"
_DOCUMENT = "SELECT json(reported) FROM doc WHERE nid = ?"


class Position(NamedTuple):
    """See the table `indexed`."""

    seq: int
    nid: int
    part: int


class Step(NamedTuple):
    """From one position to the next: nodes with the words of their documents, and nodes that are no more."""

    before: Position
    after: Position
    words: Sequence[tuple[int, str]]
    gone: Sequence[int]


def exists(connection: apsw.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'indexed'").get)


def create(connection: apsw.Connection) -> None:
    """Empty tables, unless another process has made them meanwhile."""
    if not exists(connection):
        connection.execute(Path(__file__).with_suffix(".sql").read_text("utf-8"))


def count_waiting(connection: apsw.Connection) -> int:
    """How many documents a search has to look at itself."""
    if not exists(connection):
        everything: int = connection.execute("SELECT count(*) FROM doc").get
        return everything
    position = _position(connection)
    if not _is_behind(connection, position):
        return 0
    changed: Any = connection.execute(_CHANGED, (position.seq,)).fetchall()
    beyond: int = connection.execute("SELECT count(*) FROM doc WHERE nid > ?", (position.nid,)).get
    return beyond + sum(1 for (nid,) in changed if nid <= position.nid)


def next_step(connection: apsw.Connection) -> Step | None:
    """None when the index knows everything."""
    position = _position(connection)
    if position.nid < _EVERYTHING:
        return _through_documents(connection, position)
    return _through_history(connection, position) if _is_behind(connection, position) else None


def write(connection: apsw.Connection, step: Step) -> bool:
    if _position(connection) != step.before:
        return False
    connection.executemany("INSERT OR REPLACE INTO words(rowid, words_of_doc) VALUES (?, ?)", step.words)
    connection.executemany("DELETE FROM words WHERE rowid = ?", ((nid,) for nid in step.gone))
    connection.execute("UPDATE indexed SET seq = ?, nid = ?, part = ?", step.after)
    return True


def before_pruning(connection: apsw.Connection, before: float) -> None:
    """History from before then is about to go. An index that still needs it begins anew; numbers of rows that go may come again."""
    if not exists(connection):
        return
    position = _position(connection)
    newest = "SELECT coalesce(max(seq), 0) FROM hist"
    if connection.execute("SELECT EXISTS (SELECT 1 FROM hist WHERE seq > ? AND at < ?)", (position.seq, before)).get:
        connection.execute("INSERT INTO words(words) VALUES ('delete-all')")
        position = Position(connection.execute(newest).get, 0, 0)
    last: int = connection.execute(f"{newest} WHERE at >= ?", (before,)).get
    connection.execute("UPDATE indexed SET seq = ?, nid = ?, part = ?", position._replace(seq=min(position.seq, last)))


def search(connection: apsw.Connection, query: CompiledQuery) -> tuple[apsw.Cursor, bool]:
    """Run a search that was compiled for the index; also tells whether it lags behind. All is of one state of the graph."""
    connection.execute("BEGIN")
    try:
        position = _position(connection)
        behind = _is_behind(connection, position)
        if behind:
            found = connection.execute(query.sql, _filled(connection, position, query.bindings))
        else:
            found = connection.execute(query.current, _empty(query.bindings))
        connection.execute("COMMIT")  # the search goes on seeing what it sees
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return found, behind


def _empty(bindings: Sequence[Any]) -> tuple[Any, ...]:
    return tuple("[]" if isinstance(value, Waiting) else value for value in bindings)


def _filled(connection: apsw.Connection, position: Position, bindings: Sequence[Any]) -> tuple[Any, ...]:
    from orjson import dumps

    wanted = {value: list[int]() for value in bindings if isinstance(value, Waiting)}
    changed = [nid for (nid,) in connection.execute(_CHANGED, (position.seq,))]
    looks = [(_look(value), found) for value, found in wanted.items() if value.phrases]
    for nid, document in _waiting(connection, position, changed) if looks else ():
        text = _flat(document) if len(looks) > _FEW else None
        for look, found in looks:
            if look(document, text):
                found.append(nid)
    wanted |= {value: changed for value in wanted if not value.phrases}
    return tuple(dumps(wanted[value]).decode() if isinstance(value, Waiting) else value for value in bindings)


def _look(waiting: Waiting) -> Callable[[str, str | None], bool]:
    """Takes a document, and its words where somebody has them already."""
    phrases = [Phrases(phrase) for phrase in (waiting.phrases if waiting.all else ("\n".join(waiting.phrases),))]

    def look(document: str, text: str | None) -> bool:
        return all(one.occur(document) if text is None else one.occur_in(text) for one in phrases)

    return look


def _waiting(connection: apsw.Connection, position: Position, changed: Iterable[int]) -> Iterator[tuple[int, str]]:
    for nid in changed:
        if nid <= position.nid:
            yield from ((nid, document) for (document,) in connection.execute(_DOCUMENT, (nid,)))
    yield from connection.execute("SELECT nid, json(reported) FROM doc WHERE nid > ?", (position.nid,))


def _position(connection: apsw.Connection) -> Position:
    rows: Any = connection.execute("SELECT seq, nid, part FROM indexed").fetchall()
    return Position(*rows[0])


def _is_behind(connection: apsw.Connection, position: Position) -> bool:
    return position.nid < _EVERYTHING or (connection.execute("SELECT max(seq) FROM hist").get or 0) > position.seq


def _through_documents(connection: apsw.Connection, position: Position) -> Step:
    """The first time: one after the other."""
    words = _words(connection.execute(_OF_RANGE, (position.nid + 1, _EVERYTHING)))
    last = words[-1][0] if len(words) == STEP else _EVERYTHING
    return Step(position, position._replace(nid=last), words, ())


def _through_history(connection: apsw.Connection, position: Position) -> Step:
    """What changed; a long run of new nodes in several steps."""
    words: dict[int, str] = {}
    gone: set[int] = set()
    rows: Any = connection.execute(_ROWS, (position.seq,)).fetchall()
    at = position
    for seq, first, last in rows:
        found = _words(connection.execute(_OF_RANGE, (max(first, at.part + 1), last)))
        words.update(found)
        if not found and first == last:
            gone.add(first)
        if len(found) == STEP:
            at = at._replace(part=found[-1][0])
            break
        at = at._replace(seq=seq, part=0)
        if len(words) + len(gone) >= STEP:
            break
    else:
        if len(rows) < STEP:
            at = at._replace(seq=connection.execute("SELECT max(seq) FROM hist").get)
    return Step(position, at, list(words.items()), sorted(gone))


def _words(documents: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(nid, _flat(document)) for nid, document in documents]


def _flat(document: str) -> str:
    from orjson import loads

    return flat(loads(document))
