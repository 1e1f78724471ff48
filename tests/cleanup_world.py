"""A clean-up in memory: a graph, the cloud behind it, settings that stop nothing, a clock that nobody waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from resh.cancel import Cancel
from resh.cleanup.journal import Journal
from resh.cleanup.outcome import Report
from resh.cleanup.service import Cleanup
from resh.clock import FakeClock
from resh.events.event import Event
from resh.graph.base import Document
from resh.settings import Settings
from tests.cleanup_fakes import ALLOWED, KINDS, FakeCloud, FakeGraph


class World:
    """A graph, the cloud behind it, and a clean-up that is switched on."""

    def __init__(
        self,
        journal: Path,
        documents: Iterable[Document],
        edges: Iterable[tuple[str, str]] = (),
        options: Mapping[str, Any] | None = None,
        cloud: type[FakeCloud] = FakeCloud,
    ) -> None:
        self.graph = FakeGraph(documents, edges)
        self.cloud = cloud(self.graph.documents.values())
        self.clock = FakeClock()
        self.events: list[Event] = []
        self.cancel = Cancel()
        self.journal = Journal(journal)
        self.settings = Settings()
        for name, value in {"enabled": True, "dry_run": False, **ALLOWED, **(options or {})}.items():
            self.settings.set(f"cleanup.{name}", value, "option")
        providers = {"aws": self.cloud.provider}
        self.cleanup = Cleanup(self.graph.store, self.graph.search, KINDS, providers, self.settings, self.clock, self.journal)

    def run(self) -> Report:
        return self.cleanup.execute(self.cleanup.plan(), run="01a7", cancel=self.cancel, emit=self.events.append)

    def outcomes(self) -> dict[str, str]:
        return {result.item.id: str(result.outcome) for result in self.run().results}
