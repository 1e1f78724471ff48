"""An event as the line that people see: `10:37:05  post_collect        +734 ~0 -0`."""

from __future__ import annotations

import time

from resh.events.event import DEBUG, ERROR, WARNING, Event, WorkflowEnded, WorkflowStarted
from resh.text import Drawn, one_line, pad

NAME_COLUMNS = 23
_LONGEST = 1000  # letters of a text: a cloud may answer with a page of HTML, which the log keeps
_COLOURS = {DEBUG: "2", WARNING: "33", ERROR: "31"}


def event_line(event: Event, colour: bool = False) -> str:
    """Local time, the event's name unless its text says it all, its text."""
    text = one_line(f"{event.text[:_LONGEST]}{'…' * (len(event.text) > _LONGEST)}")
    name = "" if text and isinstance(event, WorkflowStarted | WorkflowEnded) else pad(one_line(event.type), NAME_COLUMNS if text else 0)
    return drawn(event.at, f"{name}{text}", event.severity, colour)


def drawn(at: float, body: str, severity: str, colour: bool = False) -> str:
    """Local time and the words, in the colour of their severity."""
    clock = time.strftime("%H:%M:%S", time.localtime(at))
    if not colour:
        return f"{clock}  {body}"
    code = _COLOURS.get(severity)
    return Drawn(f"\x1b[32m{clock}\x1b[0m  " + (f"\x1b[{code}m{body}\x1b[0m" if code else body))
