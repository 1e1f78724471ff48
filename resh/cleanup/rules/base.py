"""What a clean-up rule is: something that finds resources that nobody needs, and can say why.

A rule only finds. `run.py` marks, and leaves alone what is protected, stale, phantom or marked already, and what the settings that all
rules have (`common.py`) leave out. Each rule is off until its setting `cleanup.rules.<name>.enabled` is true.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, Protocol

from resh.cleanup.rules.survey import Documents, Survey

__all__ = ["Documents", "Effect", "Found", "Rule", "age"]


class Effect(StrEnum):
    """What happens to what a rule finds."""

    MARK = "mark"
    PROTECT = "protect"
    TAG = "tag"


class Found(NamedTuple):
    """A node's id, with the reason for people: `expired 3 d ago (2026-11-20T05:33:00Z)`; `tag` is (key, value) where a tag is to be set.

    `along` are ids of what it goes along with, when it is not found for itself.
    """

    id: str
    reason: str
    tag: tuple[str, str] = ("", "")
    along: tuple[str, ...] = ()


class Rule(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def effect(self) -> Effect: ...

    def find(self, survey: Survey) -> Iterable[Found]: ...


def age(seconds: float) -> str:
    """A duration as reasons give it, in whole days from one day on: `92 d`."""
    from resh.durations import format_duration

    return format_duration(seconds - seconds % 86400 if seconds >= 86400 else seconds)
