"""Rows worked on by a process of its own, which ends with the line or when that is cancelled.

    with worker("resh.commands.jq_worker") as apart:
        for result in apart.results({"a": 1}): ...

It is given no environment. Each value goes as a line of JSON; its results come as one line each, then an empty one; `!` and a JSON text is
an error.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from resh.render.json import compact
from resh.text import one_line

_PACKAGES = str(Path(__file__).parents[2])
_PROBLEM = b"!"


class Apart:
    def __init__(self, process: subprocess.Popen[bytes], source: IO[bytes], target: IO[bytes]) -> None:
        self.kill = process.kill
        self._source, self._target = source, target

    def results(self, value: Any) -> Iterator[Any]:
        """What comes of a value. Raises ValueError with what the process says, EOFError or BrokenPipeError when it is gone."""
        from orjson import loads

        self._source.write(compact(value).encode() + b"\n")
        self._source.flush()
        problem = ""
        while (line := self._target.readline()) != b"\n":
            if not line.endswith(b"\n"):
                raise EOFError
            if line.startswith(_PROBLEM):
                problem = str(loads(line[1:]))
            else:
                yield loads(line)
        if problem:
            raise ValueError(one_line(problem.removeprefix("jq: error: ").partition("\n")[0]))


@contextmanager
def worker(module: str) -> Iterator[Apart]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        env={"PYTHONPATH": _PACKAGES, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Apart(process, process.stdin, process.stdout)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        with suppress(OSError):  # what was not written is wanted no more
            process.stdin.close()
