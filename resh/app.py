"""The composition root: one state folder, and the parts that work on it, each made when first asked for. No logic of its own.

with App(Path("~/.local/share/resh").expanduser(), environ=os.environ) as app:
    for document in app.documents("is(volume) and volume_status = available"):
        ...
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from resh.clock import Clock, SystemClock
from resh.parts import Part, part
from resh.searchable import Searchable

if TYPE_CHECKING:
    from resh.cancel import Cancel
    from resh.cleanup.service import Cleanup
    from resh.cleanup.shelf import Shelf
    from resh.events.bus import EventBus
    from resh.events.log import EventLog
    from resh.graph.beside import Beside
    from resh.graph.sqlite import SqliteStore
    from resh.jobs.hooks import Hooks
    from resh.jobs.runner import JobRunner
    from resh.metrics.definitions import Definition
    from resh.metrics.exporter import Exporter
    from resh.metrics.generate import Generator
    from resh.metrics.timeseries import TimeSeries
    from resh.model.kinds import Kind
    from resh.notify.delivery import Delivery
    from resh.observed import Observed
    from resh.plugins import Plugins
    from resh.providers.base import Provider
    from resh.providers.refresh import Refresh
    from resh.settings import Settings
    from resh.state.background import Background
    from resh.state.tables import Tables
    from resh.state.visits import Visits
    from resh.web.client import Web
    from resh.workflows.line import Line, LineRunner, Output
    from resh.workflows.runner import Runner, Running
    from resh.workflows.scheduler import Scheduler
    from resh.workflows.triggers import Triggers

_TURN = 0.0001
"""Seconds that a thread may go on while others wait for their turn, as searches do at every step of SQLite; Python has 50 times that."""


def _nobody(line: Line, output: Output, cancel: Cancel) -> int:
    from resh.errors import ReshError

    raise ReshError("no command line can run here", "start resh itself")


class App(Searchable):
    """Parts are attributes. `close`, or the end of a `with` block, stops what runs and closes what is open, last made first."""

    def __init__(
        self,
        home: Path,
        *,
        clock: Clock | None = None,
        config: Path | None = None,
        environ: Mapping[str, str] | None = None,
        overrides: Sequence[str] = (),
    ) -> None:
        from resh.state.folder import prepare

        self.home = prepare(home)
        self.clock = clock or SystemClock()
        self._sources = (config, environ or {}, tuple(overrides))
        self.making = RLock()
        self.run_line: LineRunner = _nobody
        """What runs the command lines of jobs and workflows. It is above this file: whoever opens the app hands it in."""
        self.attended = False
        self.observed: Observed | None = None
        """How long commands and searches take, where somebody is told."""
        self._closers: list[Callable[[], None]] = []

    def __enter__(self) -> App:
        return self

    def attend(self) -> None:
        """Somebody may be typing from now on: at a prompt, or in a server."""
        self.attended = True
        sys.setswitchinterval(_TURN)

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        while self._closers:
            self._closers.pop()()

    def _closing(self, part: Part, close: Callable[[], None]) -> Part:
        self._closers.append(close)
        return part

    # -- state and graph ---------------------------------------------------------------------------------------------------------

    @part
    def tables(self) -> Tables:
        from resh.state.tables import Tables

        return Tables(self.home / "state")

    @part
    def visits(self) -> Visits:
        from resh.state.visits import Visits

        return Visits(self.home / "visits")

    @part
    def background(self) -> Background:
        from resh.state.background import Background

        background = Background(self.home / "locks" / "background")
        return self._closing(background, background.close)

    @part
    def settings(self) -> Settings:
        from resh.settings import Settings

        config, environ, overrides = self._sources
        settings = Settings.load(file=config, environ=environ, overrides=overrides, further=lambda: self.plugins.settings)
        settings.follow(self.tables.settings)
        return settings

    @part
    def graph(self) -> SqliteStore:
        from resh.graph.base import ShrinkLimit
        from resh.graph.sqlite import SqliteStore

        def limit() -> ShrinkLimit:
            return ShrinkLimit(self.settings.number("collect.hold.share"), self.settings.number("collect.hold.number"))

        store = SqliteStore(self.home / "graph.sqlite3", self.clock, limit)
        return self._closing(store, store.close)

    @part
    def graphs(self) -> Beside:
        """It and those beside it, by name."""
        from resh.graph.beside import FOLDER, Beside

        beside = Beside(self.home / FOLDER, lambda: self.graph, self.clock)
        return self._closing(beside, beside.close)

    # -- clouds, clean-up, metrics -----------------------------------------------------------------------------------------------

    @part
    def providers(self) -> Mapping[str, Provider]:
        from resh.clouds import providers

        return providers(self)

    @part
    def plugins(self) -> Plugins:
        from resh.plugins import Plugins, installed

        return Plugins(installed(), lambda: self)

    @part
    def listening(self) -> bool:
        """Plugins that listen do, and those that are left out have been told of."""
        from resh.automation import listen_for_plugins

        self._closers += listen_for_plugins(self)
        return True

    def catalog_kinds(self) -> Iterable[Kind]:
        for provider in self.providers.values():
            yield from provider.kinds()

    @part
    def cleanup(self) -> Cleanup:
        from resh.clouds import cleanup

        return cleanup(self)

    @part
    def plans(self) -> Shelf:
        """Plans of clean-up that wait to be applied."""
        from resh.cleanup.shelf import Shelf

        return Shelf(self.home / "plans")

    @property
    def refresh(self) -> Refresh:
        """Reads resources again, one by one."""
        from resh.clouds import refresh

        return refresh(self)

    @part
    def timeseries(self) -> TimeSeries:
        from resh.metrics.timeseries import TimeSeries

        return TimeSeries(self.graph.database)

    @property
    def metrics(self) -> tuple[Definition, ...]:
        """What is measured."""
        from resh.monitoring import definitions

        return definitions(self)

    @part
    def generator(self) -> Generator:
        from resh.monitoring import generator

        return generator(self)

    def serve_metrics(self) -> Exporter | None:
        from resh.monitoring import exporter

        found = exporter(self)
        return found and self._closing(found, found.stop)

    # -- telling others ----------------------------------------------------------------------------------------------------------

    @part
    def web(self) -> Web:
        from resh.web.client import Web

        return Web(self.settings)

    @part
    def delivery(self) -> Delivery:
        from resh.automation import delivery

        return delivery(self, self._sources[1])

    # -- events and workflows ----------------------------------------------------------------------------------------------------

    @part
    def log(self) -> EventLog:
        from resh.automation import event_log

        return event_log(self)

    @part
    def bus(self) -> EventBus:
        return self._automation[0]

    @part
    def _automation(self) -> tuple[EventBus, JobRunner, Hooks]:
        from resh.automation import events_and_jobs

        bus, runner, hooks = events_and_jobs(self)
        return bus, self._closing(runner, runner.close), hooks

    @property
    def jobs(self) -> JobRunner:
        return self._automation[1]

    @property
    def event_names(self) -> Mapping[str, str]:
        """Every name that an event may have, with what it says."""
        from resh.events.table import names

        return names({name: [step.name for step in workflow.steps] for name, workflow in self.runner.definitions.items()})

    @part
    def runner(self) -> Runner:
        from resh.automation import workflows

        runner = workflows(self, self._automation[2])
        self.listening  # noqa: B018
        return self._closing(runner, runner.close)

    @part
    def scheduler(self) -> Scheduler:
        from resh.automation import schedule

        scheduler = schedule(self, self._automation[2])
        return self._closing(scheduler, scheduler.stop)

    def hear_others(self) -> None:
        """Let the bus deliver what other processes on this state folder emit, too."""
        from resh.automation import relay

        self._closers.append(relay(self))

    @part
    def triggers(self) -> Triggers:
        from resh.workflows.triggers import Triggers

        return Triggers(self.runner, self.bus)

    def start_scheduler(self) -> None:
        """Let workflows and jobs start by themselves: on schedules, at the start of this process."""
        triggers = self.triggers
        self.scheduler.start()
        triggers.at_start()

    def runs_here(self) -> Sequence[Running]:
        """The runs of this process; a runner that nobody has asked for has none."""
        return [run for run in self.runner.running() if run.here] if "runner" in self.__dict__ else []

    def finish_jobs(self) -> None:
        """Wait for the jobs that were started here, if any were: a script that ends would take them along."""
        if "_automation" in self.__dict__:
            self.jobs.finish()

    def settings_changed(self) -> None:
        """Whatever works by settings and schedules takes them as they are now."""
        if "scheduler" in self.__dict__:
            self.scheduler.reload()
