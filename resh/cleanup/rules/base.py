"""What a clean-up rule is: something that finds resources that nobody needs, and can say why.

A rule only finds. `run.py` marks, and leaves alone what is protected, stale, phantom or marked already. Each rule is off until its
setting `cleanup.rules.<name>.enabled` is true; its other settings live beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from resh.graph.base import Document
from resh.settings import Settings

Documents = Callable[[str], Iterable[Document]]
"""Runs a search and yields node documents."""


class Rule(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    def find(self, documents: Documents, settings: Settings, now: float) -> Iterable[tuple[str, str]]:
        """Node ids with the reason for people: `expired 3 d ago (2026-11-20T05:33:00Z)`."""
        ...


def age(seconds: float) -> str:
    """A duration as reasons give it, in whole days from one day on: `92 d`."""
    from resh.durations import format_duration

    return format_duration(seconds - seconds % 86400 if seconds >= 86400 else seconds)
