"""The process that runs jq: `python -m resh.commands.jq_worker`. It is given no environment, and may be killed at any moment: a filter can
go on for ever, and ask for what the environment of the shell holds.

On stdin the filter as JSON text, then a document in each line. On stdout the answer to the filter, then for each document its results,
one in a line, and an empty line; `!` and a JSON text is an error.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import IO

MEMORY = 2 << 30
"""Bytes that a filter may use."""
PATIENCE = 60
"""Seconds until the next result. A process whose shell was killed would go on for ever with a filter that never ends."""


def main(source: IO[str], target: IO[str]) -> None:
    import jq

    _limit_memory()
    filter = json.loads(source.readline())
    try:
        program = jq.compile(f"def env: {{}}; {{}} as $ENV | ({filter}\n)")
    except ValueError as error:
        _end(target, error)
        return
    _end(target)
    for line in source:
        signal.alarm(PATIENCE)
        try:
            for result in program.input_text(line):
                signal.alarm(PATIENCE)
                target.write(f"{json.dumps(result)}\n")
        except (ValueError, MemoryError) as error:
            _end(target, error)
        else:
            _end(target)


def _end(target: IO[str], error: Exception | None = None) -> None:
    signal.alarm(0)
    said = f"it needs more than {MEMORY >> 30} GB of memory" if isinstance(error, MemoryError) else str(error)
    problem = f"!{json.dumps(said)}\n" if error else ""
    target.write(f"{problem}\n")
    target.flush()


def _limit_memory() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
