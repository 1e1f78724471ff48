"""Edges of an account: one row each for searches, and all of them packed, to compare a merge with and for walks over everything.

The merge reads what there was and writes what there is:

    packed = read(connection, gid)
    if not packed.holds(new):                     # {(source nid, target nid, edge type, own), …}
        write(connection, gid, set(packed), new)  # only the difference

`own` says which end told of the edge; when both did, the edge is in the set twice, and once in the table.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import apsw

from resh.model.edge import EDGE_TYPES

SOURCE, TARGET = 1, 2

TYPES: Mapping[str, int] = {name: number for number, name in enumerate(EDGE_TYPES)}

PackedEdge = tuple[int, int, int, int]
Edges = set[PackedEdge]


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
        return len(edges) == len(self.own) and all(map(edges.__contains__, self))


def read(connection: apsw.Connection, gid: int) -> Packed:
    src, dst, et, own = connection.execute("SELECT src, dst, et, own FROM adj WHERE gid = ?", (gid,)).fetchone() or (b"", b"", b"", b"")
    return Packed(array("q", src), array("q", dst), et, own)


def write(connection: apsw.Connection, gid: int, old: Edges, new: Edges) -> None:
    ordered = sorted(new)
    before, after = _rows(old), _rows(ordered)
    connection.executemany(
        "DELETE FROM edge WHERE src = ? AND dst = ? AND et = ? AND gid = ?", ((*key, gid) for key in before.keys() - after.keys())
    )
    connection.executemany(
        "INSERT INTO edge(src, dst, et, gid, own) VALUES (?, ?, ?, ?, ?) ON CONFLICT (et, src, dst, gid) DO UPDATE SET own = excluded.own",
        ((*key, gid, own) for key, own in after.items() if before.get(key) != own),
    )
    _pack(connection, gid, ordered, len(after))


def count(connection: apsw.Connection, gid: int) -> int:
    return connection.execute("SELECT edges FROM adj WHERE gid = ?", (gid,)).get or 0


def unlink(connection: apsw.Connection, nids: Iterable[int], keep_packed: int | None = None) -> None:
    """Take away every edge at these nodes, whoever made it; the packed edges of one account are left to the caller."""
    touched: dict[int, set[tuple[int, int, int]]] = {}
    for nid in nids:
        for end in ("src", "dst"):
            rows = connection.execute(f"DELETE FROM edge WHERE et IN (0, 1) AND {end} = ? RETURNING gid, src, dst, et", (nid,))
            for gid, src, dst, et in rows:
                touched.setdefault(gid, set()).add((src, dst, et))
    for gid, dead in touched.items():
        if gid != keep_packed:
            left = [edge for edge in read(connection, gid) if edge[:3] not in dead]
            _pack(connection, gid, left, len(_rows(left)))


def _rows(edges: Iterable[PackedEdge]) -> dict[tuple[int, int, int], int]:
    rows: dict[tuple[int, int, int], int] = {}
    for src, dst, et, own in edges:
        key = (src, dst, et)
        rows[key] = rows.get(key, 0) | own
    return rows


def _pack(connection: apsw.Connection, gid: int, ordered: Iterable[PackedEdge], rows: int) -> None:
    src, dst, et, own = tuple(zip(*ordered, strict=True)) or ((), (), (), ())
    connection.execute(
        "INSERT OR REPLACE INTO adj(gid, edges, src, dst, et, own) VALUES (?, ?, ?, ?, ?, ?)",
        (gid, rows, array("q", src).tobytes(), array("q", dst).tobytes(), bytes(et), bytes(own)),
    )
