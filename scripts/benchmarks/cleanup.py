"""How long a plan takes when much is marked: in a copy of the graph, whose marks are nobody else's."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, median_cpu_ms

from resh.app import App
from resh.cleanup.marking import clean

MARKED = 10_000
SETTINGS = ["cleanup.accounts=*", "cleanup.max_graph_age=100y", "cleanup.min_age=0s"]


def figures(home: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="resh-bench-", dir=home.parent) as scratch:
        shutil.copy(home / "graph.sqlite3", scratch)
        with App(Path(scratch), overrides=SETTINGS) as app:
            ids = [id for (id,) in app.search(f"is(aws_ec2_volume) limit {MARKED}", projection=("/id",))[1]]
            clean(app.graph, app.kinds, ids, reason="bench", by="bench", now=app.clock.now())
            plan = app.cleanup.plan()
            listed = len(plan) + len(plan.refused)
            assert listed == MARKED, f"{listed} of {MARKED} are in the plan"
            yield Figure(f"plan {MARKED:,} marked resources", median_cpu_ms(app.cleanup.plan, 3), 2000, 1, "2 s")
