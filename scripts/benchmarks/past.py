"""Searches about a moment before 1 % of the graph changed, against the same searches about now; each opens the graph anew."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, paired_ms
from merge import merge
from world import world

from resh.app import App
from resh.clock import SystemClock
from resh.graph.sqlite import SqliteStore
from resh.search import parse

LIST = ("id", "name", "volume_size")


def figures(home: Path) -> Iterator[Figure]:
    nodes = int(home.name.partition("-")[2])
    with tempfile.TemporaryDirectory(prefix="past-", dir=home.parent) as folder:
        changed = Path(folder)
        moment = _changed(home, changed, nodes)
        for what, search, columns in (
            ("count of a kind", parse("is(volume)").counted(), None),
            ("count with a property", parse("is(volume) and volume_size = 100").counted(), None),
            ("filtered list", parse("is(volume) and volume_size > 100 and tags.owner = ada"), LIST),
            ("everything with a tag", parse("tags.owner = ada and tags.env = prod").counted(), None),
            ("one hop", parse("is(instance) and instance_cores > 4 --> is(volume)"), ("id", "name")),
        ):

            def run(at: float | None, search: object = search, columns: tuple[str, ...] | None = columns) -> list[object]:
                with App(changed) as app:
                    return list(app.search(search, projection=columns, at=at)[1])  # type: ignore[arg-type]

            measured, reference = paired_ms(lambda run=run: run(moment), lambda run=run: run(None), 5)  # type: ignore[misc]
            yield Figure(f"search --at: {what}", measured, reference, 2, "the same search now")


def _changed(home: Path, changed: Path, nodes: int) -> float:
    """A copy of the graph in which 1 % of the resources changed; the moment before."""
    store = SqliteStore(home / "graph.sqlite3", SystemClock())
    store.database.reader().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    store.close()
    shutil.copy(home / "graph.sqlite3", changed / "graph.sqlite3")
    moment = time.time()
    copy = SqliteStore(changed / "graph.sqlite3", SystemClock())
    for made in world(nodes, 0.01):
        merge(copy, made)
    copy.close()
    return moment
