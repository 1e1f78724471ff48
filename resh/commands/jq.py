"""`jq`: rows through a filter of jq. It runs in a process of its own (`jq_worker.py`), which ends with the line or when that is cancelled.

A path such as .name leads into the reported section of a resource, as everywhere: a filter sees its properties beside the keys of the
whole document. What it lets through untouched comes out as it was.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from resh.commands.base import FLOW, Argument, Command, Context, Option, Row, Rows
from resh.commands.jq_worker import MEMORY, PATIENCE
from resh.commands.line import unquote
from resh.commands.paths import is_node
from resh.errors import ReshError, UsageError
from resh.render.json import compact
from resh.text import fit, one_line

_PACKAGES = str(Path(__file__).parents[2])
_PROBLEM = b"!"


def run(context: Context, rows: Rows, filter: str, no_rewrite: bool) -> Rows:
    with _worker() as worker, context.cancel.interrupting(worker.kill):
        context.cancel.check()
        try:
            worker.begin(unquote(filter) if filter.startswith("'") else filter)
            for row in rows:
                yield from _results(context, worker, row, whole=no_rewrite)
        except (BrokenPipeError, EOFError):
            context.cancel.check()
            may = f"a filter may use {MEMORY >> 30} GB of memory, and {PATIENCE} s for a result"
            raise ReshError("jq ended before its time", f"{may}; take less at a time") from None


def _results(context: Context, worker: _Worker, row: Row, whole: bool) -> Rows:
    seen = row if whole or not is_node(row) else {**row, **row["reported"]}
    try:
        for result in worker.results(seen):
            context.cancel.check()
            yield row if result == seen else result
    except ValueError as error:
        about = fit(one_line(compact(row.get("id", row) if isinstance(row, dict) else row)), 60)
        raise ReshError(f"jq: {error}", f"the row is {about}; ? after a path lets pass what does not fit") from None


class _Worker:
    def __init__(self, process: subprocess.Popen[bytes], source: IO[bytes], target: IO[bytes]) -> None:
        self.kill = process.kill
        self._source, self._target = source, target

    def begin(self, filter: str) -> None:
        """Raises UsageError for what is no filter."""
        try:
            for _ in self.results(filter):
                pass
        except ValueError as error:
            raise UsageError(f"jq: {error}", "jqlang.org/manual describes its language; put a filter with | into single quotes") from None

    def results(self, value: Any) -> Iterator[Any]:
        """What the filter makes of a value. Raises ValueError with what jq says, EOFError when the process is gone."""
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
def _worker() -> Iterator[_Worker]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "resh.commands.jq_worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        env={"PYTHONPATH": _PACKAGES, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield _Worker(process, process.stdin, process.stdout)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        with suppress(OSError):  # what was not written is wanted no more
            process.stdin.close()


JQ = Command(
    "jq",
    run,
    "rows through a filter of jq",
    FLOW,
    arguments=(Argument("filter", help="a filter; in single quotes when it holds | or ; or >", raw=True, angles=True),),
    options=(Option("no-rewrite", help="show the filter the document as it is: .reported.name instead of .name"),),
    help="A path such as .name leads into the reported section of a resource; .ancestors, .metadata and the other keys of the "
    "whole document are beside. Numbers are those of JSON. A filter knows no environment and reads no files.",
    examples=(
        ("search is(volume) | jq {name, size: .volume_size}", "two properties of each, as JSON"),
        ("search is(volume) | jq 'select(.volume_size > 400) | .name'", "names of the large ones"),
        ("search is(instance) | jq --no-rewrite .ancestors.account.reported.name | uniq", "the accounts that have instances"),
    ),
)
