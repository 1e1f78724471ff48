"""Command lines of jobs and steps of workflows, through the evaluator that everybody's lines go through.

    app.run_line = partial(run_line, app)
    app.run_line(Line("search is(volume) | count", user="ada", role="admin"), output, cancel)         # 0

Nobody is there: nothing is asked, nothing is drawn, rows come as JSON lines, as in a script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.cancel import Cancel
from resh.commands.base import Role
from resh.shell.evaluate import evaluate
from resh.shell.session import Session
from resh.workflows.line import Line, Output

if TYPE_CHECKING:
    from resh.app import App


class KeptSink:
    """Passes text on to where it is kept."""

    columns: int | None = None
    colour = False
    links = False

    def __init__(self, output: Output) -> None:
        self.write = output.write
        self.note = output.note

    def live(self, lines: list[str]) -> None:
        """Nobody looks."""


def run_line(app: App, line: Line, output: Output, cancel: Cancel) -> int:
    session = Session(app, user=line.user, role=Role[line.role], sink=KeptSink(output), local=line.local, env=line.env)
    return evaluate(session, line.text, cancel)
