"""How series of values thin out as they grow old, declared by age: the setting `metrics.downsample`.

steps(["2d=4h", "30d=1d"])      # older than two days: a value for each four hours; older than thirty: one a day
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from resh.durations import parse_duration
from resh.errors import BadValue

_EXAMPLE = "write it like 2d=4h,30d=1d,180d=3d: after two days a value for each four hours, and so on"


class Step(NamedTuple):
    """What is older than `age` seconds has a value for each `span` seconds."""

    age: int
    span: int


def steps(texts: Iterable[str]) -> tuple[Step, ...]:
    """Of texts such as 2d=4h, the youngest first. Raises BadValue when a slot could not be made of whole ones of the step before."""
    found = sorted(_step(text) for text in texts)
    before = Step(0, 1)
    for step in found:
        if step.age <= before.age or step.span <= before.span or step.span % before.span:
            raise BadValue(
                f"slots of {step.span} s after {step.age} s do not follow on slots of {before.span} s after {before.age} s",
                "each is later and longer than the one before, and a multiple of it, such as 2d=4h, 30d=1d, 180d=3d",
            )
        before = step
    return tuple(found)


def _step(text: str) -> Step:
    age, equals, span = (part.strip() for part in text.partition("="))
    if not equals or not age or not span:
        raise BadValue(f"'{text}' is not an age and how long a slot is then", _EXAMPLE)
    return Step(int(parse_duration(age)), int(parse_duration(span)))
