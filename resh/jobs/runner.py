"""Runs jobs: one run of a job at a time, over all processes; a few jobs at once in this one.

    runner = JobRunner(tables, bus, clock, home, run_line, concurrency=lambda: 8, history=lambda: 1000)
    runner.start(job, Cause("ada"))                 # in a thread of its own; when it runs already, once more when that ends
    runner.run(job, Cause("post_collect", run), cancel)           # here and now, and waited for: the status and what went wrong
    runner.stop("j01a7", by="ada")                  # here or elsewhere

While a job runs, its process holds `locks/job-<id>.lock`, labelled with the run; to stop a run of another process, a file
`locks/<run>.stop` is left, which the run looks for twice a second.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from resh.cancel import Cancel
from resh.clock import Clock
from resh.errors import AlreadyRunning, ReshError, StateError, TimedOut
from resh.events.event import DEBUG, problem
from resh.events.jobs import JobEnded, JobSkipped, JobStarted, severity
from resh.jobs.queue import Queue
from resh.lock import Claim
from resh.record import Record
from resh.state.outputs import RunOutput
from resh.state.pending import Pending, Start
from resh.state.runs import RunRecord
from resh.workflows.deadline import call_within, linked
from resh.workflows.line import Line, LineRunner, chain, diagnosis

if TYPE_CHECKING:
    from resh.events.bus import EventBus
    from resh.state.jobs import Job
    from resh.state.tables import Tables

GRACE = 5.0
"""Seconds for a line to stop once told."""
LOOK_SECONDS = 0.2
"""How often a run that waits for another one looks whether that has ended."""
CLOSE_SECONDS = 10.0
MOST_NOTES = 100
STATUSES = {0: "ok", 3: "partial", 130: "cancelled"}


class Cause(Record):
    """Why a job runs: `by` is a user, `schedule` or the name of an event; `run` the run of a workflow that waits for it."""

    by: str
    run: str = ""
    workflow: str = ""
    chain: tuple[str, ...] = ()
    """The jobs that led to it."""


class JobRunner:
    def __init__(
        self,
        tables: Tables,
        bus: EventBus,
        clock: Clock,
        home: Path,
        run_line: LineRunner,
        *,
        concurrency: Callable[[], int] = lambda: 8,
        history: Callable[[], int] = lambda: 1000,
    ) -> None:
        self._jobs, self._runs, self._outputs = tables.jobs, tables.job_runs, tables.outputs
        self._bus, self._clock, self._run_line, self._history = bus, clock, run_line, history
        self._locks = home / "locks"
        self._lock = threading.Lock()
        self._cancels: dict[str, tuple[RunRecord, Cancel]] = {}
        self._queue, self._pending = Queue(concurrency), Pending(self._locks)
        self.close_interrupted()

    # -- starting ------------------------------------------------------------------------------------------------------------------

    def start(self, job: Job, cause: Cause) -> bool:
        """Returns at once. False when a run of it waits already: one is remembered, not ten."""
        kept = self._pending.add(Start("job", job.id, cause.by, self._clock.now(), dict(cause.__dict__)))
        if self._queue.put(job.id, lambda cancel: self._run_quietly(job.id, cause, cancel, kept)):
            return True
        self._pending.done(kept)
        self.skip(job.id, "a run of it waits already")
        return False

    def skip(self, id: str, reason: str) -> None:
        self._bus.emit(JobSkipped(job=id, reason=reason))

    def run(self, job: Job, cause: Cause, cancel: Cancel, begun: Callable[[], None] = lambda: None) -> RunRecord:
        """Run it to its end; when it runs already, after that. Its record tells how it went; `begun` is called when there is one."""
        with self._alone(job, cancel) as claim:
            record = self._runs.open(job.id, by=cause.by, at=self._clock.now(), within=cause.run)
            claim.label(record.id)
            begun()
            with linked(cancel) as own, self._known(record, own):
                token = chain.set((*cause.chain, job.id))
                try:
                    return self._execute(job, record, cause, own)
                finally:
                    chain.reset(token)

    def miss(self, job: Job, reason: str, by: str = "schedule") -> None:
        """It should have run, and did not: its history says so."""
        now = self._clock.now()
        record = self._runs.open(job.id, by=by, at=now)
        self._save(replace(record, status="failed", errors=(reason,), ended=now))
        self.skip(job.id, reason)

    def _run_quietly(self, id: str, cause: Cause, cancel: Cancel, kept: int) -> None:
        """As it is kept now: it may have been changed or deleted while it waited for its turn."""
        begun = partial(self._pending.done, kept)
        job = self._jobs.get(id)
        if job is None:
            begun()
            return
        try:
            self.run(job, cause, cancel, begun)
        except Exception as error:  # such as a state folder that cannot be written; nobody waits for this thread
            if not cancel:
                begun()
                self.skip(id, problem(error).text)

    @contextmanager
    def _alone(self, job: Job, cancel: Cancel) -> Iterator[Claim]:
        """While nobody else runs it. Raises AlreadyRunning when that lasts longer than the job may."""
        claim, waited = self._claim(job.id), 0.0
        while not claim.take():
            if waited >= job.timeout:
                run = claim.holder() or ""
                raise AlreadyRunning(f"job {job.id} is still running as {run}", run, f"jobs stop {run} ends it")
            cancel.wait(LOOK_SECONDS)
            cancel.check()
            waited += LOOK_SECONDS
        try:
            yield claim
        finally:
            claim.release()

    @contextmanager
    def _known(self, record: RunRecord, cancel: Cancel) -> Iterator[None]:
        """As one that runs here, and can be stopped."""
        with self._lock:
            self._cancels[record.id] = (record, cancel)
        try:
            yield
        finally:
            with self._lock:
                del self._cancels[record.id]
            self._stop_file(record.id).unlink(missing_ok=True)

    # -- one run -------------------------------------------------------------------------------------------------------------------

    def _execute(self, job: Job, record: RunRecord, cause: Cause, cancel: Cancel) -> RunRecord:
        self._bus.emit(JobStarted(by=cause.by, job=job.id, job_run=record.id, run=cause.run, workflow=cause.workflow))
        try:
            status, errors = self._evaluate(job, record.id, cancel)
        except Exception as error:  # a mistake of ours must not leave the run open for ever
            status, errors = "failed", (problem(error).text,)
        record = replace(record, status=status, errors=errors, ended=self._clock.now())
        self._bus.emit(_ended(record, cause.workflow, self._save(record)))
        return record

    def _evaluate(self, job: Job, run: str, cancel: Cancel) -> tuple[str, tuple[str, ...]]:
        """The status, and what was said about what went wrong."""
        with self._outputs.open(run) as kept:
            output = _Notes(kept)
            line = Line(job.command, job.user, job.role, job.local, job.env)
            try:
                status = call_within(
                    lambda own: self._run_line(line, output, own),
                    name=f"job {job.id}",
                    seconds=job.timeout,
                    cancel=cancel,
                    grace=GRACE,
                    tick=lambda: self._look(run, cancel),
                )
            except TimedOut as error:
                kept.note(error.message)
                return "cancelled" if cancel else "failed", (*output.diagnosis(), error.message)
            if cancel:
                return "cancelled", (cancel.reason,)
            trouble = (kept.trouble,) if kept.trouble else ()
            return STATUSES.get(status, "failed"), (*(output.diagnosis() if status else ()), *trouble)

    def _save(self, record: RunRecord) -> str:
        """What went wrong with it, if anything."""
        try:
            self._runs.save(record, keep=self._history())
        except StateError as error:
            return error.message
        return ""

    # -- looking and stopping ------------------------------------------------------------------------------------------------------

    def running(self) -> list[RunRecord]:
        """What runs in this process and in others, oldest first."""
        with self._lock:
            found = {record.id: record for record, _ in self._cancels.values()}
        for id in self._jobs.all():
            run = self._claim(id).holder()
            if run and run not in found and (record := self._runs.get(run)) and record.status == "running":
                found[run] = record
        return sorted(found.values(), key=lambda record: record.id)

    def waiting(self) -> list[str]:
        """Ids of the jobs that wait for their turn in this process."""
        return self._queue.waiting()

    def stop(self, run: str, by: str) -> None:
        """Returns at once; the run ends as soon as its line listens. Raises ReshError when no such run is under way."""
        with self._lock:
            here = self._cancels.get(run)
        if here:
            here[1].set(f"stopped by {by}")
        elif any(record.id == run for record in self.running()):
            self._stop_file(run).write_text(f"stopped by {by}")
        else:
            ids = [record.id for record in self.running()]
            raise ReshError(f"no run {run} of a job is under way", f"running: {', '.join(ids)}" if ids else "no job runs at this moment")

    def stop_job(self, id: str, by: str) -> tuple[list[str], bool]:
        """Every run of the job, and whether it waited here for its turn: it waits for nothing more."""
        found = [record.id for record in self.running() if record.workflow == id]
        waited = self._queue.drop(id, f"stopped by {by}")
        self._pending.forget(id)
        for run in found:
            with suppress(ReshError):  # it has just ended
                self.stop(run, by)
        return found, waited

    def close_interrupted(self) -> None:
        """Store the end of runs whose process was killed, and tell it."""
        for record in self._runs.interrupt(self._is_dead, self._clock.now()):
            self._stop_file(record.id).unlink(missing_ok=True)
            self._bus.emit(_ended(record))

    def finish(self) -> None:
        """Wait for what was started here."""
        self._queue.join()

    def close(self) -> None:
        """Cancel what runs here and give it a moment to end; what waits is for another process."""
        self._queue.cancel("resh ended")
        self._queue.join(CLOSE_SECONDS)
        self._pending.close()

    def _look(self, run: str, cancel: Cancel) -> None:
        """Another process asks for the end by leaving a file."""
        try:
            cancel.set(self._stop_file(run).read_text())
        except OSError:
            return

    def _claim(self, id: str) -> Claim:
        return Claim(self._locks / f"job-{id}.lock")

    def _stop_file(self, run: str) -> Path:
        return self._locks / f"{run}.stop"

    def _is_dead(self, record: RunRecord) -> bool:
        holder = self._claim(record.workflow).holder()
        return holder is None or holder not in ("", record.id)


class _Notes:
    """Passes everything on, and remembers the last notes: they tell what went wrong."""

    def __init__(self, kept: RunOutput) -> None:
        self._kept = kept
        self._notes: deque[str] = deque(maxlen=MOST_NOTES)
        self.write = kept.write

    def note(self, text: str) -> None:
        self._kept.note(text)
        self._notes.append(text)

    def diagnosis(self) -> tuple[str, ...]:
        said = diagnosis(self._notes)
        return (said,) if said else ()


def _ended(record: RunRecord, workflow: str = "", trouble: str = "") -> JobEnded:
    """Within a run the step tells what went wrong: once is enough at a prompt."""
    reason = "; ".join(filter(None, (*record.errors[-1:], trouble)))
    level = DEBUG if record.within else severity(record.status)
    return JobEnded(
        job=record.workflow,
        job_run=record.id,
        run=record.within,
        workflow=workflow,
        status=record.status,
        seconds=record.seconds(record.ended),
        reason=reason,
        severity=level,
    )


def failed(record: RunRecord) -> bool:
    return record.status not in ("ok", "partial")
