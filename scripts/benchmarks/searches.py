"""Searches against SQL written by hand that gives the same documents; and what it costs to read and compile one."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from figures import Figure, median_ms, paired_cpu_ms

from resh.app import App
from resh.graph.document import COLUMNS, TABLES, document
from resh.search import compile, parse
from resh.search.tree import Query

KIND_BITS = 40
BUDGET = 1.2
"""Of each search, and of the median of all."""
DOCUMENT = f"SELECT {COLUMNS} FROM {TABLES} "
TYPICAL = "is(aws_ec2_volume) and volume_size > 700 and tags.owner = null <-[1:3]- is(aws_region)"
AVAILABLE = "is(volume) and volume_status = available"
IN_ORDER = "ORDER BY n.name, n.rid"


@dataclass(frozen=True, slots=True)
class Question:
    what: str
    tree: Query
    ours: Callable[[], object]
    sql: str
    bindings: tuple[object, ...]
    documents: bool = False
    projection: tuple[str, ...] | None = None


def figures(home: Path) -> Iterator[Figure]:
    measured, references, compiled = [], [], []
    with App(home) as app:
        app.graph.indexer.catch_up()
        kinds, now = app.kind_ids.hierarchy(), app.clock.now()
        for question in (*_counts(app), *_documents(app), *_texts(app)):
            ours, theirs = paired_cpu_ms(question.ours, partial(_by_hand, app, question))
            yield Figure(f"search: {question.what}", ours, theirs, BUDGET, "hand-written SQL")
            measured.append(ours)
            references.append(theirs)
            compiled.append(median_ms(partial(compile, question.tree, kinds, now, question.projection), 200))
        p50 = statistics.median(measured), statistics.median(references)
        yield Figure(f"search p50, of these {len(measured)}", *p50, BUDGET, "p50 of the hand-written SQL")
        yield Figure(f"compile a search, p50 of these {len(compiled)}", statistics.median(compiled), 0.05, 1, "50 µs")
        walk = median_ms(partial(compile, parse(TYPICAL), kinds, now), 200)
        yield Figure("compile two conditions, a walk and its end", walk, 0.05, 2, "50 µs")
        yield Figure("read (parse) a search", median_ms(lambda: parse(TYPICAL), 200), 1.0, 1, "1 ms")


def _counts(app: App) -> Iterator[Question]:
    volumes, snapshots = (_range(app, kind) for kind in ("aws_ec2_volume", "aws_ec2_snapshot"))
    for what, search, condition, bindings in (
        (
            "count of a base kind with a property",
            "is(volume) and volume_status = available",
            "->> '$.volume_status' = 'available'",
            volumes,
        ),
        (
            "count with one of two values",
            "is(volume) and volume_status in [available, error]",
            "->> '$.volume_status' IN ('available', 'error')",
            volumes,
        ),
        ("count without a value", "is(volume) and volume_status != available", "->> '$.volume_status' <> 'available'", volumes),
        ("count without a tag", "is(volume) and tags.owner = null", "->> '$.tags.owner' IS NULL", volumes),
        ("count in a nested object", "is(snapshot) and state.detail.score > 0.5", "->> '$.state.detail.score' > 0.5", snapshots),
    ):
        counted = parse(search).counted()
        sql = f"SELECT count(*) FROM doc d WHERE d.nid BETWEEN ? AND ? AND d.reported {condition}"
        yield Question(what, counted, partial(_rows, app, counted), sql, bindings)
    counted = parse('is(volume) and name ~ "7$"').counted()
    yield Question(
        "count by name with a pattern",
        counted,
        partial(_rows, app, counted),
        "SELECT count(*) FROM node n WHERE n.nid BETWEEN ? AND ? AND resh_regex('7$', n.name)",
        volumes,
    )


def _documents(app: App) -> Iterator[Question]:
    volumes, instances = (_range(app, kind) for kind in ("aws_ec2_volume", "aws_ec2_instance"))
    one, name = app.graph.database.reader().execute("SELECT id, name FROM node WHERE nid >= ? LIMIT 1", volumes[:1]).fetchall()[0]
    for what, search, sql, bindings in (
        (
            "the first 100 documents of a kind with a property",
            "is(aws_ec2_instance) and instance_cores > 4 sort name, id limit 100",
            f"WHERE n.nid BETWEEN ? AND ? AND d.reported ->> '$.instance_cores' > 4 {IN_ORDER} LIMIT 100",
            instances,
        ),
        (
            "any 100 documents of a kind with a property",
            "is(aws_ec2_instance) and instance_cores > 4 limit 100",
            "WHERE n.nid BETWEEN ? AND ? AND d.reported ->> '$.instance_cores' > 4 LIMIT 100",
            instances,
        ),
        (
            "documents sorted by a property, the first 50",
            "is(volume) and tags.owner in [ada, grace] sort ctime limit 50",
            "WHERE n.nid BETWEEN ? AND ? AND d.reported ->> '$.tags.owner' IN ('ada', 'grace') ORDER BY n.ctime LIMIT 50",
            volumes,
        ),
        ("resources by name", f'name = "{name}"', f"WHERE n.name = ? {IN_ORDER}", (name,)),
        ("one resource by its id", f'id("{one}")', "WHERE n.id = ?", (one,)),
    ):
        ours = partial(_listed, app, search)
        yield Question(what, parse(search), ours, DOCUMENT + sql, bindings, documents=True)


def _texts(app: App) -> Iterator[Question]:
    """Full text, as one would ask FTS5 for it who knows that the index lags behind nothing."""
    volumes = _range(app, "aws_ec2_volume")
    ranked = "SELECT n.rid, n.name FROM words w CROSS JOIN node n ON n.nid = w.rowid WHERE words MATCH ?"
    tree, columns = parse('"17"'), ("id", "name")
    yield Question(
        "a text, best first",
        tree,
        lambda: list(app.search(tree, projection=columns)[1]),
        f"{ranked} ORDER BY resh_rank('17', n.name, n.rid), (SELECT k.name FROM kind k WHERE k.kid = n.nid >> 40), n.name, n.rid",
        ('"17"',),
        projection=columns,
    )
    counted = {
        "a frequent text": ('"prod"', "SELECT count(*) FROM words WHERE words MATCH ?", ('"prod"',)),
        "a phrase": (
            '"aws_ec2_volume"',
            "SELECT count(*) FROM words w CROSS JOIN doc d ON d.nid = w.rowid WHERE words MATCH ? AND resh_text(?, json(d.reported))",
            ('"aws" AND "ec2" AND "volume"', "aws ec2 volume"),
        ),
        "a text among volumes": (
            'is(volume) and "prod"',
            "SELECT count(*) FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?",
            ('"prod"', *volumes),
        ),
        "a text or a name": (
            '"17" or name = "ec2_volume-5"',
            "SELECT count(*) FROM node n WHERE n.nid IN (SELECT rowid FROM words WHERE words MATCH ?) OR n.name = ?",
            ('"17"', "ec2_volume-5"),
        ),
    }
    for what, (search, sql, bindings) in counted.items():
        query = parse(search).counted()
        yield Question(what, query, partial(_rows, app, query), sql, bindings)


def _range(app: App, kind: str) -> tuple[int, int]:
    first = app.graph.kind_ids()[kind] << KIND_BITS
    return first, first + (1 << KIND_BITS) - 1


def _listed(app: App, search: str) -> list[Any]:
    return list(app.documents(search))


def _rows(app: App, query: Any) -> list[Any]:
    return list(app.search(query)[1])


def _by_hand(app: App, question: Question) -> list[Any]:
    rows = app.graph.database.reader().execute(question.sql, question.bindings)
    return [document(row) for row in rows] if question.documents else list(rows)
