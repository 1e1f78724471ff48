"""A run followed by the command that started it: event lines as they come, a live line for each account, an exit status at the end.

    for line in follow(context, "collect_and_cleanup"): ...

Cancelling the command cancels the run, and waits for it to stop.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from resh.commands.base import Context
from resh.errors import Cancelled
from resh.events.event import DEBUG, Event, WorkflowEnded
from resh.providers.selection import EVERYTHING, Selection
from resh.render.bar import bar
from resh.render.events import event_line
from resh.text import one_line, pad, width

if TYPE_CHECKING:
    from resh.workflows.handle import RunHandle

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 2.0
STATUSES = {"ok": 0, "partial": 3, "cancelled": 130}
"""Exit status of a run; any other status is a failure."""

Leaf = tuple[tuple[str, ...], int, int]


def follow(context: Context, name: str, quiet: bool = False, selection: Selection = EVERYTHING) -> Iterator[str]:
    """Start the workflow and yield a line for each event (quiet: only the last one) until it ends. Sets the context's status."""
    events: SimpleQueue[Event] = SimpleQueue()
    unsubscribe = context.app.bus.subscribe(events.put)
    try:
        handle = context.app.runner.start(name, by=context.user, selection=selection)
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
        handle.cancel(f"by {context.user}")
        handle.wait(PATIENCE_SECONDS)
        raise
    finally:
        context.followed.discard(handle.id)


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
                context.sink.live(progress_lines(handle.progress, context.columns))
            continue
        if event.run == handle.id:
            yield event
        context.cancel.check()


def progress_lines(leaves: Iterable[Leaf], columns: int) -> list[str]:
    """One line for each account of the step that runs: a bar for each region, unfinished ones first, as many as fit."""
    accounts: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for path, done, total in leaves:
        if len(path) > 1 and total:
            step, *account, region = path
            accounts[" ".join((step, "/".join(account)))][region] = (done, total)
    return [_line(label, regions, columns) for label, regions in accounts.items() if any(done < total for done, total in regions.values())]


def _line(label: str, regions: dict[str, tuple[int, int]], columns: int) -> str:
    line = pad(one_line(label), 24)
    waiting = sorted(regions.items(), key=lambda item: item[1][0] >= item[1][1])
    for number, (region, (done, total)) in enumerate(waiting):
        part = f"  {one_line(region)} {bar(done, total)}"
        rest = f"  +{len(waiting) - number}"
        if width(line + part) + len(rest) > columns - 1:
            return line + rest
        line += part
    return line
