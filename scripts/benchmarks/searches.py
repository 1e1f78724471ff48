"""Searches against the same question in SQL written by hand for this file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from figures import Figure, median_ms, paired_ms

from resh.app import App
from resh.search import parse

KIND_BITS = 40
DOCUMENT = "SELECT n.id, n.name, n.rid, n.desired, n.meta, n.region, json(d.reported) FROM node n CROSS JOIN doc d ON d.nid = n.nid "


@dataclass(frozen=True, slots=True)
class Question:
    what: str
    ours: Callable[[], object]
    sql: str
    bindings: tuple[object, ...]
    documents: bool = False


def figures(home: Path) -> Iterator[Figure]:
    with App(home) as app:
        app.graph.indexer.catch_up()
        for question in (*_questions(app), *_texts(app)):
            theirs = partial(_by_hand, app, question)
            measured, reference = paired_ms(question.ours, theirs, 9)
            yield Figure(f"search: {question.what}", measured, reference, 1.2, "hand-written SQL")
        parsed = parse("is(aws_ec2_volume) and volume_size > 700 and tags.owner = null <-[1:3]- is(aws_region)")
        yield Figure("compile a search", median_ms(lambda: app.search(parsed)[0], 200), 0.05, 1, "50 µs")


def _questions(app: App) -> Iterator[Question]:
    volumes, instances = (_range(app, kind) for kind in ("aws_ec2_volume", "aws_ec2_instance"))
    one = app.graph.database.reader().execute("SELECT id FROM node WHERE nid >= ? LIMIT 1", volumes[:1]).get
    yield Question(
        "count with a property",
        lambda: list(app.search(parse("is(volume) and volume_status = available").counted())[1]),
        "SELECT count(*) FROM doc d WHERE d.nid BETWEEN ? AND ? AND d.reported ->> '$.volume_status' = 'available'",
        volumes,
    )
    yield Question(
        "100 documents of a kind",
        lambda: list(app.documents("is(aws_ec2_instance) and instance_cores > 4 limit 100")),
        f"{DOCUMENT} WHERE n.nid BETWEEN ? AND ? AND d.reported ->> '$.instance_cores' > 4 ORDER BY n.name, n.rid LIMIT 100",
        instances,
        documents=True,
    )
    yield Question(
        "one resource by its id", lambda: list(app.documents(f'id("{one}")')), f"{DOCUMENT} WHERE n.id = ?", (one,), documents=True
    )


def _texts(app: App) -> Iterator[Question]:
    """Full text, as one would ask FTS5 for it who knows that the index lags behind nothing."""
    volumes = _range(app, "aws_ec2_volume")
    ranked = "SELECT n.rid, n.name FROM words w CROSS JOIN node n ON n.nid = w.rowid WHERE words MATCH ?"
    yield Question(
        "a text, best first",
        lambda: list(app.search('"17"', projection=("id", "name"))[1]),
        f"{ranked} ORDER BY resh_rank('17', n.name, n.rid), (SELECT k.name FROM kind k WHERE k.kid = n.nid >> 40), n.name, n.rid",
        ('"17"',),
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
        yield Question(what, partial(_count, app, search), sql, bindings)


def _count(app: App, search: str) -> list[tuple[object, ...]]:
    return list(app.search(parse(search).counted())[1])


def _range(app: App, kind: str) -> tuple[int, int]:
    first = app.graph.kind_ids()[kind] << KIND_BITS
    return first, first + (1 << KIND_BITS) - 1


def _by_hand(app: App, question: Question) -> list[Any]:
    rows = app.graph.database.reader().execute(question.sql, question.bindings)
    return [orjson.loads(row[-1]) for row in rows] if question.documents else list(rows)
