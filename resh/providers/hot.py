"""Kinds that grow without end, or cost a call for each of very many: of those a collect may take the newest only, or read them rarely.

    Hot({"aws_ecs_task_definition": 500}, {"aws_ec2_snapshot": 6 * 3600.0}, now).cap("aws_ecs_task_definition")      # 500
    kept, left = newest(SNAPSHOT, items, 500)

What is left out is there nevertheless: the graph is told the ids of what a cap leaves out, and a kind that is not due stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from resh.providers.catalog import Resource
from resh.providers.mapping import expression, time_text

Value = TypeVar("Value", int, float)


@dataclass(frozen=True, slots=True)
class Hot:
    """Both by shell patterns of kinds, the first that fits counts; `every` in seconds, `now` is epoch seconds."""

    cap_by_kind: Mapping[str, int] = field(default_factory=dict)
    every_by_kind: Mapping[str, float] = field(default_factory=dict)
    now: float = 0.0

    def cap(self, kind: str) -> int:
        """How many of a listing to take; 0 for all."""
        return _first(self.cap_by_kind, kind, 0)

    def wait(self, kind: str, read_at: float) -> float:
        """Seconds until it is due again; not above 0 when it is."""
        every = _first(self.every_by_kind, kind, 0.0)
        return read_at + every - self.now if every and read_at else 0.0


ALL_OF_IT = Hot()


def newest(resource: Resource, items: Sequence[Any], cap: int) -> tuple[Sequence[Any], Sequence[Any]]:
    """The newest, and the rest; those that tell no time stay in the order in which they came."""
    ordered = sorted(items, key=lambda item: _age(resource, item), reverse=True)
    return ordered[:cap], ordered[cap:]


def _age(resource: Resource, item: Any) -> tuple[float, str]:
    path = resource.newest or resource.ctime
    value = expression(path)(item) if path else None
    if isinstance(value, int | float):
        return float(value), ""
    return 0.0, time_text(value) or ""


def _first(by_kind: Mapping[str, Value], kind: str, default: Value) -> Value:
    return next((value for pattern, value in by_kind.items() if fnmatchcase(kind, pattern)), default)
