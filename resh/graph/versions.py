"""Resources as they were around a change: what history leads back to, without making tables of the whole past.

    for change, before, after in versions(connection, changes(connection)): ...

`before` is None for what was created, `after` for what was deleted. Changes come newest first, as `changes` gives them. What is known of a
resource is kept for its next older change, so that a long life is walked through once. When a resource was last seen, whether it was stale
and how much of it was used was not recorded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from json import dumps, loads
from typing import Any, NamedTuple

import apsw

from resh.clock import iso
from resh.graph.base import Change, Document
from resh.graph.document import COLUMNS, TABLES, document
from resh.graph.history import CREATED, DELETED
from resh.graph.patch import patched

_FIRST, _MOST = 50, 2000
"""Changes that are looked at together: few at the start, so that the first come at once."""
_KEPT = 10_000
_UNRECORDED = ("stale", "last_seen")
_NODES = f"SELECT n.nid, {COLUMNS} FROM json_each(?) l CROSS JOIN {TABLES} WHERE n.nid = l.value"
_ENDS = (
    "SELECT nid, before FROM hist INDEXED BY hist_nid WHERE last IS NULL AND change = 'deleted' AND nid IN (SELECT value FROM json_each(?))"
)
_UNDO = (
    "SELECT seq, before FROM hist INDEXED BY hist_nid WHERE last IS NULL AND change = 'updated' AND nid = ? AND seq BETWEEN ? AND ?"
    " ORDER BY seq DESC"
)
_LAST = 2**62


class Version(NamedTuple):
    change: Change
    before: Document | None
    after: Document | None

    @property
    def document(self) -> Document:
        """What the change is about: as it became, or as it was last."""
        found = self.after or self.before
        assert found is not None
        return found


class _State(NamedTuple):
    """The document with everything undone that history's rows from `seq` on tell."""

    seq: int
    document: Document


def versions(connection: apsw.Connection, changes: Iterable[Change]) -> Iterator[Version]:
    rest, size = iter(changes), _FIRST
    states: OrderedDict[int, _State] = OrderedDict()
    while chunk := list(islice(rest, size)):
        with connection:  # nodes and their history of the same state of the graph
            found = _around(connection, chunk, states)
        yield from found
        size = min(2 * size, _MOST)


def _around(connection: apsw.Connection, chunk: Sequence[Change], states: OrderedDict[int, _State]) -> list[Version]:
    """A resource that history has forgotten meanwhile is left out."""
    known = _begin(connection, {change.nid for change in chunk} - states.keys())
    found = []
    for change in chunk:
        state = states.pop(change.nid, None) or known.get(change.nid)
        if state is None:
            continue
        before, after = _step(connection, change, state)
        found.append(Version(change, before, after))
        if before is not None:  # nothing is older than a creation
            states[change.nid] = _State(change.seq, before)
    while len(states) > _KEPT:
        states.popitem(last=False)
    return found


def _step(connection: apsw.Connection, change: Change, state: _State) -> tuple[Document | None, Document | None]:
    """The document before the change and after it."""
    after = state.document
    if change.change == DELETED:
        return after, None
    own: str | None = None
    for seq, undo in connection.execute(_UNDO, (change.nid, change.seq, state.seq - 1)):
        if seq == change.seq:
            own = undo
        else:
            after = undone(after, loads(undo))
    if change.change == CREATED:
        return None, after
    return undone(after, loads(own)) if own else after, after


def _begin(connection: apsw.Connection, nids: set[int]) -> dict[int, _State]:
    """As they are now, or were last."""
    wanted = dumps(sorted(nids))
    found = {nid: _State(_LAST, _recorded(document(row))) for nid, *row in connection.execute(_NODES, (wanted,))}
    for nid, before in connection.execute(_ENDS, (wanted,)):
        found[nid] = _State(_LAST, _recorded(loads(before)))
    return found


def undone(document: Document, undo: Mapping[str, Any]) -> Document:
    """The document before a change, by what history keeps of an update (see `schema.sql`)."""
    found = {**document, "updated": iso(undo["updated"])}
    for section in ("reported", "desired", "metadata"):
        if section in undo:
            found[section] = patched(document[section], undo[section])
    columns = undo.get("columns", {})
    if "expires" in columns:
        found["metadata"] = patched(found["metadata"], {"expires": columns["expires"]})
    for level in ("region", "zone"):
        if level in columns:
            place = {"reported": {"id": columns[level], "name": columns[level]}} if columns[level] else None
            found["ancestors"] = {name: value for name, value in (found["ancestors"] | {level: place}).items() if value}
    return found


def _recorded(document: Document) -> Document:
    metadata = {key: value for key, value in document["metadata"].items() if key not in _UNRECORDED}
    return {key: value for key, value in document.items() if key != "usage"} | {"metadata": metadata}
