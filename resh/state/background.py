"""Commands that go on while their user does something else, or has gone: `&` at the end of a line.

    job = background.start("ada", "search all | count", now, work)      # work(job) runs in a thread and returns an exit status
    background.jobs("ada")                                              # also those of other processes on the state folder
    background.stop(1, "stopped by ada")

They belong to the process, which a disconnect does not end. When it ends, they are cancelled. Each holds a lock with what it is written
in it, so that others see it as long as it runs, and no longer; they ask for its end by leaving a file.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from resh.cancel import Cancel
from resh.errors import ReshError
from resh.lock import Claim

MOST = 10
"""Of one user at the same time."""
LAST_SECONDS = 3.0
_LOOK_SECONDS = 0.5
_LONGEST = 700  # letters of a line that others see: a label has 4,096 bytes


class Job:
    def __init__(self, number: int, user: str, line: str, since: float) -> None:
        self.number = number
        self.user = user
        self.line = line
        self.since = since
        self.cancel = Cancel()
        """Of one that runs in this process."""


class Background:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._here: dict[int, tuple[Job, Claim, threading.Thread]] = {}
        self._last = 0
        self._watching: threading.Thread | None = None

    def start(self, user: str, line: str, since: float, work: Callable[[Job], None]) -> Job:
        with self._lock:
            if len(self.jobs(user)) >= MOST:
                raise ReshError(f"{MOST} commands of {user} run in the background already", "background stop ends one")
            job, claim = self._claimed(user, line, since)
            thread = threading.Thread(target=self._run, args=(job, work), name=f"background-{job.number}", daemon=True)
            self._here[job.number] = (job, claim, thread)
            if not self._watching:
                self._watching = threading.Thread(target=self._watch, name="background", daemon=True)
                self._watching.start()
        thread.start()
        return job

    def jobs(self, user: str = "") -> list[Job]:
        """Those that run, of one user or of all, in the order of their start."""
        labels = ((path, Claim(path).holder()) for path in self._folder.glob("*.job"))
        jobs = (_job(int(path.stem), label) for path, label in labels if label)
        return sorted((job for job in jobs if job and user in ("", job.user)), key=lambda job: (job.since, job.number))

    def stop(self, number: int, reason: str) -> None:
        """Returns at once; the command ends as soon as it listens."""
        if here := self._here.get(number):
            here[0].cancel.set(reason)
        else:
            self._stop_file(number).write_text(reason)

    def close(self) -> None:
        running = list(self._here.values())
        for job, _, _ in running:
            job.cancel.set("resh is stopping")
        for _, _, thread in running:
            thread.join(LAST_SECONDS)

    def _claimed(self, user: str, line: str, since: float) -> tuple[Job, Claim]:
        """Under the next number that no process has."""
        label = json.dumps([user, since, line[:_LONGEST] + "…" * (len(line) > _LONGEST)])
        for number in count(self._last + 1):
            claim = Claim(self._folder / f"{number}.job")
            if claim.take(label):
                self._last = number
                self._stop_file(number).unlink(missing_ok=True)
                return Job(number, user, line, since), claim
        raise AssertionError

    def _run(self, job: Job, work: Callable[[Job], None]) -> None:
        try:
            work(job)
        finally:
            with self._lock:
                _, claim, _ = self._here.pop(job.number)
                claim.path.unlink(missing_ok=True)
                claim.release()

    def _watch(self) -> None:
        """Ends with the last of them."""
        while self._some():
            for number, (job, _, _) in list(self._here.items()):
                with suppress(OSError):
                    job.cancel.set(self._stop_file(number).read_text())
                    self._stop_file(number).unlink()
            threading.Event().wait(_LOOK_SECONDS)

    def _some(self) -> bool:
        with self._lock:
            if not self._here:
                self._watching = None
            return bool(self._here)

    def _stop_file(self, number: int) -> Path:
        return self._folder / f"{number}.stop"


def _job(number: int, label: str) -> Job | None:
    try:
        user, since, line = json.loads(label)
    except ValueError:  # it is being written
        return None
    return Job(number, user, line, since)
