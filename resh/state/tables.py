"""What resh remembers between two starts, as typed repositories over TinyDB; one file a concern.

    tables = Tables(home / "state")
    tables.settings.store("cleanup.enabled", True)
    record = tables.runs.open("collect", by="ada", at=clock.now())

`app` makes one. Values go in and come out as copies: nothing that a caller holds is part of what is stored.
Reading parses the file and needs no TinyDB. A change opens TinyDB anew under the file's lock: its caches know nothing of other processes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resh.state.atomic_storage import AtomicStorage
from resh.state.mutes import Mutes
from resh.state.runs import Runs

if TYPE_CHECKING:
    from tinydb.table import Table

    from resh.state.alerts import Alerts
    from resh.state.calls import CallCounts
    from resh.state.commands import CustomCommands
    from resh.state.identities import Identities
    from resh.state.jobs import Jobs
    from resh.state.outputs import Outputs
    from resh.state.targets import Targets
    from resh.state.workflows import StoredWorkflows


class Tables:
    def __init__(self, folder: Path) -> None:
        self.settings = StoredSettings(StateTable(folder / "settings.json", "settings"))
        self._folder = folder
        self.runs = Runs(StateTable(folder / "runs.json", "runs"), self._forget)
        self.templates = Templates(StateTable(folder / "templates.json", "templates"))
        self.metrics = StoredMetrics(StateTable(folder / "metrics.json", "metrics"))
        self.mutes = Mutes(StateTable(folder / "mutes.json", "mutes"))
        self.schedule = Schedule(StateTable(folder / "schedule.json", "schedule"))
        self.paces = StoredPaces(folder / "paces.json")
        self.prices = StoredPrices(folder / "prices.json")

    def _forget(self, runs: Iterable[str]) -> None:
        """What is kept of runs of workflows besides their records."""
        for run in runs:
            self.calls.forget((run,))
            self.outputs.forget((run,))

    @cached_property
    def calls(self) -> CallCounts:
        from resh.state.calls import CallCounts

        return CallCounts(self._folder / "calls")

    @cached_property
    def commands(self) -> CustomCommands:
        from resh.state.commands import CustomCommands

        return CustomCommands(StateTable(self._folder / "commands.json", "commands"))

    def commands_of(self, user: str) -> CustomCommands:
        """Those that nobody else has."""
        from resh.state.commands import CustomCommands

        return CustomCommands(StateTable(self._folder / "commands.json", f"commands of {user}"))

    @cached_property
    def alerts(self) -> Alerts:
        from resh.state.alerts import Alerts

        return Alerts(StateTable(self._folder / "alerts.json", "alerts"))

    @cached_property
    def targets(self) -> Targets:
        from resh.state.targets import Targets

        return Targets(StateTable(self._folder / "targets.json", "targets"))

    @cached_property
    def identities(self) -> Identities:
        from resh.state.identities import Identities

        return Identities(StateTable(self._folder / "identities.json", "identities"))

    @cached_property
    def jobs(self) -> Jobs:
        from resh.state.jobs import Jobs

        return Jobs(StateTable(self._folder / "jobs.json", "jobs"))

    @cached_property
    def workflows(self) -> StoredWorkflows:
        from resh.state.workflows import StoredWorkflows

        return StoredWorkflows(StateTable(self._folder / "workflows.json", "workflows"))

    @cached_property
    def outputs(self) -> Outputs:
        from resh.state.outputs import Outputs

        return Outputs(self._folder / "output")

    @cached_property
    def job_runs(self) -> Runs:
        return Runs(StateTable(self._folder / "job_runs.json", "job_runs"), self.outputs.forget, prefix="j")


class StateTable:
    """One table in one file."""

    def __init__(self, path: Path, name: str) -> None:
        self._storage = AtomicStorage(path)
        self._name = name

    def stamp(self) -> object:
        return self._storage.stamp()

    def rows(self) -> dict[int, dict[str, Any]]:
        """Every row by its number, in the order of their making."""
        table = (self._storage.read() or {}).get(self._name, {})
        return {int(number): row for number, row in table.items()}

    @contextmanager
    def changing(self) -> Iterator[Table]:
        """The TinyDB table, alone with it until the block ends; then all changes are written at once, or none after an error."""
        from tinydb import TinyDB
        from tinydb.storages import MemoryStorage

        with self._storage.lock:
            buffer = MemoryStorage()  # type: ignore[no-untyped-call]
            buffer.memory = self._storage.read()
            yield TinyDB(storage=lambda: buffer).table(self._name)
            self._storage.write(buffer.memory or {})


class StoredSettings:
    """What `config set` stored: paths and values. `stamp` tells of changes without reading."""

    def __init__(self, table: StateTable) -> None:
        self._table = table

    def stamp(self) -> object:
        return self._table.stamp()

    def stored(self) -> dict[str, Any]:
        return {row["path"]: row["value"] for row in self._table.rows().values()}

    def store(self, path: str, value: Any) -> None:
        from tinydb import where

        with self._table.changing() as table:
            table.upsert({"path": path, "value": value}, where("path") == path)

    def change(self, values: Mapping[str, Any], gone: Collection[str] = ()) -> None:
        """Several at once, or after an error none."""
        from tinydb import where

        with self._table.changing() as table:
            for path, value in values.items():
                table.upsert({"path": path, "value": value}, where("path") == path)
            table.remove(where("path").one_of(list(gone)))

    def remove(self, path: str) -> bool:
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.remove(where("path") == path))


class Templates:
    """Searches with parameters, by name."""

    def __init__(self, table: StateTable) -> None:
        self._table = table

    def stored(self) -> dict[str, str]:
        """Name -> text, in the order of the names."""
        return dict(sorted((row["name"], row["text"]) for row in self._table.rows().values()))

    def add(self, name: str, text: str) -> bool:
        """False when there is one of that name: it stays as it is."""
        from tinydb import where

        with self._table.changing() as table:
            return not table.contains(where("name") == name) and bool(table.insert({"name": name, "text": text}))

    def change(self, name: str, text: str) -> bool:
        """False when there is none of that name."""
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.update({"text": text}, where("name") == name))

    def remove(self, name: str) -> bool:
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.remove(where("name") == name))


class StoredMetrics:
    """Definitions of metrics that differ from the built-in ones: their fields by name; one without fields is measured no more."""

    def __init__(self, table: StateTable) -> None:
        self._table = table

    def stamp(self) -> object:
        return self._table.stamp()

    def stored(self) -> dict[str, dict[str, str]]:
        return {row["name"]: row["fields"] for row in self._table.rows().values()}

    def replace(self, changes: Mapping[str, Mapping[str, str]]) -> None:
        with self._table.changing() as table:
            table.truncate()
            table.insert_multiple({"name": name, "fields": dict(fields)} for name, fields in changes.items())


class Schedule:
    """When each schedule fired last, so that the next process goes on where this one stops."""

    def __init__(self, table: StateTable) -> None:
        self._table = table

    def fired(self) -> dict[str, tuple[str, float]]:
        """Name -> (expression, epoch seconds)."""
        return {row["name"]: (row["expression"], row["at"]) for row in self._table.rows().values()}

    def record(self, names: Iterable[tuple[str, str]], at: float) -> None:
        """Names with their expressions: all that fired at once."""
        from tinydb import where

        rows = [{"name": name, "expression": expression, "at": at} for name, expression in names]
        with self._table.changing() as table:
            table.remove(where("name").one_of([row["name"] for row in rows]))
            table.insert_multiple(rows)

    def forget(self, names: Collection[str]) -> None:
        from tinydb import where

        with self._table.changing() as table:
            table.remove(where("name").one_of(list(names)))


class StoredPaces:
    """How fast calls may be that a cloud has throttled, as collects have learned it: few rows, written at their end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._table = StateTable(path, "paces")

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes that collect write it, too."""
        return StoredPaces, (self._path,)

    def rows(self) -> list[dict[str, Any]]:
        return list(self._table.rows().values())

    def replace(self, account: str, rows: Iterable[dict[str, Any]]) -> None:
        """Those of one account: others may be collected by other processes meanwhile."""
        from tinydb import where

        with self._table.changing() as table:
            table.remove(where("account") == account)
            table.insert_multiple(rows)


class StoredPrices:
    """What clouds asked for things when they were last asked, a row for each price list of a region."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._table = StateTable(path, "prices")

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes that collect write it, too."""
        return StoredPrices, (self._path,)

    def stamp(self) -> object:
        return self._table.stamp()

    def rows(self) -> list[dict[str, Any]]:
        return list(self._table.rows().values())

    def store(self, rows: Iterable[dict[str, Any]]) -> None:
        """In place of what was known of the same kinds and regions."""
        from tinydb import where

        with self._table.changing() as table:
            for row in rows:
                table.upsert(row, (where("kind") == row["kind"]) & (where("region") == row["region"]))
