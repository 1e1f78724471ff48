"""Numbers of resh itself, for the metrics that no search gives: what `source` in a definition names.

list(Own(store.scopes, runs, journal.entries, app.groups).rows("collects"))     # [{"group": {"workflow": "collect"}, "value": 31.2}]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from resh.cancel import Cancel
from resh.cleanup.journal import Entry
from resh.graph.base import Account
from resh.metrics.generate import Groups, Rows
from resh.model.scope import ScopeReport
from resh.state.runs import RunRecord

_COLLECT = "collect"
_HOURS = 730
"""Of a month, as AWS counts them."""
_PRICES = {
    "volume_type": "aggregate(region as region, volume_type as type: max(ondemand_cost) as cost): is(volume_type)",
    "instance_type": "aggregate(region as region, instance_type as type: max(ondemand_cost) as cost): is(instance_type)",
}
_LEVELS = ("cloud", "account", "region")
Places = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Own:
    scopes: Callable[[], Iterable[tuple[ScopeReport, float]]]
    accounts: Callable[[], Iterable[Account]]
    runs: Callable[[], Iterable[RunRecord]]
    journal: Callable[[], Iterable[Entry]]
    groups: Groups

    def rows(self, source: str) -> Rows:
        find: Callable[[], Rows] = {
            "scopes": self._scopes,
            "collects": self._collects,
            "deletions": self._deletions,
            "savings": self._savings,
        }[source]
        return find()

    def _scopes(self) -> Rows:
        names = {(account.cloud, account.id): account.name for account in self.accounts()}
        found: Counter[Places] = Counter()
        for report, _ in self.scopes():
            scope = report.scope
            if report.status.is_bad:
                account = names.get((scope.cloud, scope.account)) or scope.account
                found[scope.cloud, account, scope.region, report.status.value] += 1
        return _rows((*_LEVELS, "status"), found)

    def _collects(self) -> Rows:
        """A collect of a part says nothing of how long the whole takes."""
        last: dict[Places, float] = {}
        for run in self.runs():  # oldest first
            for step in run.steps:
                if step.name == _COLLECT and step.ended and not run.about:
                    last[run.workflow,] = round(step.ended - step.started, 3)
        return _rows(("workflow",), last)

    def _deletions(self) -> Rows:
        return _rows((*_LEVELS, "kind"), Counter(_places(entry.document) for entry in self._deleted()))

    def _savings(self) -> Rows:
        prices = {kind: self._prices(search) for kind, search in _PRICES.items()}
        saved: dict[Places, float] = {}
        for entry in self._deleted():
            cost = _monthly(entry.document, prices) if entry.monthly_cost is None else entry.monthly_cost
            if cost is not None:
                saved[_places(entry.document)] = saved.get(_places(entry.document), 0.0) + cost
        return _rows((*_LEVELS, "kind"), saved)

    def _deleted(self) -> Iterator[Entry]:
        return (entry for entry in self.journal() if entry.result == "deleted")

    def _prices(self, search: str) -> dict[tuple[str, str], float]:
        rows = self.groups(search, Cancel())
        return {(row["group"]["region"], row["group"]["type"]): row["cost"] for row in rows if row["cost"] is not None}


def _monthly(document: Mapping[str, Any], prices: Mapping[str, Mapping[tuple[str, str], float]]) -> float | None:
    """What the resource would cost in a month; None where that is not known."""
    reported, region = document["reported"], _places(document)[2]
    if (size := reported.get("volume_size")) and (price := prices["volume_type"].get((region, reported.get("volume_type", "")))):
        return float(size * price)
    if reported.get("instance_status") == "running":
        price = prices["instance_type"].get((region, reported.get("instance_type", "")))
        return None if price is None else price * _HOURS
    return None


def _places(document: Mapping[str, Any]) -> Places:
    ancestors = document.get("ancestors", {})
    above = (ancestors.get(level, {}).get("reported", {}).get("name", "") for level in _LEVELS)
    return (*above, document["kind"])


def _rows(names: Places, values: Mapping[Places, float]) -> Rows:
    return ({"group": dict(zip(names, key, strict=True)), "value": value} for key, value in values.items())
