"""What the graph has of an account, for edges of a single resource: who goes by an id, a name or an arn.

    known = Known(rows, "aws", "123456789012")
    known("aws_iam_role", "arn", "arn:aws:iam::123456789012:role/deploy")      # [("global", "<id>")]

`rows` runs a search and gives the values at some paths.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable

from resh.search.terms import Combined, Is, Predicate, Term
from resh.search.tree import Part, Query

Rows = Callable[[Query, tuple[str, ...]], Iterable[tuple[object, ...]]]
Place = tuple[str, str]
"""Region and id in the graph."""


class Known:
    """Names and ids have an index in the graph; arns have none, and are read once for each kind."""

    def __init__(self, rows: Rows, cloud: str, account: str) -> None:
        self._rows = rows
        self._home: tuple[tuple[str, Term], ...] = (
            ("and", Predicate("/ancestors.cloud.reported.id", "==", cloud)),
            ("and", Predicate("/ancestors.account.reported.id", "==", account)),
        )
        self._lock = threading.Lock()
        self._found: dict[tuple[str, str, str], list[Place]] = {}
        self._arns: dict[str, dict[str, list[Place]]] = {}

    def __call__(self, kind: str, by: str, value: str) -> list[Place]:
        with self._lock:
            if by == "arn":
                return self._by_arn(kind).get(value, [])
            key = kind, by, value
            if key not in self._found:
                rows = self._ask(kind, (Predicate(f"/reported.{by}", "==", value),), ("/ancestors.region.reported.id", "/id"))
                self._found[key] = [(str(region), str(id)) for region, id in rows]
            return self._found[key]

    def _by_arn(self, kind: str) -> dict[str, list[Place]]:
        if kind not in self._arns:
            found: defaultdict[str, list[Place]] = defaultdict(list)
            self._arns[kind] = found
            for arn, region, id in self._ask(kind, (), ("/reported.arn", "/ancestors.region.reported.id", "/id")):
                found[str(arn)].append((str(region), str(id)))
        return self._arns[kind]

    def _ask(self, kind: str, terms: Iterable[Term], paths: tuple[str, ...]) -> Iterable[tuple[object, ...]]:
        where = Combined(Is((kind,)), (*self._home, *(("and", term) for term in terms)))
        return self._rows(Query((Part(where),)), paths)
