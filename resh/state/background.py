"""Commands that go on while their user does something else, or has gone: `&` at the end of a line.

    job = background.start("ada", "search all | count", work)      # work(job) runs in a thread and returns an exit status
    background.jobs("ada"); background.stop(job)

They belong to the process, which a disconnect does not end. When it ends, they are cancelled.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from resh.cancel import Cancel
from resh.errors import ReshError

MOST = 10
"""Of one user at the same time."""
LAST_SECONDS = 3.0


class Job:
    def __init__(self, number: int, user: str, line: str, since: float) -> None:
        self.number = number
        self.user = user
        self.line = line
        self.since = since
        self.cancel = Cancel()


class Background:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[int, tuple[Job, threading.Thread]] = {}
        self._last = 0

    def start(self, user: str, line: str, since: float, work: Callable[[Job], None]) -> Job:
        with self._lock:
            if sum(job.user == user for job, _ in self._jobs.values()) >= MOST:
                raise ReshError(f"{MOST} commands of {user} run in the background already", "background stop ends one")
            self._last += 1
            job = Job(self._last, user, line, since)
            thread = threading.Thread(target=self._run, args=(job, work), name=f"background-{job.number}", daemon=True)
            self._jobs[job.number] = (job, thread)
        thread.start()
        return job

    def _run(self, job: Job, work: Callable[[Job], None]) -> None:
        try:
            work(job)
        finally:
            with self._lock:
                self._jobs.pop(job.number, None)

    def jobs(self, user: str = "") -> list[Job]:
        """Those that run, of one user or of all."""
        with self._lock:
            return [job for job, _ in self._jobs.values() if user in ("", job.user)]

    def close(self) -> None:
        with self._lock:
            running = list(self._jobs.values())
        for job, _ in running:
            job.cancel.set("resh is stopping")
        for _, thread in running:
            thread.join(LAST_SECONDS)
