"""AWS collected by processes of their own."""

from __future__ import annotations

import pickle
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.events.event import Event
from resh.graph.sqlite import SqliteStore
from resh.providers.away import Away, processes
from resh.providers.aws.provider import AwsProvider
from resh.providers.selection import EVERYTHING
from resh.settings import Settings
from resh.state.tables import Tables
from resh.workflows.collect import Collect
from resh.workflows.scopes import Scopes
from tests.providers.faults import FaultProxy, deny, throttle


class Context:
    """Of a run that nobody else sees."""

    run, workflow, selection, scopes = "1", "collect", EVERYTHING, Scopes()

    def __init__(self) -> None:
        self.cancel = Cancel()
        self.paths: set[tuple[str, ...]] = set()

    def progress(self, path: tuple[str, ...], done: int, total: int, text: str = "") -> None:
        self.paths.add(path)

    def emit(self, event: Event) -> None: ...


def test_processes_find_what_threads_find(provider: AwsProvider, proxy: FaultProxy, settings: Settings, tmp_path: Path) -> None:
    settings.set("aws.retries", 2, "option")
    settings.set("collect.processes", 1, "option")
    tables, clock = Tables(tmp_path / "state"), FakeClock()
    graph = SqliteStore(tmp_path / "graph.sqlite3", clock)
    executors: list[AbstractContextManager[Away | None]] = [nullcontext(), Away(processes(1))]
    provider = AwsProvider(settings, clock, tables.paces)
    collect = Collect(graph, {"aws": provider}, settings, clock, tables.calls, lambda: executors.pop(0))
    context = Context()
    here = collect(context)
    proxy.fault("DescribeVolumes", throttle(), region="eu-west-1", times=1)
    proxy.fault("DescribeVpcs", deny(), region="eu-west-1")
    there = collect(context)
    graph.close()
    assert here.counts["nodes"] > 10
    assert (there.counts["created"], there.counts["updated"], there.counts["deleted"]) == (0, 0, 0)
    assert there.counts["throttled"] == 1
    assert there.counts["scopes_bad"] == 1
    assert ("collect", "aws", "123456789012", "eu-west-1") in context.paths
    assert [row["operation"] for row in tables.paces.rows()] == ["ec2:DescribeVolumes"], "what it learned is kept"


def test_processes_share_the_calls_in_flight() -> None:
    settings = Settings.load(overrides=["aws.concurrency=10", "collect.processes=4"])
    copy = pickle.loads(pickle.dumps(AwsProvider(settings)))
    assert copy._settings.number("aws.concurrency") == 3
    assert settings.number("aws.concurrency") == 10
