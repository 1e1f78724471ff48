"""Edges of an account: one row each for searches, and all of them packed, to compare a merge with and for walks over everything.

The merge reads what there was and writes what there is:

    packed = read(connection, gid)
    if not packed.holds(new):                     # {(source nid, target nid, edge type, own), …}
        write(connection, gid, gathered(packed), new, fresh, now)  # only the difference; `fresh`: rows of nodes that are new

`own` says which end told of the edge; when both did, the edge is in the set twice, and once in the table.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from heapq import merge
from itertools import islice, pairwise
from zlib import compress, decompress

import apsw

from resh.graph import history
from resh.graph.history import CREATED, DELETED
from resh.model.edge import EDGE_TYPES

SOURCE, TARGET = 1, 2
_AT_ONCE = 4096
_NEAR_BITS = 12
_WIDTH = 8
_ENDS = (0, 8, 16, 17, 18)
"""Of the bytes of an edge: source, target, type, owner."""

TYPES: Mapping[str, int] = {name: number for number, name in enumerate(EDGE_TYPES)}

PackedEdge = tuple[int, int, int, int]
Edges = set[PackedEdge]
Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Packed:
    src: array[int]
    dst: array[int]
    et: bytes
    own: bytes

    def __iter__(self) -> Iterator[PackedEdge]:
        return zip(self.src, self.dst, self.et, self.own, strict=True)

    def holds(self, edges: Edges) -> bool:
        """Exactly these edges."""
        return len(edges) == len(self.own) and all(edge in edges for edge in self)


def read(connection: apsw.Connection, gid: int) -> Packed:
    packed: bytes | None = connection.execute("SELECT packed FROM adj WHERE gid = ?", (gid,)).get
    return _unpacked(packed) if packed else Packed(array("q"), array("q"), b"", b"")


def write(connection: apsw.Connection, gid: int, old: Edges, new: Edges, fresh: Set[int], now: float) -> None:
    """History gets what went, and what came between nodes that are not fresh, unless another account tells of it too."""
    ordered = list(_sorted(new))
    before, after = _rows(old), _rows(ordered)
    delete = "DELETE FROM edge WHERE src = ? AND dst = ? AND et = ? AND gid = ? RETURNING et, src, dst"
    gone = set(connection.executemany(delete, ((*key, gid) for key in before.keys() - after.keys())))
    history.edges(connection, DELETED, _untold(connection, gone), now)
    come = {(et, src, dst) for src, dst, et in after.keys() - before.keys() if src not in fresh and dst not in fresh}
    history.edges(connection, CREATED, _untold(connection, come), now)
    told = [(et, src, dst, gid, own) for (src, dst, et), own in after.items() if before.get((src, dst, et)) != own]
    told = [row for type in sorted(TYPES.values()) for row in told if row[0] == type]  # in the order of the primary key
    connection.executemany(
        "INSERT INTO edge(et, src, dst, gid, own) VALUES (?, ?, ?, ?, ?) ON CONFLICT (et, src, dst, gid) DO UPDATE SET own = excluded.own",
        told,
    )
    _pack(connection, gid, ordered, len(after))


def gathered(edges: Iterable[PackedEdge]) -> Edges:
    """A set of them, made in pieces: one step of C over half a million would hold up whoever types."""
    found: Edges = set()
    rest = iter(edges)
    while some := list(islice(rest, _AT_ONCE)):
        found.update(some)
    return found


def _sorted(edges: Edges) -> Iterator[PackedEdge]:
    """In pieces, too: those whose sources are near each other together, and of a source with very many some at a time."""
    near = defaultdict[int, list[PackedEdge]](list)
    for edge in edges:
        near[edge[0] >> _NEAR_BITS].append(edge)
    for place in sorted(near):
        yield from merge(*(sorted(near[place][first : first + _AT_ONCE]) for first in range(0, len(near[place]), _AT_ONCE)))


def count(connection: apsw.Connection, gid: int) -> int:
    return connection.execute("SELECT edges FROM adj WHERE gid = ?", (gid,)).get or 0


def unlink(connection: apsw.Connection, nids: Iterable[int], now: float, keep_packed: int | None = None) -> None:
    """Take away every edge at these nodes, whoever made it; the packed edges of one account are left to the caller."""
    touched: dict[int, set[tuple[int, int, int]]] = {}
    for nid in nids:
        for end in ("src", "dst"):
            rows = connection.execute(f"DELETE FROM edge WHERE et IN (0, 1) AND {end} = ? RETURNING gid, src, dst, et", (nid,))
            for gid, src, dst, et in rows:
                touched.setdefault(gid, set()).add((src, dst, et))
    history.edges(connection, DELETED, {(et, src, dst) for dead in touched.values() for src, dst, et in dead}, now)
    for gid, dead in touched.items():
        if gid != keep_packed:
            left = [edge for edge in read(connection, gid) if edge[:3] not in dead]
            _pack(connection, gid, left, len(_rows(left)))


def _untold(connection: apsw.Connection, keys: Iterable[Key]) -> set[Key]:
    """Those of (et, src, dst) that are no edge, whichever account could tell of it."""
    select = "SELECT 1 FROM edge WHERE et = ? AND src = ? AND dst = ?"
    return {key for key in keys if connection.execute(select, key).get is None}


def _rows(edges: Collection[PackedEdge]) -> dict[Key, int]:
    """One for each edge, with the ends that told of it."""
    rows = {(src, dst, et): own for src, dst, et, own in edges}
    if len(rows) < len(edges):
        for src, dst, et, own in edges:
            rows[src, dst, et] |= own
    return rows


def _pack(connection: apsw.Connection, gid: int, ordered: Iterable[PackedEdge], rows: int) -> None:
    src, dst, et, own = array("q"), array("q"), bytearray(), bytearray()
    for source, target, type, ends in ordered:
        src.append(source)
        dst.append(target)
        et.append(type)
        own.append(ends)
    packed = _packed(Packed(src, dst, bytes(et), bytes(own)))
    connection.execute("INSERT OR REPLACE INTO adj(gid, edges, packed) VALUES (?, ?, ?)", (gid, rows, packed))


def _packed(edges: Packed) -> bytes:
    """All first bytes of the sources, all second bytes, … then the targets, types, owners: an eighth of their size, in a few ms."""
    planes = (numbers.tobytes()[plane::_WIDTH] for numbers in (edges.src, edges.dst) for plane in range(_WIDTH))
    return compress(b"".join((*planes, edges.et, edges.own)), level=1)


def _unpacked(packed: bytes) -> Packed:
    whole = decompress(packed)
    count = len(whole) // _ENDS[-1]
    src, dst, et, own = (whole[count * first : count * last] for first, last in pairwise(_ENDS))
    return Packed(_numbers(src, count), _numbers(dst, count), et, own)


def _numbers(planes: bytes, count: int) -> array[int]:
    whole = bytearray(len(planes))
    for plane in range(_WIDTH):
        whole[plane::_WIDTH] = planes[count * plane : count * (plane + 1)]
    return array("q", bytes(whole))
