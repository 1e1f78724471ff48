"""What starts jobs: steps of workflows, which wait for them; other events; schedules.

    hooks = Hooks(tables.jobs, runner, bus, clock)
    workflows.wait_for(hooks.handlers)                      # a step's jobs, in the order of their ids
    bus.subscribe(hooks.hear, own=True)                     # the process that emits an event starts its jobs
    Scheduler(…, further=hooks.scheduled, stamp=tables.jobs.stamp, meanwhile=hooks.expire)

A job with a schedule and an event is armed by the schedule; the event that comes first, in whichever process, lets it run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from resh.clock import Clock
from resh.durations import format_duration
from resh.errors import ReshError
from resh.events.event import Event, StepEvent
from resh.events.trigger import Trigger, parse
from resh.jobs.runner import GRACE, Cause, JobRunner, failed
from resh.workflows.handlers import JOBS, Registration
from resh.workflows.line import chain
from resh.workflows.scheduled import Scheduled

if TYPE_CHECKING:
    from resh.state.jobs import Job, Jobs
    from resh.workflows.definition import StepContext


def schedule_name(id: str) -> str:
    """What the schedule calls a job; no workflow is called so."""
    return f"job {id}"


class Hooks:
    def __init__(self, jobs: Jobs, runner: JobRunner, clock: Clock) -> None:
        self._jobs, self._runner, self._clock = jobs, runner, clock
        self._read: tuple[Mapping[str, Job] | None, list[tuple[Job, Trigger]]] = (None, [])

    def handlers(self, event: StepEvent) -> Iterator[Registration]:
        """The jobs that wait for this event of a step, by their ids. Those that the run is a part of are none of them."""
        for job in self._started_by(event):
            # the job ends itself in its time; it may have to wait as long for a run of it that is under way
            yield Registration(event.type, partial(self._in_step, job), JOBS, 2 * job.timeout + 2 * GRACE, f"job {job.id}")

    def hear(self, event: Event) -> None:
        """Start the jobs of an event that nobody waits at. Called with the bus locked: they run in threads of their own."""
        if event.ephemeral or isinstance(event, StepEvent):
            return
        for job in self._started_by(event):
            if self._may_run(job):
                self._runner.start(job, Cause(event.type, event.run, event.workflow, chain.get()))

    def scheduled(self) -> Iterator[Scheduled]:
        for job in self._jobs.all().values():
            if job.active and job.schedule:
                yield Scheduled(schedule_name(job.id), job.schedule, partial(self._due, job.id))

    def expire(self) -> None:
        """Jobs whose event did not come in time have failed."""
        for job in self._jobs.overdue(self._clock.now()):
            self._runner.miss(job, f"{job.event} did not come within {format_duration(job.timeout)}")

    def _in_step(self, job: Job, event: StepEvent, context: StepContext) -> None:
        if not self._may_run(job):
            return
        record = self._runner.run(job, Cause(event.type, context.run, context.workflow, chain.get()), context.cancel)
        if failed(record):
            why = f": {record.errors[-1]}" if record.errors else ""
            raise ReshError(f"{record.status}{why}", f"jobs log {record.id}")

    def _may_run(self, job: Job) -> bool:
        """One with a schedule only when that has started it; of several events one lets it run."""
        return not job.schedule or (job.waits_until > self._clock.now() and self._jobs.disarm(job.id))

    def _due(self, id: str) -> None:
        job = self._jobs.get(id)
        if job is None or not job.active:
            return
        if job.event:
            self._jobs.arm(id, self._clock.now() + job.timeout)
        else:
            self._runner.start(job, Cause("schedule"))

    def _started_by(self, event: Event) -> Iterator[Job]:
        above = chain.get()
        for job, trigger in self._triggers():
            if job.id not in above and trigger(event):
                yield job

    def _triggers(self) -> list[tuple[Job, Trigger]]:
        """Of the jobs that wait for events, by their ids; read again after a change, by whatever process."""
        jobs = self._jobs.all()
        if self._read[0] is not jobs:
            self._read = (jobs, [])
            for job in jobs.values():
                if job.active and job.event:
                    self._add(job)
        return self._read[1]

    def _add(self, job: Job) -> None:
        """One that another version of resh understood, or whose file was edited, must not keep the others from their events."""
        try:
            self._read[1].append((job, parse(job.event)))
        except ReshError as error:
            self._runner.skip(job.id, f"its event is not understood: {error.message}")
