"""The record of deletions: `journal.jsonl`, a line before each call and one after it, each on the disk before anything goes on.

    entry = Entry(document=document, edges=edges, plan="4f1d02a99c3e", run="01a7", reason="expired 3 d ago", by="rule expired", at=iso(now))
    journal.start(entry)
    provider.delete(document)
    journal.finish(entry, "deleted", now)

    [entry for entry in journal.entries() if entry.open]       # asked for, answer unknown: resh was killed in between

Several processes may append. A line that a crash tore is passed over by readers and ended before the next one is written.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from resh.clock import iso
from resh.errors import StateError, UsageError
from resh.graph.base import Document
from resh.providers.base import Heard
from resh.providers.limiter import Place
from resh.text import did_you_mean

_ASKED = ("id", "at", "plan", "run", "reason", "by", "document", "edges", "monthly_cost", "deed", "people")
_NEEDED = frozenset(_ASKED[:8])
_ANSWER = ("result", "finished", "code", "message", "calls", "snapshots", "ties")
DELETE, QUARANTINE, RELEASE, DETACH = "delete", "quarantine", "release", "detach"
"""What is done."""
_MOST_CALLS = 100
"""Of one attempt: emptying a bucket takes thousands."""


class Transcript:
    """Hears the calls of one attempt: operation, the id by which the cloud knows it, and the code of its error. The last ones are kept."""

    def __init__(self) -> None:
        self.made: deque[dict[str, str]] = deque(maxlen=_MOST_CALLS)

    def __call__(self, cloud: str, place: Place, heard: Heard) -> None:
        self.made.append({"operation": place.operation, "request": heard.request, **({"error": heard.error} if heard.error else {})})


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt. `document` is the resource in full, `edges` are (source, target, type); `by` set the mark, for `reason`.

    `deed` is delete, quarantine, release or detach. `at` and `finished` are ISO times; `result` is deleted, accepted (the cloud was still
    at work on it), quarantined, released, detached, or failed, then with the cloud's `code` and `message`. `calls` are those that it took,
    `snapshots` the ids of what was kept of it, `ties` what was to be cut of it, as the cloud described that before.
    """

    document: Document
    edges: Sequence[Sequence[str]]
    plan: str
    run: str
    reason: str
    by: str
    at: str
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    result: str = ""
    finished: str = ""
    code: str = ""
    message: str = ""
    deed: str = DELETE
    calls: Sequence[Mapping[str, str]] = ()
    snapshots: Sequence[str] = ()
    ties: Sequence[Mapping[str, Any]] = ()
    monthly_cost: float | None = None
    """What it cost, in USD; None where nobody knows."""
    people: Sequence[str] = ()
    """Who stood for the plan and applied it; of a workflow the run tells by whom it was started."""

    @property
    def open(self) -> bool:
        """Asked for, and no answer on record."""
        return not self.result


class Journal:
    def __init__(self, path: Path) -> None:
        self.path = path

    def start(self, entry: Entry) -> None:
        """Record what is about to be asked for. Raises StateError: then it must not be asked for."""
        self._append({"state": "started", **{key: getattr(entry, key) for key in _ASKED}})

    def note(self, entry: Entry, **facts: Any) -> None:
        """Record something about it on the way."""
        self._append({"state": "noted", "id": entry.id, **facts})

    def accept(self, entry: Entry, calls: Transcript) -> None:
        """Record that the cloud will do it."""
        self.note(entry, result="accepted", calls=list(calls.made))

    def finish(self, entry: Entry, result: str, now: float, *, code: str = "", message: str = "", calls: Transcript | None = None) -> None:
        """Record what the cloud answered; without `calls`, those that were accepted stand."""
        made = {"calls": list(calls.made)} if calls else {}
        self._append(
            {"state": "finished", "id": entry.id, "result": result, "finished": iso(now), "code": code, "message": message, **made}
        )

    def entries(self) -> Iterator[Entry]:
        """Every attempt, in the order of asking."""
        found: dict[str, Entry] = {}
        for line in self._lines():
            if line.pop("state", "") == "started" and line.keys() >= _NEEDED:
                found[line["id"]] = Entry(**{key: line[key] for key in _ASKED if key in line})
            elif line.get("id") in found:
                found[line["id"]] = replace(found[line["id"]], **{key: line[key] for key in _ANSWER if key in line})
        yield from found.values()

    def entry(self, id: str) -> Entry:
        """The attempt of that id. Raises UsageError when there is none."""
        found = {entry.id: entry for entry in self.entries()}
        id = next(reversed(found), id) if id == "last" else id
        if id not in found:
            raise UsageError(f"there is no deletion '{id}'", did_you_mean(id, found) or "cleanup history lists them")
        return found[id]

    def _lines(self) -> Iterator[dict[str, Any]]:
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return
        except OSError as error:
            raise StateError(f"{self.path}: {error.strerror}", "mend the permissions") from None
        with file:
            for raw in file:
                try:
                    line = orjson.loads(raw)
                except orjson.JSONDecodeError:  # torn by a crash
                    continue
                if isinstance(line, dict):
                    yield line

    def _append(self, line: Mapping[str, Any]) -> None:
        try:
            _append_durably(self.path, orjson.dumps(line) + b"\n")
        except OSError as error:
            hint = "nothing is deleted without a journal: make room or mend the permissions"
            raise StateError(f"{self.path}: {error.strerror}", hint) from None


def _append_durably(path: Path, data: bytes) -> None:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
            data = b"\n" + data
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
        if not size:
            _sync_folder(path.parent)
    finally:
        os.close(file)


def _sync_folder(folder: Path) -> None:
    """A new file is only as durable as its folder's entry."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
