"""What steps of people's own workflows do: run a command line, wait for an event, or be nothing but their events.

makers = own_steps(run_line, outputs, log)          # {"run": …, "wait": …, "emit": …}
makers["run"](workflow, step)(context)              # StepResult
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resh.errors import ReshError
from resh.events.trigger import parse
from resh.workflows.definition import Action, ActionMaker, Author, Step, StepContext, StepResult, Workflow
from resh.workflows.line import Line, LineRunner, diagnosis

if TYPE_CHECKING:
    from resh.events.log import EventLog
    from resh.state.outputs import Outputs, RunOutput

_PARTIAL = 3


def own_steps(run_line: LineRunner, outputs: Outputs, log: EventLog) -> Mapping[str, ActionMaker]:
    def run(workflow: Workflow, step: Step) -> Action:
        return RunLine(step.what, workflow.author or _NOBODY, run_line, outputs)

    return {"run": run, "wait": lambda workflow, step: Wait(step.what, log), "emit": lambda workflow, step: _nothing}


_NOBODY = Author("", "viewer", local=False)


@dataclass(frozen=True, slots=True)
class RunLine:
    text: str
    author: Author
    run_line: LineRunner
    outputs: Outputs

    def __call__(self, context: StepContext) -> StepResult:
        line = Line(self.text, self.author.user, self.author.role, self.author.local, self.author.env)
        with self.outputs.open(context.run) as kept:
            output = _Counted(kept)
            status = self.run_line(line, output, context.cancel)
        context.cancel.check()
        said = diagnosis(output.notes)
        if status not in (0, _PARTIAL):
            raise ReshError(said or f"the line ended with status {status}")
        lines = f"{output.lines} line{'' if output.lines == 1 else 's'} written"
        problems = (said or "the result is partial",) if status else ()
        return StepResult(lines, {"lines": output.lines}, (*problems, *((kept.trouble,) if kept.trouble else ())))


@dataclass(frozen=True, slots=True)
class Wait:
    """Until the event has come, from whichever process; not one of the run itself."""

    event: str
    log: EventLog

    def __call__(self, context: StepContext) -> StepResult:
        trigger = parse(self.event)
        for event in self.log.follow(self.log.last_seq(), context.cancel):
            if event.run != context.run and trigger(event):
                return StepResult(f"{event.type} came{f': {event.text}' if event.text else ''}", {"seq": event.seq})
        context.cancel.check()
        raise ReshError(f"{self.event} did not come")


class _Counted:
    def __init__(self, kept: RunOutput) -> None:
        self._kept = kept
        self.lines = 0
        self.notes: list[str] = []

    def write(self, text: str) -> None:
        self.lines += text.count("\n")
        self._kept.write(text)

    def note(self, text: str) -> None:
        self.notes.append(text)
        self._kept.note(text)


def _nothing(context: StepContext) -> StepResult:
    """Its events are all that it is."""
    return StepResult()
