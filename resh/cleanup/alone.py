"""One clean-up at a time: two at once would count and journal what both delete twice, take two last snapshots, and be twice the limits.

with alone(home, "plan 4f1d02a99c3e"): ...
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resh.errors import ReshError
from resh.lock import Claim


@contextmanager
def alone(home: Path, what: str) -> Iterator[None]:
    """Raises ReshError while another one is under way, in this process or any other on the same state folder."""
    claim = Claim(home / "locks" / "cleanup.lock")
    if not claim.take(what):
        raise ReshError(f"another clean-up is under way: {claim.holder() or 'it ends just now'}", "wait until it has ended")
    try:
        yield
    finally:
        claim.release()
