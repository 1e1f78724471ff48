"""Processes that hold the whole graph open: how much memory they need, and how soon a stream begins."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, paired_ms

SEARCHES = """
search is(volume) and volume_status = available | count
search all | count kind
search tags.owner = ada | count
search is(instance) and instance_cores > 4 --> is(volume) | count
search is(aws_ec2_volume) sort volume_size desc | head 100 | list
search is(volume) and name ~ "7$" | list id, name, volume_size, age
search is(account) -[0:]-> all | count
search aggregate(tags.owner, tags.env: sum(1) as count): is(volume)
"""
EVERYTHING = "search all | format --ndjson"
CONSTANT = 1.5
"""The largest kind is put into order as a whole; the first 10,000 resources are of small ones."""
SOME = "search all | head 10000 | format --ndjson"

_MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def figures(home: Path) -> Iterator[Figure]:
    def run(line: str) -> None:
        subprocess.run(_resh(home, line), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    measured, reference = paired_ms(lambda: run("search all | head 1"), lambda: run('search id("root")'), 15)
    yield Figure("search all | head 1, whole process", measured, reference, 1.2, "one resource by its id")
    yield Figure("memory of a process that searched the graph", _peak_mb(home, SEARCHES), 200, 1, "200 MB", "MB")
    yield Figure(
        "memory for search all | format --ndjson", _peak_mb(home, EVERYTHING), _peak_mb(home, SOME), CONSTANT, "the first 10,000", "MB"
    )


def _resh(home: Path, line: str) -> list[str]:
    return [sys.executable, "-m", "resh", "--home", str(home), "-c", line]


def _peak_mb(home: Path, line: str) -> float:
    """The most memory that a process had for it. Its parent is a small one: a child counts the memory of its parent as its own."""
    done = subprocess.run([sys.executable, "-c", _MEASURED, *_resh(home, line)], check=True, capture_output=True, text=True)
    return float(done.stdout) / (1e6 if sys.platform == "darwin" else 1e3)
