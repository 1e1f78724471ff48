"""What runs by itself and tells of it, put together for `App`: events, jobs, notifications, the runner of workflows, the schedule.

bus, jobs, hooks = events_and_jobs(app)
runner = workflows(app, hooks)
scheduler = schedule(app, hooks)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resh.app import App
    from resh.cleanup.notices import Notice
    from resh.events.bus import EventBus
    from resh.events.event import Event
    from resh.events.log import EventLog
    from resh.jobs.hooks import Hooks
    from resh.jobs.runner import JobRunner
    from resh.notify.delivery import Delivery
    from resh.providers.away import Away
    from resh.workflows.definition import Action
    from resh.workflows.runner import Runner
    from resh.workflows.scheduler import Scheduler
    from resh.workflows.standing import Waiting


def event_log(app: App) -> EventLog:
    from resh.events.log import EventLog, Limits

    def limits() -> Limits:
        return Limits(max(1, app.settings.number("events.size")) << 20, app.settings.number("events.files"))

    return EventLog(app.home / "events.jsonl", limits)


def delivery(app: App, environ: Mapping[str, str]) -> Delivery:
    """Notifiers take secrets from the variables."""
    from resh.notify.delivery import Delivery
    from resh.notify.registry import built_in

    notifiers = {**built_in(), **app.plugins.notifiers}
    return Delivery(notifiers, app.web, environ, lambda: app.settings.seconds("notify.timeout"), app.bus.emit)


def events_and_jobs(app: App) -> tuple[EventBus, JobRunner, Hooks]:
    """Made together: events start jobs, and jobs tell events."""
    from resh.events.bus import EventBus
    from resh.jobs.hooks import Hooks
    from resh.jobs.runner import JobRunner

    number = app.settings.number
    bus = EventBus(app.clock, app.log)
    runner = JobRunner(
        app.tables,
        bus,
        app.clock,
        app.home,
        lambda line, output, cancel: app.run_line(line, output, cancel),
        concurrency=lambda: number("jobs.concurrency"),
        history=lambda: number("jobs.history"),
    )
    hooks = Hooks(app.tables.jobs, runner, app.clock)
    bus.subscribe(hooks.hear, own=True)
    bus.subscribe(partial(_start_workflows, app))
    return bus, runner, hooks


def _start_workflows(app: App, event: Event) -> None:
    """Those of an event: in the process that holds the schedule, which hears all others. Makes no part: the bus is locked."""
    scheduler, triggers = app.__dict__.get("scheduler"), app.__dict__.get("triggers")
    if scheduler and triggers and scheduler.leading:
        triggers.hear(event)


def listen_for_plugins(app: App) -> list[Callable[[], None]]:
    """What ends it, for each listener of a plugin. What is left out of plugins is told of as an event."""
    from resh.events.listener import listening

    working = app.plugins.working
    if any(additions.providers for additions in working):
        app.providers  # noqa: B018  one that cannot be made is told of, too
    ends = [listening(app.bus, listener, additions.name) for additions in working for listener in additions.listeners]
    for problem in app.plugins.problems:
        app.bus.emit(problem)
    return ends


def relay(app: App) -> Callable[[], None]:
    """Begin to deliver what other processes on the state folder emit, also to plugins; what is returned ends it."""
    from threading import Thread

    from resh.cancel import Cancel

    cancel = Cancel()
    Thread(target=app.bus.relay, args=(cancel,), name="relay", daemon=True).start()
    Thread(target=lambda: app.listening, name="plugins", daemon=True).start()
    return cancel.set


def workflows(app: App, hooks: Hooks) -> Runner:
    from resh.workflows.definitions import Definitions
    from resh.workflows.own_steps import own_steps
    from resh.workflows.runner import Runner

    aways: set[Away] = set()
    number, actions = app.settings.number, _actions(app, aways)
    runner = Runner(
        Definitions(app.tables.workflows, app.settings, tuple(actions)),
        actions,
        app.bus,
        app.tables.runs,
        app.clock,
        app.home,
        history=lambda: number("workflows.history"),
        calling=partial(_oldest_call, app, aways),
        makers=own_steps(lambda line, output, cancel: app.run_line(line, output, cancel), app.tables.outputs, app.log),
    )
    runner.wait_for(hooks.handlers)
    for step in (step for additions in app.plugins.working for step in additions.steps):
        runner.on(step.event, step.handler, timeout=step.timeout, name=step.name)
    return runner


def _oldest_call(app: App, aways: set[Away]) -> Waiting | None:
    """Of this process and those that collect for it, whichever run made it."""
    from resh.providers.base import Calling
    from resh.workflows.standing import Waiting

    providers: Mapping[str, object] = app.__dict__.get("providers", {})  # one that nobody has asked for has no calls
    callers = (*providers.values(), *aways.copy())
    calls = [call for caller in callers if isinstance(caller, Calling) and (call := caller.oldest_call())]
    if not calls:
        return None
    place, seconds = max(calls, key=lambda call: call[1])
    return Waiting(place.operation or place.service, place.region or place.account, app.clock.now() - seconds)


def _actions(app: App, aways: set[Away]) -> Mapping[str, Action]:
    from resh.clouds import elsewhere
    from resh.monitoring import watch
    from resh.workflows.cleanup import CleanupStep
    from resh.workflows.cleanup_plan import CleanupPlan
    from resh.workflows.collect import Collect
    from resh.workflows.generate_metrics import GenerateMetrics

    def remember(cloud: str, names: Sequence[str]) -> None:
        app.tables.identities.keep(cloud, names, app.clock.now())

    return {
        "collect": Collect(app.graph, app.providers, app.settings, app.clock, app.tables.calls, partial(elsewhere, app, aways), remember),
        "cleanup_plan": CleanupPlan(app.cleanup, _tell(app)),
        "cleanup": CleanupStep(app.cleanup, app.tables.calls),
        "generate_metrics": GenerateMetrics(lambda: app.metrics, app.generator, app.settings, app.clock, app.graph.freshness, watch(app)),
    }


def _tell(app: App) -> Callable[[Notice], None]:
    """Tells the target of the setting cleanup.warn_target, if there is one, of grace periods."""

    def tell(notice: Notice) -> None:
        from resh.cancel import Cancel
        from resh.notify.delivery import Target
        from resh.notify.message import compose

        if name := app.settings.text("cleanup.warn_target"):
            severity = "warning" if notice.warns else "info"
            said = compose(notice.documents, title=f"Clean-up: {notice.text}", severity=severity, at=app.clock.now())
            target = app.tables.targets.get(name)
            app.delivery.send(Target(name, target.notifier, target.values), said, Cancel())

    return tell


def schedule(app: App, hooks: Hooks) -> Scheduler:
    from resh.jobs.takeover import TakeOver
    from resh.workflows.scheduler import Scheduler

    take_over = TakeOver(app.home / "locks", app.tables.jobs, app.jobs, app.runner, app.bus, app.clock)

    def meanwhile() -> None:
        hooks.expire()
        app.runner.close_interrupted()
        app.jobs.close_interrupted()
        take_over()

    return Scheduler(
        app.settings,
        app.runner,
        app.tables.schedule,
        app.bus,
        app.clock,
        app.home,
        further=hooks.scheduled,
        stamp=lambda: (app.tables.jobs.stamp(), app.tables.workflows.stamp()),
        meanwhile=meanwhile,
    )
