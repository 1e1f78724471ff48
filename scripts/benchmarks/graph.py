"""The store itself: steps along edges, groups, and the room that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from figures import Figure, median_ms, paired_cpu_ms
from searches import KIND_BITS

from resh.app import App
from resh.search import parse

ANCESTORS = 10
"""So many has a resource of a cloud; those of this world have up to thousands."""
HOP = "is(instance) and instance_cores > 4 --> is(volume) and volume_size > 50"
HOP_BY_HAND = """SELECT DISTINCT e.dst FROM doc s CROSS JOIN edge e INDEXED BY sqlite_autoindex_edge_1 CROSS JOIN doc t
WHERE s.nid BETWEEN ?1 << 40 AND (?1 + 1 << 40) - 1 AND s.reported ->> '$.instance_cores' > 4
AND e.et = 0 AND e.src = s.nid AND e.dst BETWEEN ?2 << 40 AND (?2 + 1 << 40) - 1
AND t.nid = e.dst AND t.reported ->> '$.volume_size' > 50"""
GROUPS = "aggregate(tags.owner, tags.env: sum(1) as count): all"
EXTRACTION = "SELECT count(d.reported ->> '$.tags.owner'), count(d.reported ->> '$.tags.env') FROM doc d"
DOCUMENTS = "SELECT sum(length(json(reported))) FROM doc"


def figures(home: Path) -> Iterator[Figure]:
    with App(home) as app:
        reader = app.graph.database.reader()

        def by_hand(sql: str, *bindings: Any) -> list[Any]:
            return list(reader.execute(sql, bindings))

        ancestors, _ = app.search(f'id("{_leaf(app)}") <-[1:]- all', projection=("/id",))
        yield Figure(f"{ANCESTORS} ancestors of a node", median_ms(lambda: list(app.graph.fetch(ancestors)), 200), 0.1, 1, "0.1 ms")
        hop, _ = app.search(parse(HOP).counted())
        kinds = [app.graph.kind_ids()[kind] for kind in ("aws_ec2_instance", "aws_ec2_volume")]
        sql = f"SELECT count(*) FROM ({HOP_BY_HAND})"
        pair = paired_cpu_ms(lambda: list(app.graph.fetch(hop)), partial(by_hand, sql, *kinds), 5)
        yield Figure("one step, filtered at both ends", *pair, 1.2, "hand-written SQL")
        groups = parse(GROUPS)
        pair = paired_cpu_ms(lambda: list(app.search(groups)[1]), partial(by_hand, EXTRACTION), 3)
        yield Figure("groups by two paths in documents", *pair, 2.5, "bare extraction")
        documents = by_hand(DOCUMENTS)[0][0]
        yield Figure("room on disk", (home / "graph.sqlite3").stat().st_size / 1e6, documents / 1e6, 1.6, "the documents as JSON", "MB")


def _leaf(app: App) -> str:
    """A volume with that many ancestors, more or less."""
    first = app.graph.kind_ids()["aws_ec2_volume"] << KIND_BITS
    nodes = app.graph.database.reader().execute("SELECT id FROM node WHERE nid >= ? LIMIT 200", (first,)).fetchall()

    def distance(id: str) -> int:
        return abs(len(list(app.search(f'id("{id}") <-[1:]- all', projection=("/id",))[1])) - ANCESTORS)

    return min((id for (id,) in nodes), key=distance)
