"""Jobs as they are kept: a command line of somebody, and what starts it. Few rows, read with every event, written when people change them.

jobs.put(Job("nag", "search is(volume) | count", schedule="@daily", user="ada", role="admin"))
jobs.all()                       # {"nag": Job(…)}, in the order of the ids; read again only after a change, by whatever process
jobs.arm("nag", until)           # its schedule has started it: now it waits for its event
jobs.disarm("nag")               # True for one caller only, of whichever process
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resh.state.tables import StateTable


@dataclass(frozen=True, slots=True)
class Job:
    """`command` is kept as it was typed: placeholders are filled when it runs, with what `user` may do (`role`), where they were (`local`:
    on this machine) and with the variables of their line (`env`).

    `schedule` is a cron expression or an interval, `event` the name of an event with conditions; with both the schedule starts it and the
    event lets it run. `timeout` in seconds, for the wait and for the run. `waits_until` (epoch seconds) is above 0 while it waits.
    """

    id: str
    command: str
    schedule: str = ""
    event: str = ""
    timeout: float = 3600.0
    active: bool = True
    user: str = ""
    role: str = "viewer"
    local: bool = True
    env: Mapping[str, str] = field(default_factory=dict)
    changed: float = 0.0
    waits_until: float = 0.0


_KNOWN = {one.name for one in fields(Job)}


class Jobs:
    def __init__(self, table: StateTable) -> None:
        self._table = table
        self._read: tuple[object, dict[str, Job]] = (None, {})

    def stamp(self) -> object:
        return self._table.stamp()

    def all(self) -> Mapping[str, Job]:
        stamp = self._table.stamp()
        if self._read[0] != stamp:
            rows = sorted(self._table.rows().values(), key=lambda row: str(row["id"]))
            self._read = (stamp, {row["id"]: Job(**{name: row[name] for name in row if name in _KNOWN}) for row in rows})
        return self._read[1]

    def get(self, id: str) -> Job | None:
        return self.all().get(id)

    def put(self, job: Job) -> None:
        """In the place of the one with its id."""
        from tinydb import where

        with self._table.changing() as table:
            table.upsert(asdict(job), where("id") == job.id)

    def remove(self, id: str) -> bool:
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.remove(where("id") == id))

    def activate(self, id: str, active: bool) -> bool:
        """Whether there is such a job. One that is switched off waits for nothing."""
        return self._update([id], {"active": active, **({} if active else {"waits_until": 0.0})})

    def arm(self, id: str, until: float) -> bool:
        return self._update([id], {"waits_until": until})

    def disarm(self, id: str) -> bool:
        """Whether it waited: of several that ask, one hears yes."""
        return bool(self._waiting([id]))

    def overdue(self, now: float) -> list[Job]:
        """Those whose event has not come in time; they wait no longer."""
        late = [job.id for job in self.all().values() if 0 < job.waits_until <= now]
        return self._waiting(late, now) if late else []

    def _waiting(self, ids: Iterable[str], now: float = float("inf")) -> list[Job]:
        from tinydb import where

        with self._table.changing() as table:
            rows = table.search(where("id").one_of(list(ids)) & (where("waits_until") > 0) & (where("waits_until") <= now))
            for row in rows:
                table.update({"waits_until": 0.0}, doc_ids=[row.doc_id])
        return [replace(Job(**{name: row[name] for name in row if name in _KNOWN}), waits_until=0.0) for row in rows]

    def _update(self, ids: list[str], change: Mapping[str, Any]) -> bool:
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.update(change, where("id").one_of(ids)))
