"""What measures and what tells monitoring about it, put together of the parts of one app.

generator(app).generate(app.metrics, now=app.clock.now(), cancel=cancel)
exporter(app)                     # serves, where the settings say so
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from resh.app import App
    from resh.events.event import Event
    from resh.metrics.definitions import Definition
    from resh.metrics.exporter import Exporter
    from resh.metrics.generate import Generator
    from resh.metrics.inner import Inner
    from resh.metrics.watch import Watch
    from resh.observed import Observed
    from resh.workflows.progress import Leaf
    from resh.workflows.runner import Running


def definitions(app: App) -> tuple[Definition, ...]:
    """The built-in ones, with what people have made of them."""
    from resh.metrics.definitions import defaults, merged

    return merged(defaults(), app.tables.metrics.stored())


def generator(app: App) -> Generator:
    from resh.cleanup.journal import Journal
    from resh.metrics.generate import Generator
    from resh.metrics.own import Own

    journal = Journal(app.home / "journal.jsonl")
    own = Own(app.graph.scopes, app.graph.accounts, app.tables.runs.all, journal.entries, app.searches.groups)
    return Generator(app.searches.groups, own.rows, app.timeseries)


def inner(app: App, observed: Observed) -> Inner:
    """How resh itself does."""
    from resh.metrics.happened import Calls, Runs
    from resh.metrics.inner import Inner

    queues: dict[str, Callable[[], int]] = {
        "jobs": lambda: len(app.jobs.waiting()),
        "workflows": lambda: len(app.runner.waiting()),
        "steps": lambda: sum(total - done for running in app.runner.running() for _, done, total in _leaves(app, running)),
    }
    return Inner(observed, Calls(app.tables.calls), Runs(app.tables.runs.all), queues, app.runner.running, app.visits.all)


def _leaves(app: App, running: Running) -> Sequence[Leaf]:
    """The parts of a run's step."""
    standing = app.runner.standing(running)
    return standing.leaves if standing else ()


def exporter(app: App) -> Exporter | None:
    """One that serves from now on, if the settings want it. Raises ReshError where that cannot be."""
    text = app.settings.text
    if not text("metrics.listen"):
        return None
    from resh.metrics.exporter import Exporter, Listen
    from resh.metrics.exposition import exposition
    from resh.observed import Observed

    app.observed = Observed()
    families = inner(app, app.observed).families
    listen = Listen.parse(*(text(f"metrics.{name}") for name in ("listen", "token", "certificate", "key")))
    found = Exporter(listen, lambda accept: exposition(app.timeseries, app.metrics, families, accept))
    found.start()
    return found


def watch(app: App) -> Watch:
    """Looks at the alerts."""
    from resh.cancel import Cancel
    from resh.errors import UsageError
    from resh.metrics.watch import Watch
    from resh.notify.delivery import Target
    from resh.notify.message import compose

    def tell(name: str, event: Event) -> None:
        target = app.tables.targets.stored().get(name)
        if target is None:
            raise UsageError(f"there is no target '{name}'", "notify list shows them")
        title = f"{'Resolved' if event.type == 'alert_resolved' else 'Alert'}: {event.line()}"
        said = compose((), title=title, severity=event.severity, at=app.clock.now())
        app.delivery.send(Target(name, target.notifier, target.values), said, Cancel())

    return Watch(app.tables.alerts, app.timeseries, tell)
