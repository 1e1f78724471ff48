"""The composition root: one state folder, and the parts that work on it, each made when first asked for. No logic of its own.

    with App(Path("~/.local/share/resh").expanduser(), environ=os.environ) as app:
        for document in app.documents("is(volume) and volume_status = available"):
            ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resh.clock import Clock, SystemClock

if TYPE_CHECKING:
    from resh.cancel import Cancel
    from resh.cleanup.service import Cleanup
    from resh.events.bus import EventBus
    from resh.events.log import EventLog
    from resh.graph.base import CompiledQuery, Document
    from resh.graph.kind_index import KindIndex
    from resh.graph.sqlite import SqliteStore
    from resh.metrics.timeseries import TimeSeries
    from resh.model.kinds import Kinds
    from resh.providers.base import Provider
    from resh.search.tree import Query
    from resh.settings import Settings
    from resh.state.tables import Tables
    from resh.workflows.definition import Action
    from resh.workflows.runner import Runner
    from resh.workflows.scheduler import Scheduler


class App:
    """Parts are attributes. `close` (or the end of a `with` block) stops what runs and closes what is open."""

    def __init__(
        self,
        home: Path,
        *,
        clock: Clock | None = None,
        config: Path | None = None,
        environ: Mapping[str, str] | None = None,
        overrides: Sequence[str] = (),
    ) -> None:
        self.home = home
        self.clock = clock or SystemClock()
        self._sources = (config, environ or {}, tuple(overrides))
        self._closers: list[Callable[[], None]] = []
        from resh.state.folder import prepare

        prepare(home)

    @cached_property
    def settings(self) -> Settings:
        from resh.settings import Settings

        config, environ, overrides = self._sources
        return Settings.load(stored=self.tables.settings.stored(), file=config, environ=environ, overrides=overrides)

    @cached_property
    def tables(self) -> Tables:
        from resh.state.tables import Tables

        return Tables(self.home / "state")

    @cached_property
    def graph(self) -> SqliteStore:
        from resh.graph.sqlite import SqliteStore

        return self._closing(SqliteStore(self.home / "graph.sqlite3", self.clock))
