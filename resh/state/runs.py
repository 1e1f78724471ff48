"""The history of workflow runs: one record a run, the last few hundred.

record = runs.open("collect", by="schedule", at=now)          # status running, id 01a7
runs.save(replace(record, status="ok", ended=now), keep=500)
runs.last(10, workflow="collect")                             # newest first
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinydb.table import Table

    from resh.state.tables import StateTable

COUNTER = 0
"""Number of the row that holds the last run's number; runs are numbered from 1."""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """`status` is running, ok, partial, failed or cancelled; times are epoch seconds, 0 while there is none."""

    name: str
    started: float
    ended: float = 0.0
    status: str = "running"
    summary: str = ""
    counts: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """`status` as of `workflows.definition.RunStatus`; `errors` are those of the run itself, those of a step are its problems. `about` says
    which part of the clouds it is about, empty for all. `within` is the run of a workflow that it is a part of."""

    id: str
    workflow: str
    by: str
    started: float
    ended: float = 0.0
    status: str = "running"
    steps: tuple[StepRecord, ...] = ()
    errors: tuple[str, ...] = ()
    pid: int = 0
    host: str = ""
    about: str = ""
    within: str = ""

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that went wrong, in order, each with its step."""
        return tuple(f"{step.name}: {problem}" for step in self.steps for problem in step.problems) + self.errors

    def seconds(self, now: float) -> float:
        """How long it took, or has taken until now."""
        return (self.ended or now) - self.started


class Runs:
    def __init__(self, table: StateTable, forgotten: Callable[[Iterable[str]], None] = lambda runs: None, *, prefix: str = "") -> None:
        """`forgotten` is told the ids of runs that are no longer remembered; `prefix` tells their ids from those of others."""
        self._table, self._forgotten, self._prefix = table, forgotten, prefix
        self._seen: tuple[object, list[RunRecord]] = (None, [])

    def open(self, workflow: str, *, by: str, at: float, step: str = "", about: str = "", within: str = "") -> RunRecord:
        """A new running record of this process, at its first step, stored."""
        with self._table.changing() as table:
            number = _next_number(table)
            steps = (StepRecord(step, at),) if step else ()
            pid, host = os.getpid(), os.uname().nodename
            record = RunRecord(self._id(number), workflow, by, at, steps=steps, pid=pid, host=host, about=about, within=within)
            _put(table, COUNTER, {"last": number})
            _put(table, number, asdict(record))
        return record

    def save(self, record: RunRecord, *, keep: int | None = None) -> None:
        """Store it, and forget all but the newest `keep`."""
        with self._table.changing() as table:
            _put(table, self._number(record.id), asdict(record))
            forgotten = _forget(table, keep)
        self._forgotten(self._id(number) for number in forgotten)

    def get(self, id: str) -> RunRecord | None:
        try:
            row = self._table.rows().get(self._number(id))
        except ValueError:
            return None
        return _record(row) if row and "workflow" in row else None

    def last(self, n: int = 10, *, workflow: str = "") -> list[RunRecord]:
        """Newest first."""
        found: list[RunRecord] = []
        for number, row in sorted(self._table.rows().items(), reverse=True):
            if len(found) >= n:
                break
            if number != COUNTER and workflow in ("", row["workflow"]):
                found.append(_record(row))
        return found

    def all(self) -> Iterator[RunRecord]:
        """Oldest first."""
        return (_record(row) for number, row in sorted(self._table.rows().items()) if number != COUNTER)

    def running(self) -> list[RunRecord]:
        """Read again only after a change: the schedule asks every second."""
        stamp = self._table.stamp()
        if self._seen[0] != stamp:
            self._seen = (stamp, [record for record in self.all() if record.status == "running"])
        return self._seen[1]

    def interrupt(self, is_dead: Callable[[RunRecord], bool], at: float) -> list[RunRecord]:
        """Close the running records whose process is gone. None ends in between: to store its end it needs the lock that is held here."""
        if not self.running():
            return []
        with self._table.changing() as table:
            dead = [_interrupted(record, at) for record in self.running() if is_dead(record)]
            for record in dead:
                _put(table, self._number(record.id), asdict(record))
        return dead

    def _id(self, number: int) -> str:
        return f"{self._prefix}{number:04x}"

    def _number(self, id: str) -> int:
        """Raises ValueError when it is no id of a run."""
        if not id.startswith(self._prefix):
            raise ValueError(id)
        return int(id[len(self._prefix) :], 16)


def _interrupted(record: RunRecord, at: float) -> RunRecord:
    steps = tuple(replace(step, status="interrupted", ended=at) if step.status == "running" else step for step in record.steps)
    why = f"the process {record.pid} on {record.host} ended in the middle of it"
    return replace(record, status="interrupted", ended=at, steps=steps, errors=(*record.errors, why))


def _record(row: Mapping[str, Any]) -> RunRecord:
    steps = tuple(StepRecord(**{**step, "problems": tuple(step["problems"])}) for step in row["steps"])
    return RunRecord(**{**row, "steps": steps, "errors": tuple(row["errors"])})


def _next_number(table: Table) -> int:
    counter = table.get(doc_id=COUNTER)
    return int(counter["last"]) + 1 if counter else 1


def _put(table: Table, number: int, row: Mapping[str, Any]) -> None:
    from tinydb.table import Document

    table.upsert(Document(row, doc_id=number))


def _forget(table: Table, keep: int | None) -> list[int]:
    numbers = sorted(row.doc_id for row in table if row.doc_id != COUNTER)
    excess = numbers[: max(0, len(numbers) - keep)] if keep is not None else []
    if excess:
        table.remove(doc_ids=excess)
    return excess
