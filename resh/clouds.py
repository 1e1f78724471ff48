"""What works on clouds, put together for `App`: who collects, what reads single resources again, what deletes.

aws = providers(app)["aws"]
cleanup(app).plan(...)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resh.app import App
    from resh.cleanup.service import Cleanup
    from resh.graph.base import MergeResult
    from resh.providers.away import Away
    from resh.providers.base import Provider
    from resh.providers.refresh import Refresh
    from resh.search.tree import Query


def providers(app: App) -> Mapping[str, Provider]:
    from resh.providers.aws.provider import AwsProvider

    aws = AwsProvider(app.settings, app.clock, app.tables.paces, app.tables.prices)
    return {"aws": aws, **app.plugins.providers(app.settings, app.clock)}


@contextmanager
def elsewhere(app: App, aways: set[Away]) -> Iterator[Away | None]:
    """The processes that collect, for the time of a run, during which they are among the `aways`; None when it is to be this one."""
    executor = app.settings.text("collect.executor")
    if executor == "threads" or (executor == "auto" and not app.attended):
        yield None
        return
    from resh.providers.away import Away
    from resh.providers.away import processes as start
    from resh.settings import processes

    with Away(start(processes(app.settings))) as away:
        aways.add(away)
        try:
            yield away
        finally:
            aways.remove(away)


def refresh(app: App) -> Refresh:
    """What it finds changed is told."""
    from resh.providers.refresh import Refresh
    from resh.workflows.collected import change_events

    def merged(result: MergeResult) -> None:
        for event in change_events(result):
            app.bus.emit(event)

    def rows(query: Query, paths: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        return app.search(query, projection=paths)[1]

    return Refresh(app.graph, app.providers, rows, app.settings.number("collect.refresh"), merged)


def cleanup(app: App) -> Cleanup:
    from resh.cleanup.journal import Journal
    from resh.cleanup.rules.table import all_rules
    from resh.cleanup.service import Cleanup

    further = app.plugins.rules
    return Cleanup(
        app.graph,
        app.documents,
        app.kinds,
        app.providers,
        app.settings,
        app.clock,
        Journal(app.home / "journal.jsonl"),
        lambda settings: all_rules(settings, further),
        lambda: app.tables.identities.known(app.clock.now()),
    )
