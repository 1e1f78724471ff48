"""A sink that hands on what a collect finds, and remembers what CloudWatch is to be asked about it. `usage.py` reads it afterwards."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping

from resh.model.node import Node
from resh.model.scope import ScopeReport, Status
from resh.providers.aws.metric_data import Question, questions
from resh.providers.aws.metrics import Metric
from resh.providers.base import CollectSink


class Witness:
    """Nodes of the `held` kinds are kept back until their times of use are known; questions and held nodes are by region."""

    def __init__(self, sink: CollectSink, metrics: Mapping[str, Iterable[Metric]], held: Iterable[str]) -> None:
        self.knows, self.kinds, self.edges, self.there = sink.knows, sink.kinds, sink.edges, sink.there
        self.usage, self.read_at, self.remembers = sink.usage, sink.read_at, sink.remembers
        self._sink, self._metrics, self._kinds = sink, metrics, frozenset(held)
        self.questions: defaultdict[str, list[Question]] = defaultdict(list)
        self.held: defaultdict[str, list[Node]] = defaultdict(list)
        self.regions: set[str] = set()
        """Where a kind could be read that has metrics."""
        self._lock = threading.Lock()

    def nodes(self, nodes: Iterable[Node]) -> None:
        passing = []
        with self._lock:
            for node in nodes:
                if node.kind in self._metrics:
                    self.questions[node.region] += questions(node, self._metrics[node.kind])
                if node.kind in self._kinds:
                    self.held[node.region].append(node)
                else:
                    passing.append(node)
        self._sink.nodes(passing)

    def scope(self, report: ScopeReport) -> None:
        if report.scope.kind in self._metrics and report.status is Status.OK:
            with self._lock:
                self.regions.add(report.scope.region)
        self._sink.scope(report)
