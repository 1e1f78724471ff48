"""A sink that hands on what a collect finds, and remembers what CloudWatch is to be asked about it. `usage.py` reads it afterwards.

Nothing is kept back: a node gets the times of use that the graph knows of it, since what cannot be asked now must not be forgotten, and
goes on. What is remembered of it are its id and the values of its dimensions.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any

from resh.model.node import Node
from resh.model.scope import ScopeReport, Status
from resh.providers.aws.metric import Metric
from resh.providers.aws.metric_data import Question
from resh.providers.base import CollectSink
from resh.providers.mapping import expression

Place = tuple[str, str]
"""Region and kind of a scope."""


class Subjects:
    """Resources of one scope, in columns: there may be hundreds of thousands."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._paths = tuple(dict.fromkeys(path for metric in metrics for path in metric.dimensions.values()))
        self._ids: list[str] = []
        self._values: list[list[str]] = [[] for _ in self._paths]
        self._known: dict[str, dict[int, str]] = {}

    def add(self, node: Node, known: Mapping[str, Any]) -> None:
        for name, time in known.items():
            self._known.setdefault(name, {})[len(self._ids)] = intern(str(time))  # they are days, the same for many
        self._ids.append(node.id)
        for path, values in zip(self._paths, self._values, strict=True):
            values.append(_value(path, node))

    def questions(self, metrics: Sequence[Metric]) -> Iterator[Question]:
        """About those of the metrics that each of them has."""
        columns = dict(zip(self._paths, self._values, strict=True))
        known = [self._known.get(metric.name, {}) for metric in metrics]
        for n, id in enumerate(self._ids):
            for metric, times in zip(metrics, known, strict=True):
                dimensions = tuple((name, columns[path][n]) for name, path in metric.dimensions.items())
                if all(value for _, value in dimensions):
                    yield Question(id, metric, dimensions, times.get(n, ""))


class Witness:
    def __init__(self, sink: CollectSink, metrics: Mapping[str, Sequence[Metric]], uses: Mapping[str, Sequence[Metric]]) -> None:
        self.knows, self.kinds, self.edges, self.there = sink.knows, sink.kinds, sink.edges, sink.there
        self.usage, self.amend, self.read_at, self.remembers = sink.usage, sink.amend, sink.read_at, sink.remembers
        self._sink, self._metrics, self._uses = sink, metrics, uses
        self._names = sorted({use.name for of_kind in uses.values() for use in of_kind})
        self.subjects: dict[Place, Subjects] = {}
        self.unread: set[Place] = set()
        """Where a kind that has metrics could not be read, or was not to be."""
        self._lock = threading.Lock()

    def nodes(self, nodes: Iterable[Node]) -> None:
        nodes = list(nodes)
        known = self._known(nodes)
        nodes = [node._replace(reported=node.reported | times) if (times := known.get(node.id)) else node for node in nodes]
        with self._lock:
            for node in nodes:
                if node.kind in self._metrics:
                    place = node.scope.region, node.kind
                    if place not in self.subjects:
                        self.subjects[place] = Subjects((*self._metrics[node.kind], *self._uses.get(node.kind, ())))
                    self.subjects[place].add(node, known.get(node.id, {}))
        self._sink.nodes(nodes)

    def scope(self, report: ScopeReport) -> None:
        if report.scope.kind in self._metrics and report.status is not Status.OK and report.code != "NotInRegion":
            with self._lock:
                self.unread.add((report.scope.region, report.scope.kind))
        self._sink.scope(report)

    def _known(self, nodes: Iterable[Node]) -> Mapping[str, dict[str, Any]]:
        ids = [node.id for node in nodes if node.kind in self._uses]
        return self._sink.remembers(ids, self._names) if ids else {}


def _value(path: str, node: Node) -> str:
    try:
        value = expression(path)(node.reported)
    except Exception:  # whatever is odd about one resource, the others are asked about
        return ""
    return value if isinstance(value, str) else ""
