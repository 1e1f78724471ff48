"""Searches against the same question in SQL written by hand for this file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from figures import Figure, median_ms, paired_ms

from resh.app import App

SHIFT = 40


def figures(home: Path) -> Iterator[Figure]:
    with App(home) as app:
        numbers = app.graph.kind_ids()
        volume, instance = (numbers[name] << SHIFT for name in ("aws_ec2_volume", "aws_ec2_instance"))
        end = (1 << SHIFT) - 1
        point = app.graph.database.reader().execute("SELECT id, rid FROM node WHERE nid >= ? LIMIT 1", (volume,)).fetchone()
        questions: tuple[tuple[str, Callable[[], object], str, tuple[object, ...]], ...] = (
            ("count with a property", lambda: _count(app, "is(volume) and volume_status = available"),
             "SELECT count(*) FROM doc d WHERE d.nid BETWEEN ? AND ? AND d.doc ->> '$.volume_status' = 'available'", (volume, volume + end)),
            ("100 documents of a kind", lambda: list(app.documents("is(aws_ec2_instance) and instance_cores > 4 limit 100")),
             "SELECT n.id, n.name, n.rid, n.desired, n.meta, n.region, json(d.doc) FROM node n CROSS JOIN doc d ON d.nid = n.nid "
             "WHERE n.nid BETWEEN ? AND ? AND d.doc ->> '$.instance_cores' > 4 ORDER BY n.nid LIMIT 100", (instance, instance + end)),
            ("one resource by its id", lambda: list(app.documents(f"id({point[0]})")),
             "SELECT n.id, n.name, n.rid, n.desired, n.meta, n.region, json(d.doc) FROM node n CROSS JOIN doc d ON d.nid = n.nid WHERE n.id = ?", (point[0],)),
        )  # fmt: skip
        for what, ours, sql, bindings in questions:
            measured, reference = paired_ms(ours, lambda sql=sql, bindings=bindings: list(app.graph.database.reader().execute(sql, bindings)), 9)
            yield Figure(f"search: {what}", measured, reference, 1.2, "hand-written SQL")
        yield Figure("compile a search", median_ms(lambda: _compile(app)), 0.05, 1, "50 µs")


def _count(app: App, text: str) -> object:
    from resh.search import parse

    return list(app.search(parse(text).counted())[1])


def _compile(app: App) -> object:
    return app.search(_PARSED)[0]


from resh.search import parse  # noqa: E402

_PARSED = parse("is(aws_ec2_volume) and volume_size > 700 and tags.owner = null <-[1:3]- is(aws_region)")
