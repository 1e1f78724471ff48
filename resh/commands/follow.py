"""A run followed by the command that started it: event lines as they come, a live line for each account, an exit status at the end.

    for line in follow(context, "collect_and_cleanup"): ...

Cancelling the command asks the person at the prompt whether the run shall go on without it; in a script it cancels the run. It then waits
for the run to stop.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from resh.commands.base import Context
from resh.commands.live import live_lines
from resh.errors import Cancelled
from resh.events.event import DEBUG, Event, WorkflowEnded
from resh.providers.selection import EVERYTHING, Selection
from resh.render.events import event_line

if TYPE_CHECKING:
    from resh.workflows.handle import RunHandle

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 2.0
STATUSES = {"ok": 0, "partial": 3, "cancelled": 130}
"""Exit status of a run; any other status is a failure."""

INTERRUPTED = "cancelled"
"""The reason when a person at a prompt has pressed Ctrl-C; any other is the end of the session, or of a script."""


def follow(
    context: Context, name: str, quiet: bool = False, selection: Selection = EVERYTHING, steps: Collection[str] = ()
) -> Iterator[str]:
    """Start the workflow and yield a line for each event (quiet: only the last one) until it ends. Sets the context's status."""
    events: SimpleQueue[Event] = SimpleQueue()
    unsubscribe = context.app.bus.subscribe(events.put)
    try:
        handle = context.app.runner.start(name, by=context.user, selection=selection, steps=steps)
        with _ours(context, handle):
            for event in _events(context, handle, events):
                if not event.ephemeral and event.severity != DEBUG and (not quiet or isinstance(event, WorkflowEnded)):
                    yield event_line(event, context.sink.colour)
    finally:
        unsubscribe()
        context.sink.live([])
    context.status = STATUSES.get(handle.status, 1)


@contextmanager
def _ours(context: Context, handle: RunHandle) -> Iterator[None]:
    """The run is this command's: the front end leaves its events to us, and it ends with us."""
    context.followed.add(handle.id)
    try:
        yield
    except (Cancelled, GeneratorExit, KeyboardInterrupt):
        if _goes_on(context, handle):
            context.sink.note(f"{handle.id} goes on: workflows log {handle.id} --follow shows it, workflows stop {handle.id} ends it")
        else:
            handle.cancel(f"by {context.user}")
            handle.wait(PATIENCE_SECONDS)
        raise
    finally:
        context.followed.discard(handle.id)


def _goes_on(context: Context, handle: RunHandle) -> bool:
    """Whether somebody pressed Ctrl-C, and wants no more than the prompt."""
    if context.cancel.reason != INTERRUPTED or handle.status != "running":
        return False
    context.sink.live([])
    return not context.agrees(f"stop {handle.workflow} {handle.id}? It goes on otherwise.")


def _events(context: Context, handle: RunHandle, events: SimpleQueue[Event]) -> Iterator[Event]:
    """Events of the run until it has ended and all of them are out."""
    while True:
        ended = handle.status != "running"
        try:
            event = events.get(timeout=0 if ended else POLL_SECONDS)
        except Empty:
            if ended:
                return
            context.cancel.check()
            if context.columns:
                context.sink.live(live_lines(context, context.app.runner.standing_of(handle)))
            continue
        if event.run == handle.id:
            yield event
        context.cancel.check()
