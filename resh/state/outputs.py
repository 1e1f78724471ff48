"""What the command lines of jobs and workflows wrote: one file a run, which goes when the run is forgotten.

    with outputs.open("j01a7") as output:
        output.write("3\n"); output.note("resh: 1 scope is stale")
    outputs.lines("j01a7")               # [Line("3", False), Line("resh: 1 scope is stale", True)]

Each line of a file is JSON: `["out", text]` or `["err", text]`. Of one run, `MOST_OF_RUN` bytes are kept; the rest is counted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from resh.errors import StateError
from resh.lock import open_private

MOST_OF_RUN = 1_000_000
MOST_BYTES = 64_000_000
"""Room for the files of all runs; when it is used up the oldest go, before their runs."""


class Line(NamedTuple):
    text: str
    error: bool


class RunOutput:
    """Safe for one thread. What cannot be kept is told once, by `trouble`, and stops nobody."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bytes = self._dropped = 0
        self._begun: list[str] = []
        self._file = -1
        self.trouble = ""

    def __enter__(self) -> RunOutput:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._begun:
            self._keep("out", "".join(self._begun))
        if self._dropped:
            self._append("err", f"{self._dropped:,} more bytes were written and not kept")
        if self._file >= 0:
            os.close(self._file)

    def write(self, text: str) -> None:
        """Text as it comes; it is kept in lines."""
        *lines, rest = text.split("\n")
        for line in lines:
            self._keep("out", "".join((*self._begun, line)))
            self._begun = []
        if rest:
            self._begun.append(rest)

    def note(self, text: str) -> None:
        """A line of diagnostics."""
        self._keep("err", text)

    def _keep(self, stream: str, text: str) -> None:
        if self._bytes >= MOST_OF_RUN:
            self._dropped += len(text.encode(errors="replace")) + 1
        else:
            self._append(stream, text)

    def _append(self, stream: str, text: str) -> None:
        data = json.dumps([stream, text]).encode() + b"\n"
        self._bytes += len(data)
        if self.trouble:
            return
        try:
            if self._file < 0:
                self._file = open_private(self._path, os.O_WRONLY | os.O_APPEND)
            if os.write(self._file, data) < len(data):
                raise OSError("no room is left")
        except StateError as error:
            self.trouble = error.message
        except OSError as error:
            self.trouble = f"{self._path} cannot be written: {error.strerror or error}"


class Outputs:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, run: str) -> RunOutput:
        self._make_room()
        return RunOutput(self._path(run))

    def lines(self, run: str) -> Iterator[Line]:
        """In the order in which they came; nothing for a run that wrote nothing, or whose output is forgotten."""
        try:
            file = self._path(run).open("rb")
        except FileNotFoundError:
            return
        with file:
            for data in file:
                try:
                    stream, text = json.loads(data)
                except ValueError:  # torn by a crash, or still being written
                    continue
                yield Line(text, stream == "err")

    def size(self, run: str) -> int:
        """Bytes of its file, which grows while the run goes on."""
        try:
            return self._path(run).stat().st_size
        except FileNotFoundError:
            return 0

    def forget(self, runs: Iterable[str]) -> None:
        for run in runs:
            self._path(run).unlink(missing_ok=True)

    def _make_room(self) -> None:
        try:
            found = sorted((entry.stat().st_mtime, entry.stat().st_size, entry.name) for entry in os.scandir(self._folder))
        except OSError:  # there is no folder yet, or another process forgets at this moment
            return
        total = sum(size for _, size, _ in found)
        for _, size, name in found:
            if total <= MOST_BYTES - MOST_OF_RUN:
                return
            (self._folder / name).unlink(missing_ok=True)
            total -= size

    def _path(self, run: str) -> Path:
        return self._folder / f"{run}.jsonl"
